"""The list of subscribers as CSV, piece by piece. Anybody can choose an address such as =1+1@example.org: no cell is
a formula (webapp/spreadsheets.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from webapp.models.category import EVERYTHING
from webapp.spreadsheets import MARK, lines

NAMES = ("address", "how often", "topics", "said yes on", "words of the yes", "confirmed on")


def csv_of(batches: Iterable[Sequence[Row[Any]]]) -> Iterator[str]:
    """The names of the columns, then so many rows at a time."""
    yield MARK + lines([NAMES])
    for rows in batches:
        yield lines(_cells(row) for row in rows)


def _cells(row: Row[Any]) -> Sequence[str]:
    topics = " ".join(row.topics) or EVERYTHING
    said_yes, confirmed = (f"{time:%Y-%m-%d %H:%M:%S} UTC" for time in (row.consent_at, row.confirmed_at))
    return row.address, row.frequency, topics, said_yes, row.consent_wording, confirmed
