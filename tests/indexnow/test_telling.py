"""Search engines are told what was published and what was taken down: all of it, once, later, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Forward
from tests.factories import (
    make_categories,
    make_document,
    make_documents,
    make_page_file,
    make_summary,
    make_summary_file,
    make_topic_file,
)
from tests.page import PageClient
from tests.scholarly.server import Reply, Service, serving
from webapp import clock
from webapp.documents.actions import publish_due, save_revision, schedule, unpublish
from webapp.documents.queries import document_named, newest_revision
from webapp.extensions import db
from webapp.indexnow import queries
from webapp.indexnow.actions import tell_search_engines
from webapp.models import Document
from webapp.scholarly.client import URL_SETTINGS, Client, shared_client
from webapp.scholarly.transport import Limits
from webapp.tasks import TASKS
from webapp.upkeep.doctor import site
from webapp.upkeep.doctor.finding import State
from webapp.upkeep.heartbeats.actions import note_heartbeat
from webapp.upkeep.heartbeats.queries import ENGINES, last_heartbeat
from webapp.worker import Stop, Turn

KEY = "EdD8dkmd-NLlxREi2"
SITE = "https://example.org"
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def engine() -> Iterator[Service]:
    with serving(Service()) as service:
        service.replies_with(Reply(status=200))
        yield service


class Telling:
    """`tell`: what `flask work` does every five minutes. Nobody waits between two messages."""

    def __init__(self, engine: Service) -> None:
        self.engine = engine
        limits = Limits(seconds=8, connect_seconds=1, silent_seconds=1, bytes=10_000, backoff_seconds=0.01)
        self.client = Client(dict.fromkeys(URL_SETTINGS, engine.url), "owner@example.org", limits)

    def tell(self) -> int:
        return tell_search_engines(self.client, SITE, KEY, lambda: False)

    @property
    def told(self) -> list[list[str]]:
        """The paths of the pages in each message."""
        messages: list[Any] = [asked.message for asked in self.engine.asked]
        return [[url.removeprefix(SITE) for url in message["urlList"]] for message in messages]


@pytest.fixture
def telling(app: Flask, engine: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telling]:
    """A site that has begun to tell, and of which nothing is untold."""
    waited: list[float] = []
    monkeypatch.setattr(clock, "wait", waited.append)
    monkeypatch.setattr(clock, "steady", lambda start=clock.steady: start() + sum(waited))
    make_categories()
    telling = Telling(engine)
    assert telling.tell() == 0
    yield telling
    telling.client.close()


def named(kind: str, key: str) -> Document:
    document = document_named(kind, key)
    assert document
    return document


def test_what_is_published_and_taken_down_is_told_once(telling: Telling) -> None:
    slug = make_summary().slug
    make_documents(make_topic_file(), make_page_file("about"), make_page_file("news"))
    assert telling.tell() == 4
    assert sorted(telling.told[0]) == ["/about", "/categories/hand-and-arm-use", "/news", f"/research/{slug}"]
    assert telling.tell() == 0
    unpublish(named("page", "news"), "It was old.")
    assert telling.tell() == 1
    assert telling.told[1:] == [["/news"]]
    assert telling.tell() == 0


def test_the_message_is_what_the_protocol_asks_for(telling: Telling, app: Flask) -> None:
    slug = make_summary().slug
    telling.tell()
    (asked,) = telling.engine.asked
    assert asked.path == "/indexnow"
    assert asked.message == {
        "host": "example.org",
        "key": KEY,
        "keyLocation": f"{SITE}/{KEY}.txt",
        "urlList": [f"{SITE}/research/{slug}"],
    }
    headers = {name.lower(): value for name, value in asked.headers}
    assert headers["content-type"] == "application/json"
    known = "host accept accept-encoding connection user-agent content-length content-type"
    assert headers.keys() <= set(known.split()), "nothing of a reader"


def test_drafts_and_what_is_not_due_are_told_when_readers_see_them(telling: Telling, forward: Forward) -> None:
    make_documents(make_summary_file("draft", draft=True))
    document = named("summary", "draft")
    revision = newest_revision(document)
    assert revision
    schedule(document, revision, clock.now() + HOUR)
    assert telling.tell() == 0
    forward(HOUR + MINUTE)
    publish_due()
    assert telling.tell() == 1
    save_revision(document, revision.content | {"description": "Something else."}, by="Mira", base=1, version=1)
    assert telling.tell() == 0, "no reader sees it"


def test_what_is_rolled_back_is_never_told(telling: Telling) -> None:
    document = make_document(make_summary_file())
    telling.tell()
    document.published_at = clock.now()
    db.session.flush()
    db.session.rollback()
    assert telling.tell() == 0
    assert len(telling.told) == 1


def test_the_first_time_nothing_is_told_of_what_was_there_before(app: Flask, engine: Service) -> None:
    make_categories()
    make_summary("before")
    telling = Telling(engine)
    assert telling.tell() == 0
    assert engine.asked == []
    slug = make_summary("after").slug
    assert telling.tell() == 1
    assert telling.told == [[f"/research/{slug}"]]
    telling.client.close()


def test_many_are_told_in_parts_and_none_is_lost_where_several_changed_at_one_moment(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    make_documents(*(make_summary_file(f"together-{number}") for number in range(5)))
    for number in range(3):
        make_summary(f"alone-{number}")
    assert telling.tell() == 8
    assert [len(urls) for urls in telling.told] == [5, 2, 1]
    assert len({url for urls in telling.told for url in urls}) == 8


@pytest.mark.parametrize("status", [400, 403, 404, 422, 429, 500, 503])
def test_what_is_not_taken_is_told_later_and_the_service_is_left_alone_meanwhile(telling: Telling, status: int) -> None:
    make_summary()
    telling.engine.replies_with(Reply("no", status=status))
    assert telling.tell() == 0
    tries = len(telling.engine.asked)
    assert 1 <= tries <= 3
    telling.engine.replies_with(Reply(status=202))
    assert telling.tell() == 0
    assert len(telling.engine.asked) == tries, "not asked again at once"
    clock.wait(60 * 60)
    assert telling.tell() == 1
    assert telling.tell() == 0


def test_a_worker_that_dies_after_the_message_names_the_page_again(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_summary()
    with monkeypatch.context() as patch:
        patch.setattr("webapp.indexnow.actions.note_heartbeat", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            telling.tell()
    assert telling.tell() == 1
    assert telling.told[0] == telling.told[1]


def test_a_stop_is_heard_between_two_messages(telling: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    make_summary("first")
    make_summary("second")
    answers = iter([False, True])
    assert tell_search_engines(telling.client, SITE, KEY, lambda: next(answers)) == 1
    assert telling.tell() == 1


def test_what_could_not_be_told_for_a_week_is_left_to_the_sitemap(telling: Telling, forward: Forward) -> None:
    make_summary("old")
    forward(8 * DAY)
    slug = make_summary("new").slug
    assert telling.tell() == 1
    assert telling.told == [[f"/research/{slug}"]]


def test_a_clock_that_was_a_year_ahead_keeps_nothing_back(telling: Telling) -> None:
    note_heartbeat(ENGINES, clock.now() + 365 * DAY)
    assert telling.tell() == 0
    make_summary()
    assert telling.tell() == 1


def test_while_nothing_changes_no_document_is_looked_at(telling: Telling, statements: list[str]) -> None:
    make_summary()
    telling.tell()
    statements.clear()
    assert telling.tell() == 0
    assert not [one for one in statements if "documents" in one]


def test_without_a_key_nobody_is_told(app: Flask, engine: Service, client: PageClient) -> None:
    app.config["INDEXNOW_URL"] = engine.url
    (task,) = [task for task in TASKS if task.name == "tell search engines what changed"]
    make_categories()
    make_summary("before")
    assert task.action(Turn(Stop())) == ""
    assert (engine.asked, last_heartbeat(ENGINES)) == ([], None)
    app.config["INDEXNOW_KEY"] = KEY
    assert task.action(Turn(Stop())) == ""
    make_summary("after")
    assert task.action(Turn(Stop())) == "1 page"
    assert len(engine.asked) == 1
    shared_client(app.config).close()


def test_the_key_file_is_there_when_a_key_is_set(app: Flask, client: PageClient) -> None:
    assert client.get(f"/{KEY}.txt").status_code == 404
    assert client.get("/None.txt").status_code == 404
    app.config["INDEXNOW_KEY"] = KEY
    answer = client.get(f"/{KEY}.txt")
    assert (answer.text, answer.content_type) == (KEY, "text/plain; charset=utf-8")
    assert client.get("/another-key.txt").status_code == 404
    assert client.get("/robots.txt").text.startswith("User-agent")


def test_the_doctor_says_when_engines_could_not_be_told(telling: Telling, app: Flask, forward: Forward) -> None:
    def only() -> tuple[State, str]:
        (finding,) = site.engines(app)
        return finding.state, finding.says

    assert only() == (State.WELL, "Search engines find changes by the sitemap. With INDEXNOW_KEY they would be told.")
    app.config["INDEXNOW_KEY"] = KEY
    make_summary()
    assert only() == (State.WELL, "Search engines are told of changes.")
    forward(25 * HOUR)
    assert only() == (State.NOTE, "Search engines could not be told of changes since 25 hours ago.")
    telling.tell()
    assert only()[0] is State.WELL
