"""Keeping what a reader writes, and mailing it to the owner."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, exists, insert, literal, select

from webapp import clock
from webapp.contact import mails
from webapp.extensions import db
from webapp.mail import outbox
from webapp.models import Message

REPEAT_WINDOW = dt.timedelta(hours=1)
"""The same words from the same address within this time are the same message, sent twice."""
RETENTION = dt.timedelta(days=365)


def send_message(*, name: str | None, address: str, topic: str, topic_words: str, text: str, owner: str | None) -> bool:
    """Keep a message and queue it for the owner's mailbox, if there is one. False: it had come already."""
    now = clock.now()
    is_recent = Message.written_at > now - REPEAT_WINDOW
    is_known = exists().where(Message.address == address, Message.text == text, is_recent)
    columns = {"name": name, "address": address, "topic": topic, "text": text, "written_at": now}
    values = [literal(value, Message.__table__.c[column].type) for column, value in columns.items()]
    # One statement: two presses at the same moment are one message.
    inserted = db.session.execute(
        insert(Message).from_select(list(columns), select(*values).where(~is_known)).returning(Message.id)
    ).all()
    if inserted and owner:
        mails.message_to_owner(owner, name=name, address=address, topic=topic_words, message=text)
    db.session.commit()
    return bool(inserted)


def forget_message(message: Message) -> None:
    """Delete a message, and the copy of it in the outbox. The caller commits."""
    db.session.delete(message)
    outbox.forget_copies("message_to_owner", message.address, message.text, written_at=message.written_at)


def delete_old_messages() -> int:
    """Delete messages of a year ago and more; how many."""
    old = Message.written_at < clock.now() - RETENTION
    deleted = db.session.execute(delete(Message).where(old).returning(Message.id)).all()
    db.session.commit()
    return len(deleted)
