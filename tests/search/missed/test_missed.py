"""What was searched for and not found: counted by days, under a digest, and read only after the third."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Forward, counted
from tests.databases import being_written
from tests.factories import make_categories, make_summary
from tests.page import PageClient
from webapp.database import one_for
from webapp.extensions import db
from webapp.models import MissedSearch
from webapp.page_cache import memory
from webapp.search.missed import actions
from webapp.search.missed.actions import count_missed, delete_old_missed
from webapp.search.missed.queries import missed_searches
from webapp.search.missed.words import countable_words
from webapp.tasks import delete_expired_rows
from webapp.worker import Stop, Turn

DAY = dt.timedelta(days=1)


def rows() -> list[MissedSearch]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(MissedSearch).order_by(MissedSearch.first_on)))


def search(client: PageClient, words: str, **more: Any) -> None:
    with client.get("/research/", query_string={"q": words, **more}) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("swimming", "swimming"),
        ("Service  DOG?", "service dog"),
        ("the swimming of a dog", "swimming dog"),
        ("it’s swimming", "it's swimming"),
        ("mira@example.org", None),
        ("call 0171", None),
        ("٣ dogs", None),
        ("②⁴½Ⅷ dogs", None),
        ("example.org/mira", None),
        ("@mira", None),
        ("mira_b", None),
        ("my dog likes swimming alone", None),
        ("x" * 61, None),
        ("ab", None),
        ("", None),
        ("😀 dog", None),
    ],
)
def test_only_few_plain_words_are_counted(typed: str, kept: str | None) -> None:
    assert countable_words(typed) == kept


def test_words_are_read_only_when_they_were_asked_for_on_three_days(app: Flask, forward: Forward) -> None:
    for day in range(1, 4):
        for _ in range(3):
            count_missed("service dog")
        [row] = rows()
        assert row.days == day, "a day counts once"
        assert row.words == ("service dog" if day == 3 else None)
        assert "dog" not in row.digest
        forward(DAY)
    assert [one.words for one in missed_searches()] == ["service dog"]


def test_the_digest_needs_the_secret_key(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    count_missed("service dog")
    monkeypatch.setattr(app, "secret_key", "another key, as long")
    count_missed("service dog")
    assert len({row.digest for row in rows()}) == 2


def test_after_thirty_days_the_count_begins_anew(app: Flask, forward: Forward) -> None:
    count_missed("service dog")
    forward(DAY)
    count_missed("service dog")
    forward(29 * DAY)
    count_missed("service dog")
    assert [(row.days, row.words) for row in rows()] == [(1, None)]


def test_what_was_not_asked_for_again_is_deleted(app: Flask, forward: Forward) -> None:
    for day in range(3):
        count_missed("service dog")
        if not day:
            count_missed("swimming")
        forward(DAY)
    forward(26 * DAY)
    assert delete_old_missed() == 0
    forward(DAY)
    delete_expired_rows(Turn(Stop()))
    assert [row.words for row in rows()] == ["service dog"], "words that may be read stay"
    forward(62 * DAY)
    assert delete_old_missed() == 1


def test_there_is_no_more_room_than_was_set_aside(
    app: Flask, forward: Forward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_NEW", 3)
    monkeypatch.setattr(actions, "MOST_ROWS", 5)
    for _ in range(3):
        for number in range(5):
            count_missed("dog" + "g" * number)
        forward(DAY)
    assert len(rows()) == 5
    assert [row.days for row in rows()] == [3, 3, 3, 2, 2], "those that are known go on being counted"


@pytest.fixture
def caching(app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """A client of a site that keeps its pages, with one summary."""
    monkeypatch.setitem(app.extensions, "page_cache", memory.PageCache(200_000))
    make_categories()
    make_summary()
    return client


def test_a_search_is_counted_each_day_though_pages_are_kept(caching: PageClient, forward: Forward) -> None:
    for _ in range(3):
        for _ in range(2):
            search(caching, "Swimming")
        forward(DAY)
    assert [(row.words, row.days) for row in rows()] == [("swimming", 3)]


def test_what_was_found_is_kept_ready_and_not_counted(app: Flask, caching: PageClient) -> None:
    search(caching, "arm")
    with counted(app) as sent:
        search(caching, "arm")
    assert not sent
    assert not rows()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("will I walk again", "a question that has its own answer"),
        ("bladder", "a topic"),
        ("suicide", "words of danger"),
        ("mira@example.org", "an address"),
    ],
)
def test_what_was_answered_otherwise_is_not_counted(caching: PageClient, words: str, why: str) -> None:
    make_categories("walking", "bladder", "hand-and-arm-use")
    search(caching, words)
    assert not rows(), why


def test_half_words_narrowed_lists_and_questions_about_a_page_are_not_counted(caching: PageClient) -> None:
    with caching.get("/research/?q=swim", headers={"HX-Request": "true"}):
        pass
    search(caching, "swimming", category="hand-and-arm-use")
    with caching.head("/research/?q=swimming"):
        pass
    assert not rows()


def test_a_database_that_is_being_written_keeps_no_reader_waiting(
    app: Flask, instance: Path, client: PageClient
) -> None:
    with being_written(instance):
        search(client, "swimming")
    assert not rows()
    search(client, "swimming")
    assert len(rows()) == 1
    wait = one_for(db.engine, sqlite="PRAGMA busy_timeout", postgresql="SHOW lock_timeout")
    assert db.session.scalar(db.text(wait)) in {5000, "5s"}, "others wait as they did"


def test_it_is_counted_once_the_page_is_out(app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("webapp.research.missed.count_missed", said.append)
    answer = client.get("/research/?q=swimming", buffered=False)
    assert "No summaries found" in answer.text
    assert not said
    answer.close()
    assert said == ["swimming"]


def test_a_fault_of_the_database_is_told_without_the_words(
    app: Flask, caplog: pytest.LogCaptureFixture, client: PageClient
) -> None:
    db.session.execute(db.text("DROP TABLE missed_searches"))
    db.session.commit()
    with caplog.at_level("INFO"):
        search(client, "swimming")
    assert "was not counted" in caplog.text
    assert "swimming" not in caplog.text
