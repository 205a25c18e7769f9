"""When a mail may be tried, and how long it is kept."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, or_

from webapp.models import OutboxMail

RETRY_DELAYS = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 14, 40, 60, 120, 240, 480, 480)]
"""How long to wait after each failure. Together a day; then a mail is given up."""
CLAIM_TIME = dt.timedelta(minutes=15)
"""Longer than a whole conversation with the slowest server (transport.TIMEOUT for each answer)."""
CLOCK_TOLERANCE = dt.timedelta(minutes=1)
"""One who had to wait for the database asks with a time that is a little old. That is no clock set back."""
SENT_RETENTION = dt.timedelta(days=30)
GIVEN_UP_RETENTION = dt.timedelta(days=90)

IS_WAITING = and_(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))


def is_free(now: dt.datetime) -> ColumnElement[bool]:
    """Mails to be sent now that no deliverer holds."""
    return and_(IS_WAITING, or_(OutboxMail.due_at <= now, _was_due_before(now)), ~_is_held(now))


def _is_held(now: dt.datetime) -> ColumnElement[bool]:
    """Claimed, and not for too long: the claim ran out, or was made by a clock that has been set back since."""
    until = OutboxMail.claimed_until
    return and_(until.is_not(None), until > now, until <= now + CLAIM_TIME + CLOCK_TOLERANCE)


def _was_due_before(now: dt.datetime) -> ColumnElement[bool]:
    """Whether the clock was set back since: never tried and written in the future, or further away than its pause."""
    is_from_the_future = and_(OutboxMail.tries == 0, OutboxMail.created_at > now + CLOCK_TOLERANCE)
    is_too_far_away = [
        and_(OutboxMail.tries == tries, OutboxMail.due_at > now + pause + CLOCK_TOLERANCE)
        for tries, pause in enumerate(RETRY_DELAYS, start=1)
    ]
    return or_(is_from_the_future, *is_too_far_away)
