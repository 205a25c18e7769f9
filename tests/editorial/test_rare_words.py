"""Words that few readers know are found, and what is explained or everyday is not."""

from __future__ import annotations

import pytest

from webapp.editorial.rare_words import MOST, rare_words


@pytest.mark.parametrize(
    ("text", "rare"),
    [
        ("They had methenamine twice, and methenamine again.", ["methenamine"]),
        ("The MRI and the EMG came first, then baclofen.", ["MRI", "EMG", "baclofen"]),
        ("They had baclofen, a medicine for tight muscles.", []),
        ("Answers on a scale (IIEF) and the PHQ (nine questions).", []),
        ("Wheelchairs, caregivers and bloodstream: analysed and enrolled, unanswered.", []),
        ("In the US, phase II, C4 to T12, AIS-A and NG101 in NCT02658656.", []),
        ("", []),
    ],
)
def test_what_is_rare_and_not_explained_is_found_once(text: str, rare: list[str]) -> None:
    assert rare_words(text, set()) == rare


def test_what_is_explained_elsewhere_is_left() -> None:
    assert rare_words("Autonomic dysreflexia after MRI", {"dysreflexia", "mri"}) == []


def test_of_a_long_list_the_first_are_told_and_a_giant_is_no_word() -> None:
    """Each takes a look at the whole text: the thousands of a list that was pasted took minutes, at each save."""
    many = [f"qxzvbn{first}{second}{third}" for first in "bcdf" for second in "ghjk" for third in "lmnp"]
    assert rare_words(" ".join(many), set()) == many[:MOST]
    assert rare_words("x" * 100_000, set()) == []
