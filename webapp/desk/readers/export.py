"""The list of subscribers as CSV (RFC 4180), piece by piece.

It begins with a byte order mark: without one, Excel takes UTF-8 for the code page of its country. LibreOffice and
what reads lists of addresses leave the mark out. A cell that a spreadsheet would take for a formula begins with an
apostrophe: anybody can choose an address such as =1+1@example.org.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from webapp.models.category import EVERYTHING

NAMES = ("address", "how often", "topics", "said yes on", "words of the yes", "confirmed on")
FORMULA = ("=", "+", "-", "@")
"""With what a formula can begin; spreadsheets pass over blanks before it."""
BREAKS = ("\t", "\r", "\n")
"""After which some begin a new cell."""


def csv_of(batches: Iterable[Sequence[Row[Any]]]) -> Iterator[str]:
    """The names of the columns, then so many rows at a time."""
    yield "\ufeff" + _lines([NAMES])
    for rows in batches:
        yield _lines(_cells(row) for row in rows)


def safe(cell: str) -> str:
    """A cell that no spreadsheet calculates."""
    return f"'{cell}" if cell.startswith(BREAKS) or cell.lstrip().startswith(FORMULA) else cell


def _cells(row: Row[Any]) -> Sequence[str]:
    topics = " ".join(row.topics) or EVERYTHING
    said_yes, confirmed = (f"{time:%Y-%m-%d %H:%M:%S} UTC" for time in (row.consent_at, row.confirmed_at))
    return row.address, row.frequency, topics, said_yes, row.consent_wording, confirmed


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(safe, row) for row in rows)
    return text.getvalue()
