"""A date is as precise as it is known, and no more."""

from __future__ import annotations

import datetime as dt

import pytest

from webapp.editorial.dates import MONTHS, PartialDate


@pytest.mark.parametrize(
    ("written", "kept", "words"),
    [
        (2024, "2024", "2024"),
        ("2024", "2024", "2024"),
        (" 2024-03 ", "2024-03", "March 2024"),
        ("2024-03-06", "2024-03-06", "6 March 2024"),
        (dt.date(2024, 12, 31), "2024-12-31", "31 December 2024"),
        (dt.datetime(2024, 1, 1, 12), "2024-01-01", "1 January 2024"),
        (PartialDate(2024, 3), "2024-03", "March 2024"),
        ("2024-02-29", "2024-02-29", "29 February 2024"),
    ],
)
def test_a_date_keeps_the_precision_it_was_written_with(written: object, kept: str, words: str) -> None:
    date = PartialDate.parse(written)
    assert str(date) == kept
    assert date.words == words
    assert PartialDate.parse(kept) == date


def test_every_month_has_its_own_name() -> None:
    assert [PartialDate(2024, month).words for month in range(1, 13)] == [f"{month} 2024" for month in MONTHS]
    assert len(set(MONTHS)) == 12


@pytest.mark.parametrize("written", ["", "24", "March 2024", "2024-3", "2024/03", "2024-03-06T10:00", None, 20240306])
def test_another_way_of_writing_is_told_what_is_accepted(written: object) -> None:
    with pytest.raises(ValueError, match=r"write a year \(2024\), a month \(2024-03\) or a day \(2024-03-06\)"):
        PartialDate.parse(written)


@pytest.mark.parametrize("written", ["2023-02-29", "2024-04-31", "2024-13", "0000", "2024-01-32"])
def test_a_day_that_is_not_in_the_calendar_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=f"{written} is not a day in the calendar"):
        PartialDate.parse(written)


@pytest.mark.parametrize("written", ["2024-00", "2024-03-00", "2024-00-00", "2024-00-06"])
def test_a_month_or_day_of_00_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="instead of writing 00"):
        PartialDate.parse(written)


def test_dates_sort_by_time_and_as_text_alike() -> None:
    written = ["2025", "2024-03-06", "2024-12", "2024-03", "2024", "1998-06"]
    by_time = [str(date) for date in sorted(PartialDate.parse(text) for text in written)]
    assert by_time == sorted(written) == ["1998-06", "2024", "2024-03", "2024-03-06", "2024-12", "2025"]
