"""When the next letter is due, and how far it looks back."""

from __future__ import annotations

import calendar
import datetime as dt

LOOKBACK = dt.timedelta(days=31)
"""How far back before the last letter to look for summaries that came in late."""


def newest_last_letter(frequency: str, today: dt.date) -> dt.datetime:
    """A last letter before this time makes a new one due: seven days, or a month, by the calendar and in UTC.

    Whole days are counted, so that a letter sent at nine does not slip to later every week.
    """
    if frequency == "weekly":
        day = today - dt.timedelta(days=7)
    else:
        year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
        day = dt.date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
