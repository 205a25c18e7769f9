"""The levels of the cord that a description of the injury names."""

from __future__ import annotations

import pytest

from webapp.editorial.injury import LEVELS, levels_in


def test_there_are_thirty_levels() -> None:
    assert (len(LEVELS), LEVELS[0], LEVELS[8], LEVELS[-1]) == (30, "C1", "T1", "S5")


@pytest.mark.parametrize(
    ("text", "levels", "regions", "first", "last"),
    [
        ("Chest-level (thoracic) injuries, T2 to T12", "T2 to T12", "chest level", "T2", "T12"),
        ("Two at T4, one at T1 and one at C5", "C5 to T4", "neck to chest level", "C5", "T4"),
        ("Neck injury (C4)", "C4", "neck level", "C4", "C4"),
        ("Neck (cervical) injuries", "", "neck level", "C1", "C8"),
        ("Four in the neck (cervical), one at chest level", "", "neck to chest level", "C1", "T12"),
        ("Neck (cervical) injuries, C5 and below", "C5 to C8", "neck level", "C5", "C8"),
        ("Thoracic injuries, T6 and above", "T1 to T6", "chest level", "T1", "T6"),
    ],
)
def test_levels_are_read(text: str, levels: str, regions: str, first: str, last: str) -> None:
    found = levels_in(text)
    assert found is not None
    assert (found.levels, found.regions) == (levels, regions)
    assert (found.first, found.last, len(found.places)) == (first, last, LEVELS.index(last) - LEVELS.index(first) + 1)


@pytest.mark.parametrize("text", ["", "Paraplegia", "47% had a neck (cervical) injury", "T6 or above", "C9", "AIS A"])
def test_nothing_is_guessed(text: str) -> None:
    assert levels_in(text) is None
