"""Crossref and Europe PMC on this machine, which answer paper by paper, and runs that look there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask import Flask

from tests.factories import make_categories, make_outcome, make_summary
from tests.scholarly.answers import article, found, listed, work
from tests.scholarly.server import Reply, Service, serving
from webapp import clock
from webapp.documents.queries import document_named
from webapp.extensions import db
from webapp.models import Document, Revision, ServiceAnswer, WatchedPaper
from webapp.scholarly.client import URL_SETTINGS, Client
from webapp.scholarly.pace import Pace
from webapp.scholarly.transport import Limits
from webapp.watch.actions import LookReport, look

DOI = "10.5555/arms"
NOTICE = "10.5555/notice.1"
OWNER = "owner@example.org"
Answered = Reply | dict[str, Any] | None
"""What a service answers of one paper: the fields of its record, an answer of another kind, or that it knows none."""


class Services(Service):
    """Both services at one address: they ask differently."""

    def __init__(self) -> None:
        super().__init__()
        self.crossref: dict[str, Answered] = {DOI: {}}
        """By DOI."""
        self.europepmc: dict[str, Answered] = {DOI: {}}
        self.broken: Reply | None = None
        """What both answer to everything."""

    def next_reply(self, path: str, headers: list[tuple[str, str]], message: object = None) -> Reply:
        super().next_reply(path, headers, message)  # so that it is counted
        return self.broken or self._reply(urlsplit(path).path, parse_qs(urlsplit(path).query))

    def _reply(self, path: str, query: dict[str, list[str]]) -> Reply:
        if path == "/search":
            return self._found(query["query"][0])
        if path == "/works":
            return self._listed(re.findall(r"doi:([^,]+)", query["filter"][0]))
        doi = unquote(path.removeprefix("/works/"))
        answer = self.crossref.get(doi)
        if isinstance(answer, Reply):
            return answer
        if answer is None:
            return Reply("Resource not found.", 404)
        return Reply({"status": "ok", "message-type": "work", "message": work(**{"DOI": doi, **answer})})

    def _listed(self, dois: list[str]) -> Reply:
        answers = {doi: self.crossref.get(doi) for doi in dois}
        if broken := next((one for one in answers.values() if isinstance(one, Reply)), None):
            return broken
        return Reply(listed(*(work(**{"DOI": doi, **one}) for doi, one in answers.items() if isinstance(one, dict))))

    def _found(self, words: str) -> Reply:
        name = re.sub(r'^DOI:"|"$|^EXT_ID:| AND SRC:MED$', "", words)
        answer = self.europepmc.get(name)
        if isinstance(answer, Reply):
            return answer
        if answer is None:
            return Reply(found())
        numbers: dict[str, str] = {"pmid": name} if name.isdigit() else {"doi": name}
        return Reply(found(article(**numbers, **answer)))


@pytest.fixture
def services() -> Iterator[Services]:
    with serving(Services()) as services:
        assert isinstance(services, Services)
        yield services


def hurried(url: str) -> Client:
    """A client with nothing kept, which waits for nobody."""
    bounds = Limits(seconds=2, connect_seconds=1, silent_seconds=1, bytes=100_000, attempts=1, backoff_seconds=0.01)
    client = Client(dict.fromkeys(URL_SETTINGS, url), "owner@example.org", bounds)
    client._pace = lambda service: FREE  # type: ignore[method-assign]
    return client


class Free(Pace):
    """No pace at all."""

    def pause(self, seconds: float) -> None: ...

    def take_turn(self, patience: float) -> float:
        return 0


FREE = Free(0)


@pytest.fixture
def arms(app: Flask) -> Document:
    """A public summary whose paper has a DOI."""
    make_categories()
    study = {"doi": DOI, "intervention": "Arm training", "outcomes": [make_outcome()]}
    make_summary("arms", study=study, harms="Nobody was hurt.", date=clock.today(), lastmod=clock.today())
    return arms_now()


def arms_now() -> Document:
    db.session.rollback()
    document = document_named("summary", "arms")
    assert document
    return document


def run(services: Service, **more: Any) -> LookReport:
    """A run that looks at everything, whatever was looked at before."""
    far = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    client = hurried(services.url)
    try:
        return look(client, **{"owner": OWNER, "looked_before": far, **more})
    finally:
        client.close()


def watched() -> WatchedPaper:
    db.session.rollback()
    return db.session.get_one(WatchedPaper, arms_now().id)


def answer_of(service: str) -> ServiceAnswer:
    db.session.rollback()
    return db.session.get_one(ServiceAnswer, (arms_now().id, service))


def live_text() -> dict[str, Any]:
    return db.session.get_one(Revision, arms_now().live_revision_id).content


def is_shown_as_withdrawn() -> bool:
    text = live_text()
    return str(text["title"]).startswith("Retracted: ") and text["study"]["notice"]["kind"] == "retraction"
