"""How many mails a stranger can have sent: to one mailbox, from one network, by the whole site."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import select

from tests.conftest import counted
from tests.page import PageClient
from tests.subscriptions.conftest import ask, mails, make_subscriber, subscribers
from webapp import rate_limits
from webapp.extensions import db
from webapp.mail.queries import free_ids
from webapp.models import OutboxMail
from webapp.subscriptions import actions
from webapp.subscriptions.actions import LINK_LIFETIME
from webapp.subscriptions.tokens import Purpose, token_for

VICTIM = "victim@example.org"


@pytest.fixture
def limited(app: Flask, site: PageClient, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """The site of these tests, with its limits on."""
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    rate_limits.init_app(app)
    return site


class Stranger:
    """Fills in the form once and sends it as often as they like, from any network."""

    def __init__(self, client: PageClient) -> None:
        self.client = client
        self.filled = client.page("/subscribe").values(consent="y")

    def ask(self, address: str, ip: str = "192.0.2.1") -> int:
        sent = self.filled | {"address": address}
        return self.client.post("/subscribe", data=sent, environ_base={"REMOTE_ADDR": ip}).status_code


@pytest.fixture
def stranger(limited: PageClient) -> Stranger:
    return Stranger(limited)


def recipients() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail.recipient).order_by(OutboxMail.id)))


def test_one_network_has_three_mails_a_day_sent_to_a_mailbox_and_the_answer_never_tells(stranger: Stranger) -> None:
    make_subscriber("known@example.org")
    for address in ("new@example.org", "known@example.org"):
        assert {stranger.ask(address) for _ in range(5)} == {303}
    assert recipients() == ["new@example.org"] * 3 + ["known@example.org"] * 3


def test_no_spelling_of_an_address_is_counted_apart(stranger: Stranger) -> None:
    controls = [f"victim{chr(code)}@example.org" for code in range(1, 9)]
    widths = [
        "ｖictim@example.org",
        "vｉctim@example.org",
        "victim@ｅxample.org",
        "ｖｉｃｔｉｍ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    ]
    others = ["  victim@example.org", "VICTIM@example.org", "victim@EXAMPLE.org", "victim+news@example.org"]
    assert {stranger.ask(address) for address in controls + widths + others} == {303}
    assert recipients() == [VICTIM] * 3


def test_no_spelling_of_an_international_domain_is_counted_apart(stranger: Stranger) -> None:
    for address in ("x@faß.de", "x@FAẞ.de", "x@xn--fa-hia.de", "X@faß.de"):
        stranger.ask(address)
    assert recipients() == ["x@xn--fa-hia.de"] * 3


def test_a_stranger_cannot_use_up_the_mails_of_a_person(stranger: Stranger) -> None:
    for _ in range(6):
        stranger.ask(VICTIM, "192.0.2.1")
    stranger.ask(VICTIM, "198.51.100.7")
    assert len(recipients()) == 4


def test_a_mailbox_gets_ten_of_these_mails_a_day_in_all(stranger: Stranger) -> None:
    for network in range(5):
        for _ in range(3):
            assert stranger.ask(VICTIM, f"192.0.2.{network}") == 303
    assert len(recipients()) == 10


def test_one_network_cannot_post_without_end(stranger: Stranger) -> None:
    codes = [stranger.ask("nobody", f"2001:db8:0:1::{number:x}") for number in range(33)]
    assert codes == [422] * 30 + [429] * 3
    assert stranger.ask("nobody", "2001:db8:0:2::1") == 422


def test_faults_use_up_no_mail(limited: PageClient) -> None:
    for _ in range(4):
        assert ask(limited, consent=None).status_code == 422
    assert ask(limited).status_code == 303
    assert len(mails()) == 1


def test_the_site_sends_so_many_an_hour_and_the_others_later(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is dropped; the hours fill one after the other, whether an address is known or not."""
    monkeypatch.setattr(actions, "MAILS_OF_THE_SITE", parse("2 per hour"))
    make_subscriber("reader3@example.org")
    before = dt.datetime.now(dt.UTC)
    for number in range(6):
        assert stranger.ask(f"reader{number}@example.org") == 303
    due = list(db.session.scalars(select(OutboxMail.due_at).order_by(OutboxMail.id)))
    assert [(at - before).total_seconds() // 3600 for at in due] == [0, 0, 1, 1, 2, 2]
    assert len(free_ids(dt.datetime.now(dt.UTC), 50)) == 2
    assert len(free_ids(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=61), 50)) == 4
    last = subscribers()[-1]
    assert last.confirm_until is not None
    assert last.confirm_until - due[-1] == LINK_LIFETIME, "its time runs from when the mail goes"


def test_leaving_is_never_limited(limited: PageClient, app: Flask) -> None:
    """A mail provider leaves for many people at once, each with their own link, or one and the same again."""
    paths = [f"/unsubscribe/{token_for(make_subscriber(f'r{n}@example.org'), Purpose.LEAVE)}" for n in range(40)]
    with counted(app) as sent:
        codes = {limited.post(path, data={"List-Unsubscribe": "One-Click"}).status_code for path in paths}
        codes |= {limited.post(paths[0]).status_code for _ in range(40)}
    assert codes == {200}
    assert not subscribers()
    assert not [statement for statement in sent if "rate_limit" in statement]
