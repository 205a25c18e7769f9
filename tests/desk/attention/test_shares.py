"""Which share of readers said something, fairly."""

from __future__ import annotations

import pytest

from webapp.desk.attention.shares import FEWEST, Share, at_least, clear_ones


@pytest.mark.parametrize(
    ("part", "whole", "bound"),
    [(0, 0, 0), (0, 20, 0), (1, 10, 0.018), (5, 10, 0.237), (50, 100, 0.404), (10, 10, 0.722)],
)
def test_the_lower_bound_is_wilsons(part: int, whole: int, bound: float) -> None:
    """Numbers of Wilson (1927) as tables have them."""
    assert at_least(part, whole) == pytest.approx(bound, abs=0.001)


def test_many_readers_are_surer_than_few_with_a_larger_share() -> None:
    few, many, one = Share(1, "Few", 3, 5), Share(2, "Many", 40, 80), Share(3, "One", 1, 50)
    assert clear_ones([one, few, many], 0.1, 5) == [many, few]
    assert clear_ones([one, few, many], 0.1, 1) == [many]


def test_fewer_than_five_answers_say_nothing() -> None:
    assert not clear_ones([Share(1, "All of four", FEWEST - 1, FEWEST - 1)], 0.1, 5)
    assert clear_ones([Share(1, "All of five", FEWEST, FEWEST)], 0.1, 5)
