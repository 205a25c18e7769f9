"""Rows of two lists are matched by likeness."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.comparison.texts import anything
from tests.factories import make_outcome
from webapp.documents.comparison.rows import MAX_PAIRS, matched, moved

FINDINGS = [
    "Arms got a bit stronger in the people who trained.",
    "Nobody was hurt, and nobody stopped early.",
    "Sleep was the same in both groups at four months.",
]
NEW = "Two men had a pressure sore that healed by itself."


@given(st.lists(anything(), max_size=5), st.lists(anything(), max_size=5))
def test_each_row_is_matched_once(before: list[Any], after: list[Any]) -> None:
    found = matched(before, after)
    assert len(set(found.values())) == len(found)
    assert set(found) <= set(range(len(before)))
    assert set(found.values()) <= set(range(len(after)))


@given(st.lists(anything(), max_size=5))
def test_a_list_that_stayed_is_matched_row_by_row(rows: list[Any]) -> None:
    assert matched(rows, rows) == {row: row for row in range(len(rows))}


@pytest.mark.parametrize("place", range(4))
def test_one_more_row_is_one_more_row(place: int) -> None:
    after = [*FINDINGS[:place], NEW, *FINDINGS[place:]]
    assert matched(FINDINGS, after) == {row: row + (row >= place) for row in range(3)}
    assert matched(after, FINDINGS) == {row + (row >= place): row for row in range(3)}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_row_that_was_changed_is_known_where_it_went(order: tuple[int, ...]) -> None:
    after = [FINDINGS[row].replace("the ", "").replace("Nobody", "No one") for row in order]
    assert matched(FINDINGS, after) == {row: order.index(row) for row in range(3)}


def test_a_row_written_anew_in_its_place_is_the_same_row() -> None:
    assert matched(FINDINGS, [FINDINGS[0], NEW, FINDINGS[2]]) == {0: 0, 1: 1, 2: 2}
    assert matched(["Old."], ["Something else entirely"]) == {0: 0}
    assert matched(FINDINGS, [FINDINGS[0], NEW, "Quite another thing", FINDINGS[2]]) == {0: 0, 2: 3}


def test_the_place_of_a_row_that_was_moved_is_not_given_twice() -> None:
    assert matched(["a", "Nobody was hurt.", "c", "d"], ["a", "d", "c", "Some 12 fell."]) == {0: 0, 2: 2, 3: 1}


def test_outcomes_that_share_groups_and_source_are_told_apart_by_name() -> None:
    before = [make_outcome(name="Leaks in a day"), make_outcome(name="Bladder infections")]
    after = [make_outcome(name="Walking speed"), make_outcome(name="Leaks in a day", when="6 weeks"), before[1]]
    assert matched(before, after) == {0: 1, 1: 2}


def test_a_long_list_goes_by_its_places() -> None:
    count = int(MAX_PAIRS**0.5) + 1
    before, after = ([f"{word} {row}" for row in range(count)] for word in ("old", "new"))
    assert matched(["stays", *before], ["stays", *after]) == {row: row for row in range(count + 1)}


@pytest.mark.parametrize(
    ("places", "elsewhere"),
    [([], set()), ([0, 1, 2], set()), ([3, 0, 1, 2], {3}), ([1, 2, 3, 0], {0}), ([0, 4, 1, 2, 6], {4})],
)
def test_as_few_rows_as_can_be_were_moved(places: list[int], elsewhere: set[int]) -> None:
    assert moved(places) == elsewhere


@given(st.permutations(range(7)))
def test_those_that_were_not_moved_stand_in_order(places: list[int]) -> None:
    staying = [place for place in places if place not in moved(places)]
    assert staying == sorted(staying)
    assert len(staying) == max(
        sum(place in some for place in places)
        for some in _subsets(7)
        if [place for place in places if place in some] == sorted(some)
    )


def _subsets(count: int) -> list[set[int]]:
    return [{place for place in range(count) if bits >> place & 1} for bits in range(2**count)]
