"""A subscriber's address: one form, however it is typed, and the form of those who were there before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from tests.conftest import make_app
from tests.page import PageClient
from tests.subscriptions.conftest import ask, mails, parsed, subscribers
from webapp.extensions import db

INTERNATIONAL = "x@xn--fa-hia.de"


@pytest.mark.parametrize("typed", ["x@faß.de", " X@FAẞ.DE ", "ｘ＠faß.de", "x\x01@faß.de", INTERNATIONAL])
def test_what_is_typed_is_kept_and_mailed_in_its_normal_form(site: PageClient, typed: str) -> None:
    assert ask(site, typed).status_code == 303
    assert [one.address for one in subscribers()] == [INTERNATIONAL]
    assert [mail["To"] for mail in mails()] == [INTERNATIONAL]


SPELLINGS = ["Ada@Example.ORG", "ａｄａ@example.org", "ada@ｅｘａｍｐｌｅ.org", "ada\x1f@example.org"]


def test_every_spelling_is_the_same_subscriber(site: PageClient) -> None:
    for typed in SPELLINGS:
        ask(site, typed)
    assert [one.address for one in subscribers()] == ["ada@example.org"]


def test_the_form_that_comes_back_shows_what_was_typed(site: PageClient) -> None:
    for typed in ("X@faß.de", "nobody at all"):
        page = parsed(ask(site, typed, consent=None))
        assert page.one("#address").get("value") == typed


BEFORE = [  # address, whether it was confirmed, day of the consent
    ("plain@example.org", True, 1),
    ("x@faß.de", True, 2),
    ("x@bücher.example", True, 3),
    ("y@bücher.example", False, 4),
    ("y@xn--bcher-kva.example", True, 3),
    ("z@bücher.example", False, 5),
    ("z@xn--bcher-kva.example", False, 6),
    ("both@bücher.example", True, 7),
    ("both@xn--bcher-kva.example", True, 6),
    ("лев@example.org", True, 8),
]
AFTER = [
    ("both@bücher.example", True),
    ("both@xn--bcher-kva.example", True),
    ("plain@example.org", True),
    ("x@fass.de", True),
    ("x@xn--bcher-kva.example", True),
    ("y@xn--bcher-kva.example", True),
    ("z@xn--bcher-kva.example", False),
    ("лев@example.org", True),
]


def test_those_who_were_there_before_go_on_getting_mail_where_they_got_it(tmp_path: Path) -> None:
    """Python's codec had sent mail for faß.de to fass.de, and there it was confirmed: only there may letters go."""
    with make_app(tmp_path).app_context():
        upgrade(revision="0002")
        for number, (address, is_confirmed, day) in enumerate(BEFORE):
            at = dt.datetime(2026, 1, day)
            row = {"address": address, "key": str(number), "at": at, "confirmed": at if is_confirmed else None}
            db.session.execute(
                text(
                    "INSERT INTO subscribers (address, topics, frequency, key, consent_wording, consent_at,"
                    " confirmed_at, created_at) VALUES (:address, '[]', 'weekly', :key, '2026-1', :at, :confirmed, :at)"
                ),
                row,
            )
            db.session.execute(
                text(
                    "INSERT INTO outbox (kind, recipient, subject, text, html, headers, message_id, created_at, due_at,"
                    " tries) VALUES ('letter', :address, 's', 't', 'h', '{}', :key, :at, :at, 0)"
                ),
                row,
            )
        db.session.commit()
        upgrade()
        kept = text("SELECT address, confirmed_at IS NOT NULL FROM subscribers ORDER BY address")
        assert [(address, bool(yes)) for address, yes in db.session.execute(kept)] == AFTER
        recipients = set(db.session.scalars(text("SELECT recipient FROM outbox")))
        assert recipients == {address for address, _ in AFTER} - {"both@bücher.example"}
