"""The numbers in a text, and whether the facts of the study hold them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from webapp.editorial.numbers import numbers_in, unsupported


def values(text: str) -> list[str]:
    return [str(value) for value, _ in numbers_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("no number here", []),
        ("4 of 9 people", ["4", "9"]),
        ("Four of nine people", ["4", "9"]),
        ("zero, nineteen and ninety", ["0", "19", "90"]),
        ("twenty-one people, Thirty-Five rats", ["21", "35"]),
        ("1,250 people and 12,345,678 cells", ["1250", "12345678"]),
        ("1.76 points, 54.9%", ["1.76", "54.9"]),
        ("p<.05 and p = .049", ["0.05", "0.049"]),
        ("It took 12. Then 5.", ["12", "5"]),
        ("from 12-18 years, 2.54–6.06 points, 3 to 4 weeks", ["12", "18", "2.54", "6.06", "3", "4"]),
        ("a 10-metre walk", ["10"]),
        ("a two-part trial", ["2"]),
        ("10,5", ["10", "5"]),
    ],
)
def test_numbers_are_found_in_digits_and_words(text: str, found: list[str]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    "text",
    ["injured at C4-T12", "C4 to C8", "the antibody NG101", "IN-1", "COVID-19", "AIS A", "T6.", "weighted", "often"],
)
def test_a_name_is_not_a_number(text: str) -> None:
    assert values(text) == []


def test_the_word_one_is_not_a_number_but_the_digit_is() -> None:
    assert values("One of them, and no one else") == []
    assert values("1 of them") == ["1"]


def test_about_is_told() -> None:
    assert numbers_in("about 19 of 40, About twenty") == [
        (Decimal(19), True),
        (Decimal(40), False),
        (Decimal(20), True),
    ]


def test_a_number_of_the_facts_is_supported_however_it_is_written() -> None:
    facts = ["19.4% of 1250 people", "twenty-one rats", "C5-C8"]
    assert unsupported("19.4% of 1,250 people, 21 rats, 5 to 8", facts) == []


def test_a_number_that_stands_nowhere_is_named() -> None:
    assert unsupported("4 of 9 people, after 12 weeks", ["9 people", "4 weeks"]) == [Decimal(12)]
    assert unsupported("3 people", []) == [Decimal(3)]


def test_rounding_is_supported_only_where_it_says_about() -> None:
    assert unsupported("about 19%", ["19.4%"]) == []
    assert unsupported("about 20%", ["19.5%"]) == []
    assert unsupported("19%", ["19.4%"]) == [Decimal(19)]
    assert unsupported("about 20%", ["19.4%"]) == [Decimal(20)]


def test_a_part_of_a_number_does_not_support_another() -> None:
    assert unsupported("25 people", ["1,250 people"]) == [Decimal(25)]
    assert unsupported("4 people", ["19.4%"]) == [Decimal(4)]
