"""What is in the outbox."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ScalarSelect, Select, and_, func, select

from webapp.extensions import db
from webapp.mail.schedule import IS_WAITING, SENT_RETENTION, is_free
from webapp.models import OutboxMail

DAY = dt.timedelta(days=1)
NOTICE = "mail_given_up"
"""The mail that tells the owner of mail given up."""
CAN_BE_RETRIED = and_(OutboxMail.given_up_at.is_not(None), OutboxMail.replaced_at.is_(None))
IS_REFUSED = and_(OutboxMail.given_up_at.is_not(None), OutboxMail.refused_at.is_not(None))
"""Given up, because the server took other mail and none for this address."""


class Counts(NamedTuple):
    waiting: int
    sent: int
    given_up: int


def free_ids(now: dt.datetime, limit: int) -> Sequence[int]:
    """The mails that have waited longest."""
    return db.session.scalars(_free(now).limit(limit)).all()


def first_free(ids: Collection[int], now: dt.datetime) -> ScalarSelect[int]:
    """That of these mails which has waited longest, for whoever claims it in the same statement.

    Whoever writes takes turns anyway, on either database. A row that is held without a turn (by hand, in psql) is
    passed over; SQLite knows no such rows, and leaves this out.
    """
    return _free(now).where(OutboxMail.id.in_(ids)).limit(1).with_for_update(skip_locked=True).scalar_subquery()


def _free(now: dt.datetime) -> Select[int]:
    return select(OutboxMail.id).where(is_free(now)).order_by(OutboxMail.due_at, OutboxMail.id)


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


def waiting_since(time: dt.datetime) -> int:
    """How many mails were put into the outbox before a time, and wait."""
    return db.session.scalar(select(func.count()).where(IS_WAITING, OutboxMail.created_at < time)) or 0


def failed_mails(limit: int = 20) -> Sequence[OutboxMail]:
    """Mails that were given up or failed at least once and wait, newest first."""
    return db.session.scalars(
        select(OutboxMail)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.last_error.is_not(None))
        .order_by(OutboxMail.given_up_at.is_(None), OutboxMail.id.desc())
        .limit(limit)
    ).all()


def refused_addresses(now: dt.datetime) -> set[str]:
    """Addresses that were refused within a day, since the server last took a mail."""
    last_sent = select(func.max(OutboxMail.sent_at)).where(OutboxMail.sent_at <= now)
    since = max(db.session.scalar(last_sent) or now - DAY, now - DAY)
    refused = select(func.lower(OutboxMail.recipient)).where(OutboxMail.refused_at > since)
    return set(db.session.scalars(refused))


def often_refused(kinds: Collection[str], days: int) -> set[str]:
    """Addresses whose mails of these kinds were given up, as refused, on so many days, and none was taken since.

    A server that has taken nobody's mail since then is no witness against an address.
    """
    rows = db.session.execute(
        select(OutboxMail.recipient, OutboxMail.refused_at).where(IS_REFUSED, OutboxMail.kind.in_(kinds))
    )
    refusals: dict[str, list[dt.datetime]] = defaultdict(list)
    for recipient, refused_at in rows:
        refusals[recipient] += [refused_at] if refused_at else []
    return {who for who, times in refusals.items() if len(times) >= days and _is_at_fault(who, times, days)}


def _is_at_fault(recipient: str, refusals: list[dt.datetime], days: int) -> bool:
    """Whether the server refused it on so many days since it last took a mail for it, and still takes others'."""
    is_theirs = OutboxMail.recipient == recipient
    last_taken = db.session.scalar(select(func.max(OutboxMail.sent_at)).where(is_theirs))
    since = {time.date() for time in refusals if last_taken is None or time > last_taken}
    is_server_well = select(OutboxMail.id).where(~is_theirs, OutboxMail.sent_at > max(refusals)).limit(1)
    return len(since) >= days and db.session.scalar(is_server_well) is not None


def given_up_untold(owner: str, now: dt.datetime) -> int:
    """How many mails were given up since the owner was last told; none when that was within a day.

    None, too, when all of them were to the owner: they would not get this either.
    """
    notices = select(func.max(OutboxMail.created_at)).where(OutboxMail.kind == NOTICE, OutboxMail.created_at <= now)
    last_try = db.session.scalar(notices)
    if last_try is not None and last_try > now - DAY:
        return 0
    arrived = db.session.scalar(notices.where(OutboxMail.given_up_at.is_(None)))
    since = max(arrived or now - SENT_RETENTION, now - SENT_RETENTION)  # an older notice may have been deleted
    is_owners = func.lower(OutboxMail.recipient) == owner.lower()
    total, others = db.session.execute(
        select(func.count(), func.count().filter(~is_owners)).where(
            OutboxMail.given_up_at > since, OutboxMail.kind != NOTICE
        )
    ).one()
    return int(total) if others else 0
