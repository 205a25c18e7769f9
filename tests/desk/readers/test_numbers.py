"""Subscribers in numbers: only those who are here today, and each number says what it counts."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from tests.factories import make_categories
from tests.page import Page, PageClient
from tests.subscriptions.conftest import make_subscriber
from webapp import clock
from webapp.desk.readers.queries import (
    Counts,
    Month,
    TopicCount,
    confirmed_by_month,
    readers_by_topic,
    subscriber_counts,
)
from webapp.subscriptions.actions import leave

NOW = dt.datetime(2026, 2, 28, 12, tzinfo=dt.UTC)


@pytest.fixture
def _february(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def at(year: int, month: int, day: int, time: dt.time = dt.time.min) -> dt.datetime:
    return dt.datetime.combine(dt.date(year, month, day), time, dt.UTC)


def test_they_are_counted_by_how_often_and_whether_they_confirmed(app: Flask) -> None:
    assert subscriber_counts() == Counts(0, 0, 0)
    for number, frequency in enumerate(["weekly", "weekly", "monthly"]):
        make_subscriber(f"{number}@example.org", frequency=frequency)
    for number, frequency in enumerate(["weekly", "monthly"]):
        make_subscriber(f"waiting{number}@example.org", frequency=frequency, confirmed_at=None)
    assert subscriber_counts() == Counts(weekly=2, monthly=1, unconfirmed=2)
    assert subscriber_counts().confirmed == 3


@pytest.mark.usefixtures("_february")
def test_twelve_months_with_those_in_which_nobody_came() -> None:
    for number, confirmed_at in enumerate(
        [at(2025, 2, 28), at(2025, 3, 1), at(2025, 12, 31, dt.time.max), at(2026, 1, 1), at(2026, 2, 28), None]
    ):
        make_subscriber(f"{number}@example.org", confirmed_at=confirmed_at)
    found = confirmed_by_month()
    assert [month.first for month in found[:2]] == [dt.date(2025, 3, 1), dt.date(2025, 4, 1)]
    assert [month.confirmed for month in found] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert confirmed_by_month(1) == [Month(dt.date(2026, 2, 1), 1)]
    assert confirmed_by_month(13)[0] == Month(dt.date(2025, 2, 1), 1)


@pytest.mark.usefixtures("_february")
def test_who_left_is_in_no_month() -> None:
    leaving = make_subscriber("a@example.org", confirmed_at=at(2026, 1, 15))
    make_subscriber("b@example.org", confirmed_at=at(2026, 1, 16))
    leave(leaving)
    assert confirmed_by_month(2)[0].confirmed == 1


def test_by_topic_who_chose_several_counts_with_each_and_who_chose_none_stands_alone(app: Flask) -> None:
    make_categories("pain", "skin", "bladder")
    for number, topics in enumerate([["pain"], ["pain"], ["pain", "skin"], ["skin", "pain"], [], ["long-gone"]]):
        make_subscriber(f"{number}@example.org", topics=topics)
    make_subscriber("waiting@example.org", topics=["pain"], confirmed_at=None)
    assert readers_by_topic() == [
        TopicCount("All new summaries", 1),
        TopicCount("Pain", 4),
        TopicCount("Skin", 2),
        TopicCount("Bladder", 0),
        TopicCount("long-gone", 1),
    ]


def rows_of(page: Page, name: str) -> list[list[str]]:
    return [Page.texts_of(row, "th, td") for row in page.select(f"table[aria-labelledby='{name}'] tr")]


def test_the_page_shows_each_as_a_table_that_adds_up(mira: PageClient) -> None:
    make_categories("pain")
    today = dt.datetime.now(dt.UTC)
    make_subscriber("old@example.org", confirmed_at=at(2020, 1, 1))
    make_subscriber("new@example.org", confirmed_at=today, frequency="monthly", topics=["pain"])
    make_subscriber("waiting@example.org", confirmed_at=None)
    page = mira.page("/desk/subscribers/numbers")
    often = [["Once a week", "1"], ["Once a month", "1"], ["Not confirmed, no letters", "1"]]
    assert rows_of(page, "how-often")[1:] == often
    months = rows_of(page, "by-month")
    assert months[1] == ["Earlier", "1"]
    assert months[-2] == [f"{today:%B %Y}, so far", "1"]
    assert months[-1] == ["All of them", "2"]
    assert sum(int(row[1]) for row in months[1:-1]) == 2
    assert rows_of(page, "by-topic")[1:] == [["All new summaries", "1"], ["Pain", "1"]]
    assert not [cell for cell in page.select("main th") if not cell.get("scope")]
