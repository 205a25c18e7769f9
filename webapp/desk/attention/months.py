"""The last twelve months, as they are counted and called."""

from __future__ import annotations

import datetime as dt

MONTHS = 12


def last_months(today: dt.date) -> list[dt.date]:
    """Their first days, that of this month too, the oldest first."""
    number = today.year * 12 + today.month - 1
    return [dt.date((number - back) // 12, (number - back) % 12 + 1, 1) for back in reversed(range(MONTHS))]


def bounds(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Its first moment, and that of the next one, in UTC."""
    following = (month + dt.timedelta(days=31)).replace(day=1)
    start, end = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (month, following))
    return start, end


def named(month: dt.date) -> str:
    """Mar 2026: short, for narrow columns in large text."""
    return f"{month:%b %Y}"
