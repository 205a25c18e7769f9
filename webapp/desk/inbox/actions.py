"""What is done with a message of a reader. The log names its number alone: neither who wrote it nor what."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, update

from webapp import clock
from webapp.contact.actions import forget_message
from webapp.desk.activity.actions import note
from webapp.extensions import db
from webapp.models import Account, Message


def mark_answered(account: Account, message: Message) -> None:
    """A second press keeps the time of the first."""
    if _set(message, Message.answered_at.is_(None), clock.now()):
        note(account.name, f"Marked message {message.id} as answered.")
    db.session.commit()


def mark_unanswered(account: Account, message: Message) -> None:
    if _set(message, Message.answered_at.is_not(None), None):
        note(account.name, f"Marked message {message.id} as not answered.")
    db.session.commit()


def delete_message(account: Account, message: Message) -> None:
    """For good, with the copy of it that this program mails to the owner."""
    note(account.name, f"Deleted message {message.id}.")
    forget_message(message)
    db.session.commit()


def _set(message: Message, is_other: ColumnElement[bool], answered_at: dt.datetime | None) -> bool:
    """In one statement: of two presses at the same moment one counts, and a message that is gone is no fault."""
    changed = update(Message).where(Message.id == message.id, is_other).values(answered_at=answered_at)
    return db.session.scalar(changed.returning(Message.id)) is not None
