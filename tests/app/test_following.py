"""The pages that a proxy sends by itself, on a host that no request comes to, while another host publishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import make_app
from webapp import clock
from webapp.edition import edition, raise_edition
from webapp.extensions import db
from webapp.page_cache.folder import PageFolder
from webapp.page_cache.following import follow

BEGINNING = dt.datetime(2026, 3, 6, 9, 0, 1, tzinfo=dt.UTC)
SLOT = int(BEGINNING.timestamp()) // 10


@pytest.fixture
def other(app: Flask, instance: Path, tmp_path: Path) -> PageFolder:
    """The page folder of another host on the same database."""
    files: PageFolder = make_app(instance, PAGE_FOLDER=str(tmp_path / "pages")).extensions["page_folder"]
    publish()
    return files


@pytest.fixture
def set_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    def set_to(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: BEGINNING + dt.timedelta(seconds=seconds))

    set_to(0)
    return set_to


def publish() -> None:
    raise_edition(db.session())
    db.session.commit()


def vouched(files: PageFolder) -> list[int]:
    """The slots of time, from the first on, in which a proxy finds pages."""
    return sorted(int(path.name) - SLOT for path in (files.folder / "vouched").iterdir())


def test_what_another_host_published_is_followed_without_a_request(other: PageFolder) -> None:
    follow(other)
    before = edition()
    assert other.is_current(before)
    publish()
    assert other.is_current(before), "nobody has looked yet"
    follow(other)
    assert edition() != before
    assert other.is_current(edition())


def test_pages_are_vouched_for_by_who_looks_and_for_seconds_alone(
    other: PageFolder, set_time: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(other)
    assert vouched(other) == [0, 1]
    for slot in (0, 1):
        assert (other.folder / "vouched" / str(SLOT + slot)).readlink() == Path("../current")
    set_time(10)
    follow(other)
    assert vouched(other) == [1, 2]
    set_time(-3600)  # the clock was set back: what was for later does not come true
    follow(other)
    assert vouched(other) == [-360, -359]
    monkeypatch.setattr(type(other.edition), "value", lambda _: None)
    set_time(0)
    follow(other)
    assert vouched(other) == [-360, -359], "nobody knows what is published"


def test_pages_of_before_are_not_vouched_for_where_the_link_cannot_follow(
    other: PageFolder, set_time: Callable[[float], None]
) -> None:
    follow(other)
    publish()
    set_time(20)
    with other._lock(waits=False) as is_held:
        assert is_held
        follow(other)
    assert vouched(other) == [0, 1]
    follow(other)
    assert vouched(other) == [2, 3]
    assert other.is_current(edition())


def test_what_is_vouched_for_is_not_tidied_away(other: PageFolder) -> None:
    (other.folder / "old").mkdir(parents=True)
    follow(other)
    other.tidy()
    assert sorted(path.name for path in other.folder.iterdir()) == ["current", "vouched"]
