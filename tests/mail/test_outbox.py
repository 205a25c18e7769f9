"""A mail is a row of the transaction that causes it, and nobody adds headers of their own."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests.mail.conftest import Post
from webapp.extensions import db
from webapp.mail.outbox import HeaderError, enqueue, forget
from webapp.models import OutboxMail


def greet(address: str = "reader@example.org", headers: dict[str, str] | None = None) -> None:
    """Put a mail into the outbox, without a commit."""
    enqueue("greeting", address, subject="Hello", text="Hello.", html="<p>Hello.</p>", headers=headers)


def rows() -> list[OutboxMail]:
    return list(db.session.scalars(select(OutboxMail)))


def test_a_mail_is_kept_when_its_transaction_is(app: Flask) -> None:
    greet()
    db.session.rollback()
    assert not rows()
    greet()
    db.session.commit()
    assert [(mail.tries, mail.sent_at, mail.due_at <= mail.created_at) for mail in rows()] == [(0, None, True)]


def test_message_ids_are_ours_and_all_different(post: Post) -> None:
    one, other = post().message_id, post().message_id
    assert one != other
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", one)


@pytest.mark.parametrize(
    "address",
    [
        "reader@example.org\nBcc: other@example.org",
        "reader@example.org\r\n",
        "reader@example.org, other@example.org",
        "Reader <reader@example.org>",
        "reader",
        "",
        "reader@example.org\u2028x",
        f"{'a' * 250}@example.org",
    ],
)
def test_a_recipient_is_one_plain_address(app: Flask, address: str) -> None:
    with pytest.raises(HeaderError):
        greet(address)
    assert not rows()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\u2029", "\x00"])
def test_line_ends_become_spaces(post: Post, end: str) -> None:
    mail = post(subject=f"One{end}Bcc: x@example.org", headers={"Reply-To": f"A{end}B <reader@example.org>"})
    assert mail.subject == "One Bcc: x@example.org"
    assert mail.headers == {"Reply-To": "A B <reader@example.org>"}


@pytest.mark.parametrize("name", ["", "X Y", "X:", "X\nBcc", "Bcc: x@example.org\r\nX"])
def test_the_name_of_a_header_is_a_name(app: Flask, name: str) -> None:
    with pytest.raises(HeaderError):
        greet(headers={name: "x"})


def test_an_address_can_be_forgotten_whole(post: Post) -> None:
    post("Reader@example.org")
    post("other@example.org")
    forget("reader@example.org")
    db.session.commit()
    assert [mail.recipient for mail in rows()] == ["other@example.org"]
