"""Dates with the precision that is known: a year, a month, or a day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date known to the year, the month or the day. Never filled up to a day nobody stated."""

    year: int
    month: int = 0
    day: int = 0

    @classmethod
    def parse(cls, value: object) -> PartialDate:
        """Read 2024, "2024-03", "2024-03-06" or a date. Raises ValueError saying what is accepted."""
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, dt.date):
            return cls(value.year, value.month, value.day)
        found = _SHAPE.fullmatch(str(value).strip())
        if not found:
            raise ValueError("write a year (2024), a month (2024-03) or a day (2024-03-06)")
        year, month, day = (int(part or 0) for part in found.groups())
        try:
            dt.date(year, month or 1, day or 1)
        except ValueError:
            raise ValueError(f"{value} is not a day in the calendar") from None
        if found.group(2) == "00" or found.group(3) == "00":
            raise ValueError("leave out the month or day that is not known, instead of writing 00")
        return cls(year, month, day)

    def __str__(self) -> str:
        """ISO 8601 with the known parts only: 2024, 2024-03, 2024-03-06. Sorts as text."""
        parts = [f"{self.year:04d}", f"{self.month:02d}", f"{self.day:02d}"]
        return "-".join(parts[: 3 if self.day else 2 if self.month else 1])

    @property
    def words(self) -> str:
        """For readers: 2024, March 2024, 6 March 2024."""
        month = MONTHS[self.month - 1] if self.month else ""
        return " ".join(part for part in (str(self.day or ""), month, str(self.year)) if part)
