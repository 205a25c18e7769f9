"""What the registry says of a trial is kept; what cannot be read takes nothing away."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from flask import Flask

from tests.factories import make_summary
from tests.scholarly.answers import TRIAL, WRONG, study
from tests.scholarly.server import Reply
from tests.watch.test_looking import FAULTS
from tests.watch.trials.conftest import OTHER, Registry, at, changes, run, says, trial
from webapp import clock
from webapp.documents.actions import unpublish
from webapp.documents.queries import document_named
from webapp.edition import edition
from webapp.extensions import db
from webapp.models import Summary, TrialLink, WatchedTrial
from webapp.watch.actions import let_readers_see
from webapp.watch.holding import HOLD
from webapp.watch.trials import queries
from webapp.watch.trials.actions import settle
from webapp.watch.trials.records import dial

SILENT = {name: fault for name, fault in FAULTS.items() if name != "not found"}


def test_what_the_registry_says_is_kept(registry: Registry, walk: Summary) -> None:
    assert str(run(registry)) == "1 trial looked at"
    assert trial().status == trial().told_status == "ACTIVE_NOT_RECRUITING"
    record = trial().record
    assert record
    assert record["countries"] == ["Switzerland"], "nobody is looked for in the other"
    assert record["contacts"] == [
        {"name": "Research Team", "phone": "555-0100 ext. 2", "dial": "5550100", "email": "team@example.org"}
    ]
    assert [site["city"] for site in record["sites"]] == ["Zurich"]
    assert (record["verified"], record["updated"]) == ("2026-04", "2026-05-02")
    assert record["criteria"].startswith("Inclusion Criteria:\n\n* Injury")
    assert changes() == []
    assert not run(registry, looked_before=None), "nothing is due"


def test_only_trials_of_the_registry_that_readers_see_are_asked_for_and_each_once(
    registry: Registry, walk: Summary
) -> None:
    make_summary(
        "stand", study={"registrations": [TRIAL.lower(), "ACTRN12610000498099", OTHER, "EudraCT 2016-001227-31"]}
    )
    registry.trials[OTHER] = {}
    assert run(registry).looked == 2
    assert sorted(question.path.partition("?")[0] for question in registry.asked) == [
        f"/studies/{TRIAL}", f"/studies/{OTHER}",
    ]  # fmt: skip
    assert db.session.scalars(db.select(TrialLink.number).order_by(TrialLink.number)).all() == [TRIAL, TRIAL, OTHER]
    document = document_named("summary", "stand")
    assert document
    unpublish(document, "We have moved.")
    assert run(registry).looked == 1


@pytest.mark.parametrize("fault", SILENT)
def test_what_cannot_be_read_takes_nothing_down(registry: Registry, walk: Summary, fault: str) -> None:
    registry.broken = SILENT[fault]
    assert run(registry).failed == 1
    assert (trial().status, trial().record, trial().answered_at) == ("", None, None)
    registry.broken = None
    says(registry, "RECRUITING")
    run(registry)
    day, shown = trial().answered_at, edition()
    registry.broken = SILENT[fault]
    report = run(registry)
    assert (report.looked, report.failed) == (1, 1)
    assert (trial().status, trial().answered_at) == ("RECRUITING", day)
    assert trial().problem
    assert trial().asks == ""
    assert edition() == shown


def test_a_number_that_is_not_there_is_told_to_the_owner_alone(registry: Registry, walk: Summary) -> None:
    says(registry, "RECRUITING")
    run(registry)
    shown = edition()
    del registry.trials[TRIAL]
    assert run(registry).asks == 1
    assert (trial().asks, trial().problem) == ("missing", "has no trial with this number.")
    assert (trial().status, edition(), changes()) == ("RECRUITING", shown, [])
    assert run(registry).asks == 0, "it is told once"
    registry.broken = Reply({}, 500)
    run(registry)
    assert trial().asks == "missing", "no answer takes nothing back"
    settle(TRIAL)
    assert queries.asking_trials().how_many == 0
    registry.broken = None
    says(registry, "RECRUITING")
    run(registry)
    assert (trial().asks, trial().seen, trial().problem) == ("", "", "")


def test_another_trial_under_the_number_is_not_this_one(registry: Registry, walk: Summary) -> None:
    registry.trials[TRIAL] = Reply(study(identificationModule={"nctId": OTHER}))
    run(registry)
    assert (trial().asks, trial().record) == ("moved", None)
    registry.trials[TRIAL] = Reply(study(identificationModule={"nctId": OTHER, "nctIdAliases": [TRIAL]}))
    run(registry)
    assert (trial().asks, trial().status) == ("", "ACTIVE_NOT_RECRUITING"), "one trial had two numbers"


@pytest.mark.parametrize("value", [*WRONG, "RECRUITING now", "OPEN", "AVAILABLE", "x" * 5000])
def test_a_status_that_is_none_changes_nothing(registry: Registry, walk: Summary, value: object) -> None:
    run(registry)
    registry.trials[TRIAL] = {"statusModule": {"overallStatus": value}}
    assert run(registry).failed == 1
    assert trial().status == "ACTIVE_NOT_RECRUITING"
    assert len(trial().problem) < 120


def test_what_is_kept_is_bounded(registry: Registry, walk: Summary) -> None:
    person = {"name": "n" * 500, "phone": "call 5550100", "email": "x@y@z"}
    people = [person, *({**person, "email": f"a{number}@example.org"} for number in range(4))]
    places = [
        {"facility": "f" * 500, "country": f"c{n}", "status": "RECRUITING", "contacts": people[:2]} for n in range(22)
    ]
    who = {"eligibilityCriteria": "A" * 9000, "minimumAge": "9" * 400, "sex": "s" * 400}
    where = {"centralContacts": people, "locations": places}
    registry.trials[TRIAL] = {"contactsLocationsModule": where, "eligibilityModule": who}
    run(registry)
    record = trial().record
    assert record
    assert (len(record["sites"]), record["site_count"], len(record["contacts"])) == (20, 22, 3)
    assert all(one["email"] and not one["phone"] and len(one["name"]) <= 200 for one in record["contacts"])
    assert (len(record["criteria"]), record["is_cut"], len(record["sex"])) == (8000, True, 200)


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("+1 555 555-0100, +1 555 555-0199", "+15555550100"), ("555-0100 / +1 555 555-0199", "5550100"),
        ("+49 (0)30 1234/5678", "+493012345678"), ("(030) 1234", "0301234"), ("555-0100 ext. 2", "5550100"), ("", ""),
    ],
)  # fmt: skip
def test_nobody_is_led_to_a_number_that_is_none(phone: str, number: str) -> None:
    assert dial(phone) == number


# When


def test_each_trial_is_looked_at_once_a_day(registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    def looked() -> int:
        return run(registry, looked_before=None).looked

    assert (looked(), looked()) == (1, 0)
    at(monkeypatch, hours=22)
    assert looked() == 0
    at(monkeypatch, hours=2)
    assert (looked(), looked()) == (1, 0)
    registry.broken = Reply({}, 500)
    at(monkeypatch, days=1)
    assert (looked(), looked()) == (1, 0)
    at(monkeypatch, hours=7)
    assert looked() == 1, "one that could not be asked for is asked for again on the same day"


def test_a_registry_that_is_silent_is_left_alone(registry: Registry, walk: Summary) -> None:
    make_summary("many", study={"registrations": [f"NCT0888{number:04}" for number in range(30)]})
    registry.broken = Reply({}, 500)
    report = run(registry)
    assert (report.looked, report.is_hopeless, len(registry.asked)) == (3, True, 3)
    registry.broken = None
    assert run(registry, looked_before=None).looked == 28, "the others are due all the same"


def test_without_an_answer_for_two_weeks_the_owner_is_told(
    registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(registry)
    registry.url = "http://127.0.0.1:9"
    at(monkeypatch, days=13)
    assert run(registry).asks == 0
    at(monkeypatch, days=2)
    assert run(registry).asks == 1
    assert trial().asks == "silent"


def test_a_clock_that_was_wrong_keeps_no_trial_from_being_looked_at(
    registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as ahead:
        at(ahead, days=4000)
        assert run(registry, looked_before=None).looked == 1
        db.session.get_one(WatchedTrial, TRIAL).held_until = clock.now() + HOLD
        db.session.commit()
    says(registry, "COMPLETED")
    assert run(registry, looked_before=None).looked == 1
    assert run(registry, looked_before=None).looked == 0
    at(monkeypatch, hours=23.5)
    run(registry, looked_before=None)
    assert changes() == [("ACTIVE_NOT_RECRUITING", "COMPLETED")]


def test_a_clock_that_is_set_back_in_the_middle_makes_nobody_look_for_ever(registry: Registry, walk: Summary) -> None:
    assert run(registry, looked_before=dt.datetime(2200, 1, 1, tzinfo=dt.UTC)).looked == 1


def test_what_another_run_looks_at_is_left_to_it(registry: Registry, walk: Summary) -> None:
    run(registry)
    trial().held_until = clock.now() + HOLD
    db.session.commit()
    report = run(registry)
    assert (report.looked, report.is_other_at_it) == (0, True)


def test_two_runs_at_once_ask_once(app: Flask, registry: Registry, walk: Summary) -> None:
    reports = []

    def work() -> None:
        with app.app_context():
            reports.append(run(registry, looked_before=None))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.looked for report in reports) == 1
    assert len(registry.asked) == 1


def test_a_run_that_was_killed_goes_on(registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    make_summary("many", study={"registrations": [f"NCT0888{number:04}" for number in range(5)]})

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("webapp.watch.trials.actions.judge", killed)
        with pytest.raises(KeyboardInterrupt):
            run(registry, looked_before=None)
    db.session.rollback()
    assert run(registry, looked_before=None).looked == 6


# A change of status


def test_a_change_is_told_when_it_still_stands_a_day_later(
    registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(registry, "RECRUITING")
    run(registry)
    says(registry, "COMPLETED")
    at(monkeypatch, days=1)
    assert run(registry).told == 0
    assert trial().status == "COMPLETED", "the page says at once what is so"
    at(monkeypatch, hours=1)
    assert run(registry).told == 0, "asked for by hand"
    at(monkeypatch, hours=23)
    assert str(run(registry)) == "1 trial looked at, 1 change of status to tell of"
    at(monkeypatch, days=1)
    assert run(registry).told == 0
    assert changes() == [("RECRUITING", "COMPLETED")]


def test_that_a_trial_is_open_is_no_news_as_long_as_nobody_confirmed_it(
    registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(registry, "COMPLETED")
    run(registry)
    says(registry, "RECRUITING", verified="2020-01")
    for _ in range(3):
        at(monkeypatch, days=1)
        assert run(registry).told == 0
    says(registry, "RECRUITING")
    assert run(registry).told == 1
    assert changes() == [("COMPLETED", "RECRUITING")]


def test_what_flips_back_is_no_news(registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    for status in ["RECRUITING", "COMPLETED", "RECRUITING", "SUSPENDED", "COMPLETED", "RECRUITING", "RECRUITING"]:
        says(registry, status)
        run(registry)
        at(monkeypatch, days=1)
    assert changes() == []


def test_no_answer_between_two_neither_tells_nor_hides(
    registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(registry, "RECRUITING")
    run(registry)
    at(monkeypatch, days=1)
    says(registry, "COMPLETED")
    run(registry)
    registry.broken = Reply("<!doctype html>")
    at(monkeypatch, days=1)
    assert run(registry).told == 0
    registry.broken = None
    at(monkeypatch, days=1)
    assert run(registry).told == 1


def test_a_trial_at_which_nobody_looked_for_long_is_new(
    registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(registry)
    says(registry, "COMPLETED")
    at(monkeypatch, days=91)
    run(registry)
    at(monkeypatch, days=1)
    run(registry)
    assert changes() == []


# What readers see of it


def test_pages_are_made_anew_only_for_what_readers_see(
    registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(registry, "COMPLETED")
    run(registry)
    shown = edition()
    says(registry, "COMPLETED", updated="2026-11-01")
    at(monkeypatch, days=1)
    run(registry)
    let_readers_see()
    assert edition() == shown, "of a trial that is finished nobody sees that"
    says(registry, "RECRUITING")
    run(registry)
    assert edition() != shown
    at(monkeypatch, days=1)
    assert run(registry).told == 1
    shown = edition()
    at(monkeypatch, days=7.5)
    let_readers_see()
    assert edition() == shown, "nobody looked since"
    run(registry)
    assert edition() == shown
    let_readers_see()
    assert edition() != shown, "the day on the page would be too old"


def test_what_nobody_confirmed_or_could_look_at_makes_pages_anew_when_its_time_has_come(
    registry: Registry, walk: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(registry, "RECRUITING")
    run(registry)
    shown = edition()
    registry.broken = Reply({}, 500)
    at(monkeypatch, days=29)
    run(registry)
    assert edition() == shown
    at(monkeypatch, days=2)
    run(registry)
    assert edition() != shown
