"""A mail server for the tests of this folder, and mails to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.mail.server import Inbox, serving
from webapp.extensions import db
from webapp.mail.outbox import enqueue
from webapp.models import OutboxMail

Post = Callable[..., OutboxMail]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with serving(Inbox()) as inbox:
        yield inbox


@pytest.fixture
def post(app: Flask) -> Post:
    """Put a mail into the outbox and commit."""

    def post_one(recipient: str = "reader@example.org", **changes: Any) -> OutboxMail:
        words = {"subject": "Hello", "text": "Hello.\n", "html": "<p>Hello.</p>\n"}
        mail = enqueue("greeting", recipient, **(words | changes))
        db.session.commit()
        return mail

    return post_one
