"""What is in the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from webapp.extensions import db
from webapp.models import OutboxMail

IS_WAITING = and_(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))


class Counts(NamedTuple):
    waiting: int
    sent: int
    given_up: int


def is_free(now: dt.datetime) -> ColumnElement[bool]:
    """Mails to be sent now that no deliverer holds; a claim that ran out holds nothing."""
    return and_(
        IS_WAITING,
        OutboxMail.due_at <= now,
        or_(OutboxMail.claimed_until.is_(None), OutboxMail.claimed_until <= now),
    )


def free_ids(now: dt.datetime, limit: int) -> Sequence[int]:
    """The mails that have waited longest."""
    return db.session.scalars(
        select(OutboxMail.id).where(is_free(now)).order_by(OutboxMail.due_at, OutboxMail.id).limit(limit)
    ).all()


def counts() -> Counts:
    """How many mails wait, were sent, were given up."""
    found = db.session.execute(
        select(
            func.count().filter(IS_WAITING),
            func.count(OutboxMail.sent_at),
            func.count(OutboxMail.given_up_at),
        ).select_from(OutboxMail)
    ).one()
    return Counts(*found)


def failed_mails(limit: int = 20) -> Sequence[OutboxMail]:
    """Mails that were given up or failed at least once and wait, newest first."""
    return db.session.scalars(
        select(OutboxMail)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.last_error.is_not(None))
        .order_by(OutboxMail.given_up_at.is_(None), OutboxMail.id.desc())
        .limit(limit)
    ).all()
