"""Counting the days on which words were searched for in vain, and forgetting them."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging

from sqlalchemy import Connection, case, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.database import hurried
from webapp.extensions import db
from webapp.models import MissedSearch
from webapp.secret_key import keys_for_signing

DAYS = 3
"""Different days on which words must be asked for before anybody can read them."""
UNREAD = dt.timedelta(days=30)
"""The time from the first of these days to the last. After it the count begins anew."""
UNASKED = dt.timedelta(days=90)
"""Words nobody has asked for in this time are deleted."""
MOST_NEW = 100
"""New words of one day: a program that tries words cannot fill the table."""
MOST_ROWS = 3_000
WAIT = 50
"""Milliseconds to wait while something else is written. A search that is not counted is no great loss."""

log = logging.getLogger(__name__)


def count_missed(words: str) -> None:
    """Count today for words that found nothing, once, however often they are asked for. Fails without a sound."""
    try:
        with hurried(db.engine, WAIT) as connection:
            _count(connection, words, clock.today())
    except SQLAlchemyError as error:  # its words hold values, so only those of the database are told
        log.info("A search that found nothing was not counted: %s", getattr(error, "orig", type(error).__name__))


def _count(connection: Connection, words: str, today: dt.date) -> None:
    digest = _digest(words)
    row = MissedSearch.digest == digest
    known = connection.execute(
        select(MissedSearch.first_on, MissedSearch.last_on, MissedSearch.words).where(row)
    ).first()
    if known and known.last_on == today:
        return
    if known and known.words is None and _is_over(known.first_on, today):
        connection.execute(delete(MissedSearch).where(row))
        known = None
    if known:
        readable = case((MissedSearch.days + 1 >= DAYS, words), else_=MissedSearch.words)
        again = update(MissedSearch).where(row, MissedSearch.last_on != today)
        connection.execute(again.values(days=MissedSearch.days + 1, last_on=today, words=readable))
        return
    _insert_if_there_is_room(connection, digest, today)


def _insert_if_there_is_room(connection: Connection, digest: str, today: dt.date) -> None:
    columns = MissedSearch.__table__.c
    new = {"digest": digest, "days": 1, "first_on": today, "last_on": today}
    counts = select(func.count(), func.count().filter(MissedSearch.first_on == today)).select_from(MissedSearch)
    found = counts.subquery()
    rows = select(*(literal(value, columns[name].type) for name, value in new.items())).select_from(found)
    rows = rows.where(found.c[0] < MOST_ROWS, found.c[1] < MOST_NEW)
    rows = rows.where(~exists().where(MissedSearch.digest == digest))
    connection.execute(insert(MissedSearch).from_select(list(new), rows))


def _is_over(first_on: dt.date, today: dt.date) -> bool:
    return first_on <= today - UNREAD


def delete_old_missed() -> int:
    """Delete what was not asked for often enough, or not for a long time; how many."""
    today = clock.today()
    is_unread = MissedSearch.words.is_(None) & (MissedSearch.first_on <= today - UNREAD)
    is_unasked = MissedSearch.last_on <= today - UNASKED
    deleted = db.session.execute(
        delete(MissedSearch).where(or_(is_unread, is_unasked)).returning(MissedSearch.digest)
    ).all()
    db.session.commit()
    return len(deleted)


def _digest(words: str) -> str:
    secret = keys_for_signing()[-1].encode()
    return hmac.new(secret, f"missed search {words}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
