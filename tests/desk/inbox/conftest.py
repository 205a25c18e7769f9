"""Messages that readers wrote."""

from __future__ import annotations

from typing import Any

from webapp.contact.actions import send_message
from webapp.extensions import db
from webapp.models import Message


def make_message(text: str = "Is the trial open?\n\nThank you.", **changes: Any) -> Message:
    """A message of Kim, kept as the contact page keeps it. Needs an application context."""
    fields = {"name": "Kim", "address": "kim@example.org", "topic": "question", "owner": None} | changes
    assert send_message(text=text, topic_words="", **fields)
    found: Message = db.session.scalars(db.select(Message).order_by(Message.id.desc()).limit(1)).one()
    return found
