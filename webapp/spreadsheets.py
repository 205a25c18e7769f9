"""Tables for spreadsheets: CSV (RFC 4180) in which no cell is calculated.

It begins with a byte order mark: without one, Excel takes UTF-8 for the code page of its country. LibreOffice and
what reads lists of addresses leave the mark out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@")
"""With what a formula can begin; spreadsheets pass over blanks before it."""
BREAKS = ("\t", "\r", "\n")
"""After which some begin a new cell."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows of a table as text."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(safe, row) for row in rows)
    return text.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet calculates: one that it would take for a formula begins with an apostrophe."""
    if _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if cell.startswith(BREAKS) or cell.lstrip().startswith(FORMULA) else cell
