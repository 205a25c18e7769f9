"""Which trials look for people is asked once a day, and a garbled answer takes nothing away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.factories import make_categories
from tests.scholarly.answers import listed_trial, trial_list
from tests.scholarly.server import Reply, Service, serving
from tests.watch.conftest import hurried
from tests.watch.recruiting.making import WORDS, make_search, make_trial
from tests.watch.test_looking import FAULTS, at
from webapp import clock
from webapp.edition import edition
from webapp.extensions import db
from webapp.models import Category, HiddenTrial, TrialSearch
from webapp.tasks import TASKS
from webapp.watch.actions import let_readers_see
from webapp.watch.recruiting import queries
from webapp.watch.recruiting.actions import LookReport, look
from webapp.watch.recruiting.listing import Recruiting
from webapp.worker import Stop, Turn

FAR = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def registry(app: Flask) -> Iterator[Service]:
    """The registry on this machine, which has two trials."""
    make_categories("hand-and-arm-use", "pain")
    with serving(Service()) as service:
        service.replies_with(trial_list(listed_trial(), listed_trial(2), total=7))
        yield service


def run(service: Service, looked_before: dt.datetime | None = FAR, **more: Any) -> LookReport:
    """A run that asks for every search, whenever it was asked for before."""
    client = hurried(service.url)
    try:
        return look(client, looked_before=looked_before, **more)
    finally:
        client.close()


def search() -> TrialSearch:
    db.session.rollback()
    return db.session.scalars(db.select(TrialSearch).order_by(TrialSearch.category_id)).first()  # type: ignore[return-value]


def shown(slug: str = "hand-and-arm-use") -> Recruiting | None:
    db.session.rollback()
    return queries.trials_for(db.session.scalars(db.select(Category).where(Category.slug == slug)).one(), clock.now())


def numbers() -> list[str]:
    found = shown()
    return [trial.number for trial in found.trials] if found else []


def test_what_the_registry_lists_is_kept_and_shown(registry: Service) -> None:
    make_search(make_trial(9))
    before = edition()
    report = run(registry)
    assert str(report) == "1 search for trials asked for, readers see something new"
    found = shown()
    assert found
    assert (found.total, numbers(), found.countries) == (7, ["NCT00000001", "NCT00000002"], ["Germany", "Switzerland"])
    assert (registry.asked[0].query["query.cond"], registry.asked[0].query["query.term"]) == WORDS
    assert edition() != before


def test_nothing_is_asked_that_nobody_approved(registry: Service) -> None:
    make_search()
    search().live_condition = search().live_words = None
    db.session.commit()
    assert not run(registry)
    assert registry.asked == []
    assert shown() is None


@pytest.mark.parametrize("fault", [*FAULTS, "no list", "a hole"])
def test_a_garbled_answer_takes_nothing_down(registry: Service, fault: str) -> None:
    make_search(make_trial(9), at=clock.now() - dt.timedelta(days=3))
    before, day = edition(), search().answered_at
    more = {"no list": Reply({"totalCount": 0}), "a hole": Reply({"totalCount": 4, "studies": []})}
    registry.replies_with({**FAULTS, **more}[fault])
    assert run(registry).failed == 1
    assert numbers() == ["NCT00000009"]
    assert (search().answered_at, edition()) == (day, before)
    assert search().problem.startswith("ClinicalTrials.gov ")
    assert "typed" not in search().problem


def test_without_network_everything_else_works(registry: Service) -> None:
    make_search(make_trial(9))
    registry.url = "http://127.0.0.1:9"
    assert run(registry).failed == 1
    assert numbers() == ["NCT00000009"]


def test_nobody_looked_for_two_weeks_is_told_once(registry: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    make_search(make_trial(9))
    registry.replies_with(trial_list(listed_trial(9)))
    run(registry)
    registry.replies_with(Reply({}, 500))
    at(monkeypatch, days=13.9)
    before = edition()
    run(registry)
    assert (edition(), queries.unanswered_searches(clock.now()).number) == (before, 0)
    at(monkeypatch, days=0.2)
    run(registry)
    found, late = shown(), edition()
    assert found
    assert found.is_late
    assert late != before, "a page that is kept would go on showing the list"
    assert queries.unanswered_searches(clock.now()) == (1, "Hand and arm use")
    run(registry)
    assert edition() == late
    registry.replies_with(trial_list(listed_trial(9)))
    run(registry)
    found = shown()
    assert found
    assert not found.is_late
    assert edition() != late, "the list is back"


def test_the_edition_rises_only_when_readers_see_something_new(registry: Service, monkeypatch: Any) -> None:
    make_search(make_trial(9))
    run(registry)
    first = edition()
    at(monkeypatch, days=1)
    run(registry)
    let_readers_see()
    assert edition() == first, "the day alone is not worth all pages"
    at(monkeypatch, days=7)
    run(registry)
    let_readers_see()
    second = edition()
    assert second != first, "by now the day on the page would be too old"
    registry.replies_with(trial_list(listed_trial(), listed_trial(2), total=8))
    run(registry)
    assert edition() != second


def test_each_search_is_asked_for_once_a_day(registry: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    make_search()

    def looked() -> int:
        return run(registry, None).looked

    assert looked() == 0
    at(monkeypatch, hours=23.9)
    assert looked() == 0
    at(monkeypatch, hours=0.2)
    assert (looked(), looked()) == (1, 0)
    registry.replies_with(Reply({}, 500))
    at(monkeypatch, days=1.1)
    assert (looked(), looked()) == (1, 0)
    at(monkeypatch, hours=6.1)
    assert looked() == 1, "one without an answer is asked for again on the same day"


def test_a_clock_set_back_keeps_nobody_from_looking(registry: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    make_search()
    make_search(slug="pain")
    run(registry)
    at(monkeypatch, days=-400)
    assert run(registry, None).looked == 2
    assert run(registry, None).looked == 0
    assert numbers() == ["NCT00000001", "NCT00000002"]


def test_a_registry_that_is_silent_is_left_alone(registry: Service, app: Flask) -> None:
    make_categories(*"abcdef")
    for slug in "abcdef":
        make_search(make_trial(), slug=slug)
    registry.replies_with(Reply({}, 500))
    report = run(registry)
    assert report.is_hopeless
    assert (report.looked, report.failed) == (3, 3)
    registry.replies_with(trial_list(listed_trial()))
    db.session.execute(db.update(TrialSearch).values(due_at=clock.now()))
    db.session.commit()
    assert run(registry, None).looked == 6


def test_one_search_that_the_registry_stumbles_over_keeps_no_other_from_being_asked_for(registry: Service) -> None:
    make_categories(*"abcdef")
    for slug in "abcdef":
        make_search(make_trial(), slug=slug, words=slug)
    good, bad = trial_list(listed_trial()), Reply("Invalid query", 400)
    registry.replies_with(bad, good, bad, good, bad, good)
    report = run(registry)
    assert (report.looked, report.failed, report.is_hopeless) == (6, 3, False)
    assert db.session.scalars(db.select(TrialSearch.problem).order_by(TrialSearch.category_id)).all()[1::2] == [""] * 3


def test_a_run_that_is_stopped_keeps_what_was_answered(registry: Service) -> None:
    make_search(make_trial(9))
    make_search(make_trial(9), slug="pain")
    assert run(registry, is_stopped=lambda: len(registry.asked) >= 1).looked == 1
    assert numbers() == ["NCT00000001", "NCT00000002"]
    assert run(registry, clock.now() - dt.timedelta(hours=1)).looked == 0
    assert db.session.scalars(db.select(TrialSearch.held_until)).all() == [None, None]


def test_a_run_that_was_killed_lets_go_by_itself(registry: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    make_search(make_trial(9))

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("webapp.watch.recruiting.actions._note", killed)
    monkeypatch.setattr("webapp.watch.recruiting.actions._let_go", lambda _held: None)
    with pytest.raises(KeyboardInterrupt):
        run(registry)
    monkeypatch.undo()
    assert numbers() == ["NCT00000009"], "nothing is half done"
    report = run(registry)
    assert (report.looked, report.is_other_at_it) == (0, True)
    at(monkeypatch, minutes=16)
    assert run(registry).looked == 1


def test_two_runs_at_once_ask_once(registry: Service) -> None:
    make_search(make_trial(9))
    reports: list[LookReport] = []

    def second() -> bool:
        """Begins while the first has its searches to itself."""
        if search().held_until and not reports:
            reports.append(run(registry))
        return False

    run(registry, is_stopped=second)
    assert reports[0].is_other_at_it
    assert len(registry.asked) == 1


def test_an_answer_to_words_that_were_replaced_meanwhile_is_dropped(
    registry: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_search(make_trial(9))

    def replace() -> bool:
        if len(registry.asked) == 0 and search().held_until:
            search().live_words = "other words"
            db.session.commit()
        return False

    assert run(registry, is_stopped=replace).looked == 0
    assert numbers() == ["NCT00000009"]


def test_what_does_not_belong_there_stays_out(registry: Service) -> None:
    make_search(make_trial(), hidden=(2,))
    run(registry)
    found = shown()
    assert found
    assert (numbers(), found.left_out, found.total) == (["NCT00000001"], 1, 7)
    assert db.session.scalars(db.select(HiddenTrial.number)).all() == ["NCT00000002"]


def test_the_clock_and_a_command_ask(
    registry: Service, app: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_search(make_trial(9), at=clock.now() - dt.timedelta(days=2))
    client = hurried(registry.url)
    monkeypatch.setattr("webapp.tasks.shared_client", lambda _config: client)
    monkeypatch.setattr("webapp.scholarly.client.shared_client", lambda _config: client)
    task = next(task for task in TASKS if task.name == "ask which trials look for people")
    assert str(task.action(Turn(Stop()))) == "1 search for trials asked for, readers see something new"
    assert numbers() == ["NCT00000001", "NCT00000002"]
    assert not task.action(Turn(Stop()))
    said = runner.invoke(args=["watch", "run"])
    assert said.output.splitlines()[2] == "0 searches for trials asked for.", "it was asked for a moment ago"
    at(monkeypatch, hours=2)
    said = runner.invoke(args=["watch", "run"])
    assert said.output.splitlines()[2] == "1 search for trials asked for."
    client.close()


def test_a_topic_that_leads_on_is_not_asked_for(registry: Service) -> None:
    make_search()
    db.session.execute(db.update(Category).where(Category.slug == "hand-and-arm-use").values(leads_to="pain"))
    db.session.commit()
    assert not run(registry)
    assert registry.asked == []
