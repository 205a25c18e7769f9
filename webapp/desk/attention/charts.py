"""Charts of twelve months: columns on one scale from zero, and the same numbers for a table.

A column is a count. A month with nothing has none: an empty place, and a 0 in the table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from webapp.desk.attention import queries
from webapp.desk.attention.months import last_months, named
from webapp.desk.readers.queries import confirmed_by_month
from webapp.formats import number, plural

FILLED = 0.7
"""Of the width of a month, which its column takes."""
STEPS = (1, 2, 4, 10)
"""What a scale may end at, times a power of ten: its half is a whole number, save for 1."""


class Bar(NamedTuple):
    """A part of a column, in percent of the chart."""

    x: float
    y: float
    width: float
    height: float
    series: int


class Chart(NamedTuple):
    """One chart, and all that is said of it."""

    name: str
    title: str
    says: str
    months: list[str]
    series: tuple[str, ...]
    values: list[tuple[int, ...]]
    """By month, one for each series."""
    note: str
    empty: str
    """What is said where there is nothing to draw."""

    @property
    def is_empty(self) -> bool:
        return not any(map(sum, self.values))

    @property
    def top(self) -> int:
        """Where the scale ends."""
        return scale_for(max(map(sum, self.values)))

    @property
    def marks(self) -> list[int]:
        """The numbers beside the scale, from the top."""
        return [self.top, self.top // 2, 0] if self.top % 2 == 0 else [self.top, 0]

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last month."""
        return self.months[0], self.months[-1].partition(",")[0]

    @property
    def bars(self) -> list[Bar]:
        return bars_of(self.values, self.top)


def scale_for(most: int) -> int:
    """The least round number that is not below `most`."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= most:
                return step * power
        power *= 10


def bars_of(values: Sequence[Sequence[int]], top: int) -> list[Bar]:
    """The columns, each of its parts upon the one before."""
    slot, found = 100 / len(values), []
    for place, parts in enumerate(values):
        below = 0
        for series, value in enumerate(parts):
            below += value
            if value:
                x, y = (place + (1 - FILLED) / 2) * slot, 100 - 100 * below / top
                found.append(
                    Bar(round(x, 2), round(y, 2), round(slot * FILLED, 2), round(100 * value / top, 2), series)
                )
    return found


def charts(today: dt.date) -> list[Chart]:
    months = last_months(today)
    names = [*map(named, months[:-1]), f"{named(months[-1])}, so far"]
    return [_of_votes(months, names), _of_readers(months, names), _of_letters(months, names)]


def _of_votes(months: list[dt.date], names: list[str]) -> Chart:
    values: list[tuple[int, ...]] = [*queries.votes_by_month(months)]
    yes, no = (sum(one[place] for one in values) for place in (0, 1))
    says = f"{plural(yes, 'reader')} said yes, {number(no)} said no.{_most(values, months)}"
    note = "A reader who answers again is counted in the month of the last answer."
    return Chart("votes", "Was it helpful?", says, names, ("Yes", "No"), values, note, "Nobody answered")


def _of_readers(months: list[dt.date], names: list[str]) -> Chart:
    values = [(month.confirmed,) for month in confirmed_by_month(len(months))]
    says = f"{plural(sum(count for (count,) in values), 'reader')} joined and still get letters.{_most(values, months)}"
    note = "Who leaves is deleted, and is missing in the month in which they joined."
    return Chart("subscribers", "New subscribers", says, names, ("Joined",), [*values], note, "Nobody joined")


def _of_letters(months: list[dt.date], names: list[str]) -> Chart:
    values = [(count,) for count in queries.letters_by_month(months)]
    says = f"{plural(sum(count for (count,) in values), 'letter was', 'letters were')} written.{_most(values, months)}"
    note = "A letter counts when it is written into the outbox."
    return Chart("letters", "Letters", says, names, ("Letters",), [*values], note, "No letter was written")


def _most(values: Sequence[Sequence[int]], months: Sequence[dt.date]) -> str:
    sums = [sum(parts) for parts in values]
    most = max(sums)
    return f" The most in a month were {number(most)}, in {months[sums.index(most)]:%B %Y}." if most else ""
