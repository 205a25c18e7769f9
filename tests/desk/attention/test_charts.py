"""Columns on one scale from zero."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from webapp.desk.attention.charts import Bar, bars_of, scale_for
from webapp.desk.attention.months import bounds, last_months


@pytest.mark.parametrize(
    ("most", "top"), [(1, 1), (2, 2), (3, 4), (5, 10), (10, 10), (11, 20), (39, 40), (41, 100), (5_811, 10_000)]
)
def test_a_scale_ends_at_a_round_number(most: int, top: int) -> None:
    assert scale_for(most) == top


def test_a_column_is_as_high_as_its_count_and_its_parts_stand_on_each_other() -> None:
    assert bars_of([(30, 10), (0, 0), (0, 20), (40, 0)], 40) == [
        Bar(3.75, 25, 17.5, 75, 0),
        Bar(3.75, 0, 17.5, 25, 1),
        Bar(53.75, 50, 17.5, 50, 1),
        Bar(78.75, 0, 17.5, 100, 0),
    ], "and a month with nothing has none"


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-11-28", "2025-12-01", "2026-11-01"),
        ("2026-12-31", "2026-01-01", "2026-12-01"),
        ("2027-01-01", "2026-02-01", "2027-01-01"),
    ],
)
def test_the_last_twelve_months_hold_this_one(today: str, first: str, last: str) -> None:
    months = last_months(dt.date.fromisoformat(today))
    assert [str(month) for month in (months[0], months[-1])] == [first, last]
    assert len(set(months)) == 12
    for month, following in pairwise(months):
        assert bounds(month)[1] == bounds(following)[0]
