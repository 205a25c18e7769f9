"""When new papers are searched for, and how far back."""

from __future__ import annotations

import datetime as dt

from webapp.models import PaperSearch

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
AGAIN = dt.timedelta(hours=6)
"""After that a search is tried again that failed."""
OVERLAP = dt.timedelta(days=5)
"""So much of what was searched is searched again: records come late, and days differ around the world."""
FIRST_DAYS, MOST_DAYS = dt.timedelta(days=30), dt.timedelta(days=180)
"""So far back the first search looks, and any at the most."""


def is_due(row: PaperSearch, now: dt.datetime) -> bool:
    """One that is not finished is. A time that lies further ahead than any can is one of a wrong clock."""
    return row.cursor is not None or row.due_at is None or row.due_at <= now or row.due_at > now + 2 * WEEK


def first_day(row: PaperSearch, today: dt.date) -> dt.date:
    """From which day on papers are searched that were first listed then."""
    if row.searched_to is None or row.searched_to > today:  # the latter by a wrong clock
        return today - FIRST_DAYS
    return max(row.searched_to - OVERLAP, today - MOST_DAYS)
