"""`flask work`: each task in its turn, whatever the time of day does; told what was done; alive after errors."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from tests.factories import make_categories, make_summary
from tests.mail.conftest import Post, inbox, post  # noqa: F401 (fixtures)
from tests.mail.server import Inbox
from tests.subscriptions.conftest import make_subscriber
from webapp import clock, tasks
from webapp.errors import BUSY, NOT_SET_UP
from webapp.extensions import db
from webapp.mail import queries, schedule
from webapp.models import Heartbeat
from webapp.tasks import DELIVER, TASKS
from webapp.upkeep.heartbeats.actions import note_heartbeat
from webapp.upkeep.heartbeats.queries import last_heartbeat
from webapp.worker import LEADS, STANDS_BY, Errors, Stop, Task, Turn, do, run

ROOT = Path(__file__).parents[2]
MINUTE, HOUR = 60.0, 3600.0


class Time:
    """A steady clock and a time of day, which pass when somebody waits. The time of day can be set."""

    def __init__(self) -> None:
        self.steady, self.day = 5000.0, dt.datetime(2026, 3, 6, 9, 0, tzinfo=dt.UTC)
        self.beginning = self.steady

    def pass_by(self, seconds: float) -> None:
        self.steady += seconds
        self.day += dt.timedelta(seconds=seconds)

    @property
    def passed(self) -> float:
        return round(self.steady - self.beginning, 1)


@pytest.fixture(autouse=True)
def _no_new_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks a service that does not answer says so; here nobody asks."""
    monkeypatch.setattr(tasks, "look_for_papers", lambda *_: "")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(clock, "now", lambda: time.day)
    monkeypatch.setattr(clock, "steady", lambda: time.steady)
    monkeypatch.setattr(clock, "wait", time.pass_by)
    return time


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    with caplog.at_level(logging.WARNING):
        yield lambda: [record.getMessage() for record in caplog.records]


def every(seconds: float, action: Callable[[Turn], object], name: str = "try") -> Task:
    return Task(name, dt.timedelta(seconds=seconds), action)


def run_for(app: Flask, time: Time, seconds: float, *tasks: Task) -> list[str]:
    """Run the loop until so much time has passed; what was said."""
    stop = Stop()
    said: list[str] = []

    def end(_turn: Turn) -> None:
        stop.is_asked = time.passed >= seconds

    run(app, [*tasks, every(1, end, "end")], stop, said.append)
    return said


def test_what_a_task_did_is_said_and_nothing_is_not(app: Flask, post: Post) -> None:  # noqa: F811
    said: list[str] = []
    for task in TASKS:
        do(app, task, Turn(Stop()), Errors(), said.append)
    assert said == []
    post()
    for task in TASKS:
        do(app, task, Turn(Stop()), Errors(), said.append)
    assert said == ["deliver mail: 1 sent, 0 to be tried again, 0 given up"]
    assert len(list(Path(app.config["MAIL_FOLDER"]).glob("*.eml"))) == 1


def test_what_has_expired_is_deleted(
    app: Flask,
    post: Post,  # noqa: F811
    time: Time,
) -> None:
    said: list[str] = []
    post()
    do(app, DELIVER, Turn(Stop()), Errors(), said.append)
    time.pass_by(schedule.SENT_RETENTION.total_seconds() + 1)
    do(app, TASKS[-1], Turn(Stop()), Errors(), said.append)
    assert said[1:] == ["delete what has expired: 1 mail, 0 unconfirmed addresses, 0 messages"]
    assert queries.counts() == (0, 0, 0)


def test_each_task_is_done_at_the_start_and_after_its_pause(app: Flask, time: Time) -> None:
    done: dict[str, list[float]] = {"often": [], "seldom": []}
    often = every(10, lambda _: done["often"].append(time.passed))
    seldom = every(30, lambda _: done["seldom"].append(time.passed))
    run_for(app, time, 65, often, seldom._replace(name="seldom"))
    assert done["often"] == pytest.approx([0, 10, 20, 30, 40, 50, 60], abs=1)
    assert done["seldom"] == pytest.approx([0, 30, 60], abs=1)


def test_setting_the_clock_back_two_hours_stops_nothing(app: Flask, time: Time, log: Callable[[], list[str]]) -> None:
    done: list[float] = []

    def action(_turn: Turn) -> None:
        done.append(time.passed)
        if len(done) == 2:
            time.day -= dt.timedelta(hours=2)

    run_for(app, time, 35, every(10, action))
    assert done == pytest.approx([0, 10, 20, 30], abs=1)
    assert log() == ["The clock was set back by 2 hours. The work goes on as before."]


def test_after_a_sleep_of_the_machine_all_is_done_at_once(app: Flask, time: Time, log: Callable[[], list[str]]) -> None:
    """The steady clock stands still meanwhile (CLOCK_MONOTONIC of Linux), the time of day does not."""
    done: list[float] = []

    def sleep(_turn: Turn) -> None:
        if time.passed > 20 and len(done) == 1:
            time.day += dt.timedelta(hours=8)

    run_for(app, time, 60, every(6 * HOUR, lambda _: done.append(time.passed), "seldom"), every(1, sleep, "sleep"))
    assert done == pytest.approx([0, 21], abs=2)
    [line] = log()
    assert line.startswith("The clock went forward by 8 hours")


def test_a_task_that_begins_late_is_told(app: Flask, time: Time, log: Callable[[], list[str]]) -> None:
    def stand_still(_turn: Turn) -> None:
        if time.passed < 15 * MINUTE:
            time.pass_by(15 * MINUTE)

    run_for(app, time, 16 * MINUTE, every(HOUR, stand_still, "hang"), every(10, lambda _: None, "deliver"))
    assert log() == ["Late by 15 minutes: deliver.", "Late by 15 minutes: end."]


def test_a_slow_task_keeps_nobody_away_and_goes_on_in_its_next_turn(app: Flask, time: Time) -> None:
    """A mail server that takes half a minute for each of 40 mails, in front of what is done every hour."""
    waiting, hourly = list(range(40)), []

    def deliver(turn: Turn) -> None:
        while waiting and not turn.is_over():
            waiting.pop()
            time.pass_by(30)

    run_for(app, time, 3 * HOUR, every(2, deliver), every(600, lambda _: hourly.append(time.passed), "letters"))
    assert not waiting
    assert [round(at, -1) for at in hourly[:3]] == pytest.approx([60, 690, 1290], abs=60)
    assert len(hourly) >= 17


def test_a_turn_that_is_cut_goes_on_at_once_not_after_the_pause(app: Flask, time: Time) -> None:
    left, ends = list(range(10)), []

    def write(turn: Turn) -> None:
        while left and not turn.is_over():
            left.pop()
            time.pass_by(20)
        ends.append(time.passed)

    run_for(app, time, 10 * MINUTE, every(HOUR, write))
    assert not left
    assert ends == pytest.approx([60, 120, 180, 200], abs=5)


def test_an_error_is_told_once_and_again_after_it_was_gone(app: Flask, log: Callable[[], list[str]]) -> None:
    is_broken = [True, True, False, True]

    def action(_turn: Turn) -> str:
        if is_broken.pop(0):
            raise RuntimeError("the disk is full")
        return "done"

    said: list[str] = []
    errors = Errors()
    for _ in range(4):
        do(app, every(1, action), Turn(Stop()), errors, said.append)
    assert log() == ["Could not do this now: try. It will be tried again."] * 2
    assert said == ["try: done"]


def test_an_error_of_one_task_ends_no_other(app: Flask, time: Time) -> None:
    done: list[float] = []
    run_for(app, time, 25, every(5, lambda _: 1 / 0, "broken"), every(10, lambda _: done.append(time.passed)))
    assert len(done) == 3


@pytest.mark.sqlite
def test_a_database_without_tables_is_told_once_and_the_work_goes_on(
    app: Flask, time: Time, log: Callable[[], list[str]]
) -> None:
    tables = ("outbox", "heartbeats", "subscribers", "messages")
    for name in tables:
        db.session.execute(text(f"ALTER TABLE {name} RENAME TO hidden_{name}"))
    db.session.commit()

    def bring_back(_turn: Turn) -> None:
        if time.passed > 90 and last_was_missing():
            for name in tables:
                db.session.execute(text(f"ALTER TABLE hidden_{name} RENAME TO {name}"))
            db.session.commit()

    def last_was_missing() -> bool:
        return bool(db.session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'hidden_outbox'")))

    run_for(app, time, 200, *TASKS, every(1, bring_back, "bring back"))
    assert log() == [NOT_SET_UP]
    assert last_heartbeat()


@pytest.mark.sqlite
def test_a_locked_database_is_told_once_and_the_work_goes_on(
    app: Flask, time: Time, log: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(app.instance_path) / "site.db"
    db.session.execute(text("PRAGMA busy_timeout = 10"))
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def unlock(_turn: Turn) -> None:
        if time.passed > 150 and other.in_transaction:
            other.execute("COMMIT")

    def impatient_heartbeat(_turn: Turn) -> None:
        db.session.execute(text("PRAGMA busy_timeout = 10"))
        note_heartbeat()

    run_for(app, time, 300, TASKS[0]._replace(action=impatient_heartbeat), every(1, unlock, "unlock"))
    other.close()
    assert log() == [BUSY]
    assert last_heartbeat()


def test_the_worker_says_every_minute_that_it_runs(app: Flask, time: Time) -> None:
    assert last_heartbeat() is None
    run_for(app, time, 130, *TASKS)
    at = last_heartbeat()
    assert at is not None
    assert dt.timedelta() <= time.day - at <= dt.timedelta(seconds=61)


def test_the_sign_of_life_follows_a_clock_that_is_set_back(app: Flask, time: Time) -> None:
    note_heartbeat()
    time.day -= dt.timedelta(hours=2)
    note_heartbeat()
    assert last_heartbeat() == time.day
    assert last_heartbeat("another") is None


def test_two_workers_at_once_do_each_thing_once(
    app: Flask,
    inbox: Inbox,  # noqa: F811
    post: Post,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_categories("pain")
    today = clock.today()
    make_summary(categories=["pain"], date=today, lastmod=today)
    for number in range(8):
        make_subscriber(f"reader{number}@example.org")
    for number in range(12):
        post(f"other{number}@example.org")
    stops = [Stop(), Stop()]
    said: list[str] = []
    faults: list[Exception] = []
    tasks = [task._replace(when=dt.timedelta(seconds=0.05)) for task in TASKS]
    monkeypatch.setitem(app.config, "MAIL_URL", inbox.url)

    def work(stop: Stop) -> None:
        try:
            run(app, tasks, stop, said.append)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=[stop]) for stop in stops]
    for thread in threads:
        thread.start()
    end = clock.steady() + 60
    while len(inbox.envelopes) < 20 and clock.steady() < end:
        clock.wait(0.02)
    for stop in stops:
        stop.is_asked = True
    for thread in threads:
        thread.join()
    assert not faults
    assert len({message["Message-ID"] for message in inbox.messages}) == len(inbox.messages) == 20
    assert len(list(db.session.scalars(select(Heartbeat)))) == 2, "of the work, and of the key"


def test_a_mail_to_be_sent_waits_for_no_letters_of_a_clock_that_ran_ahead(
    app: Flask,
    post: Post,  # noqa: F811
    time: Time,
) -> None:
    """What was queued before the clock was set back is due, though its time has not come again."""
    post()
    time.day -= dt.timedelta(hours=2)
    said = run_for(app, time, 5, DELIVER)
    assert said == ["deliver mail: 1 sent, 0 to be tried again, 0 given up"]


class TwoHosts:
    """The lead, of which one host is told what `answers` say."""

    def __init__(self, *answers: bool | OperationalError) -> None:
        self.answers = list(answers)

    def is_held(self) -> bool:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, OperationalError):
            raise answer
        return answer


def run_beside_another(app: Flask, time: Time, lead: TwoHosts) -> tuple[list[float], list[float], list[str]]:
    """What one host did for all, what it did for itself, and what it said."""
    common, local, said, stop = list[float](), list[float](), list[str](), Stop()

    def end(_turn: Turn) -> None:
        local.append(time.passed)
        stop.is_asked = time.passed >= 5

    mine = every(1, end, "mine")._replace(is_local=True)
    run(app, [mine, every(2, lambda _: common.append(time.passed))], stop, said.append, lead)
    return common, local, said


def test_who_stands_by_does_its_own_work_and_takes_over_within_a_second(app: Flask, time: Time) -> None:
    common, local, said = run_beside_another(app, time, TwoHosts(False, False, False, True))
    assert common[0] == pytest.approx(3, abs=0.5)
    assert local == pytest.approx([0, 1, 2, 3, 4, 5], abs=0.5)
    assert said == [STANDS_BY, LEADS]


def test_who_loses_the_lead_does_nothing_for_all_any_more(app: Flask, time: Time, log: Callable[[], list[str]]) -> None:
    lost = OperationalError("SELECT", None, sqlite3.OperationalError("unable to open"))
    common, local, said = run_beside_another(app, time, TwoHosts(True, lost, lost, False))
    assert common == [0]
    assert len(local) == 6
    assert said == [LEADS, STANDS_BY]
    assert len(log()) == 1, "told once, as any fault of the database"


HANGING = """
import sys
from webapp import worker
import datetime as dt, time
from flask import Flask
def hang(turn):
    print("begun", flush=True)
    time.sleep(60)
with worker.Stop() as stop:
    worker.run(Flask("x"), [worker.Task("hang", dt.timedelta(seconds=1), hang)], stop, print)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_at_once(number: signal.Signals) -> None:
    process = subprocess.Popen([sys.executable, "-c", HANGING], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.3)
    process.send_signal(number)
    assert process.wait(timeout=30) == -number
    process.stdout.close()


def test_one_signal_of_each_kind_is_one_wish() -> None:
    """Ctrl+C in `make run` reaches the worker by the terminal, and again by make."""
    with Stop() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.is_asked
        assert signal.getsignal(signal.SIGINT) == stop._ask
