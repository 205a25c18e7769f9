"""Messages of readers, as the desk lists and opens them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from webapp.database import LARGEST_NUMBER
from webapp.extensions import db
from webapp.models import Message

PER_PAGE = 25


def messages(*, is_everything: bool = False, page: int = 1) -> tuple[list[Message], bool]:
    """A page of them and whether there are more: those that wait for an answer; or all, those that wait first.

    Among themselves the newest come first.
    """
    found = select(Message).order_by(_is_answered(), Message.written_at.desc(), Message.id.desc())
    if not is_everything:
        found = found.where(~_is_answered())
    rows = list(db.session.scalars(found.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)))
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def unanswered_messages() -> int:
    """How many wait for an answer."""
    return db.session.scalar(select(func.count()).where(~_is_answered())) or 0


def all_messages() -> int:
    """How many are kept, answered or not."""
    return db.session.scalar(select(func.count(Message.id))) or 0


def message_by_id(id_: int) -> Message | None:
    return db.session.get(Message, id_) if id_ <= LARGEST_NUMBER else None


def messages_from(address: str) -> list[int]:
    """The numbers of those from an address in its normal form."""
    return list(db.session.scalars(select(Message.id).where(Message.address == address).order_by(Message.id)))


def _is_answered() -> ColumnElement[bool]:
    return Message.answered_at.is_not(None)
