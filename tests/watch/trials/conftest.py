"""ClinicalTrials.gov on this machine, which answers trial by trial, and runs that look there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.factories import make_categories, make_summary
from tests.scholarly.answers import TRIAL, study
from tests.scholarly.server import Reply, Service, serving
from tests.watch.conftest import hurried
from tests.watch.trials.making import modules_of
from webapp import clock
from webapp.extensions import db
from webapp.models import Summary, TrialChange, WatchedTrial
from webapp.watch.trials.actions import TrialsReport, look

OTHER = "NCT09990002"


class Registry(Service):
    """Answers about each trial what a test says of it."""

    def __init__(self) -> None:
        super().__init__()
        self.trials: dict[str, Reply | dict[str, Any]] = {TRIAL: {}}
        """By number: the modules of the record that differ, or an answer of another kind."""
        self.broken: Reply | None = None
        """What it answers to everything."""

    def next_reply(self, path: str, headers: list[tuple[str, str]], message: object = None) -> Reply:
        super().next_reply(path, headers, message)  # so that it is counted
        number = urlsplit(path).path.rpartition("/")[2]
        answer = self.broken or self.trials.get(number, Reply(f"NCT number {number} not found", 404))
        if isinstance(answer, Reply):
            return answer
        return Reply(study(**{"identificationModule": {"nctId": number, "briefTitle": "WALK"}, **answer}))


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving(Registry()) as registry:
        assert isinstance(registry, Registry)
        yield registry


@pytest.fixture
def walk(app: Flask) -> Summary:
    """A public summary that names a trial."""
    make_categories()
    return make_summary("walk", study={"registrations": [TRIAL, "ISRCTN12345678"]}, date=clock.today())


def run(registry: Service, **more: Any) -> TrialsReport:
    """A run that looks at everything, whatever was looked at before."""
    far = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    client = hurried(registry.url)
    try:
        return look(client, **{"looked_before": far, **more})
    finally:
        client.close()


def says(registry: Registry, status: str, **facts: Any) -> None:
    """The registry says so of the trial from now on."""
    registry.trials[TRIAL] = modules_of(status, **facts)


def trial(number: str = TRIAL) -> WatchedTrial:
    db.session.rollback()
    return db.session.get_one(WatchedTrial, number)


def changes() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.was, one.became) for one in db.session.scalars(db.select(TrialChange).order_by(TrialChange.id))]


def at(monkeypatch: pytest.MonkeyPatch, **later: float) -> None:
    """From now on it is so much later."""
    now = clock.now() + dt.timedelta(**later)
    monkeypatch.setattr(clock, "now", lambda: now)
