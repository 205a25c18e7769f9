"""A site with three topics, and readers who subscribe to it the way readers do."""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories import make_categories
from tests.page import Page, PageClient, page_of
from webapp.extensions import db
from webapp.mail.transport import compose
from webapp.models import OutboxMail, Subscriber
from webapp.subscriptions.tokens import new_secret

ADDRESS = "reader@example.org"
TOPICS = ("bladder", "pain", "skin")


@pytest.fixture
def site(app: Flask, client: PageClient) -> PageClient:
    make_categories(*TOPICS)
    return client


def parsed(response: TestResponse) -> Page:
    html = response.get_data(as_text=True)
    return page_of(html)


def ask(
    client: PageClient,
    address: str = ADDRESS,
    *,
    headers: dict[str, str] | None = None,
    **changes: str | list[str] | None,
) -> TestResponse:
    """Fill in the form and send it; `headers` are the request's."""
    filled = client.page("/subscribe").values(**{"address": address, "consent": "y"} | changes)
    return client.post("/subscribe", data=filled, headers=headers)


def mails(kind: str | None = None) -> list[EmailMessage]:
    """The outbox as Python's email package reads it off the wire, oldest first."""
    from email import message_from_bytes

    db.session.expire_all()
    rows = select(OutboxMail).order_by(OutboxMail.id)
    rows = rows.where(OutboxMail.kind == kind) if kind else rows
    sender = "letters@example.org"
    return [message_from_bytes(compose(row, sender).as_bytes(), policy=default) for row in db.session.scalars(rows)]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def path_in(mail: EmailMessage, beginning: str) -> str:
    """The one address on our site in the text of a mail that begins like this, as a path."""
    found = re.findall(rf"https://example\.org({re.escape(beginning)}\S*)", body(mail))
    assert len(found) == 1, found
    return str(found[0])


def subscribers() -> list[Subscriber]:
    db.session.expire_all()
    return list(db.session.scalars(select(Subscriber).order_by(Subscriber.id)))


def make_subscriber(address: str = ADDRESS, **changes: object) -> Subscriber:
    """A confirmed subscriber of everything, every week, since a long time ago. Needs an application context."""
    long_ago = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    fields: dict[str, object] = {
        "address": address,
        "topics": [],
        "frequency": "weekly",
        "secret": new_secret(),
        "consent_wording": "2026-1",
        "consent_at": long_ago,
        "confirmed_at": long_ago,
        "created_at": long_ago,
    }
    subscriber = Subscriber(**fields | changes)
    db.session.add(subscriber)
    db.session.commit()
    return subscriber
