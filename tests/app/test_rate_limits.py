"""Limits hold across threads, processes and restarts, count POST alone, and keep nobody's address."""

from __future__ import annotations

import datetime as dt
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_limiter.util import get_qualified_name
from limits import parse
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from sqlalchemy import event, select

from tests.conftest import counted, make_app
from tests.databases import url_of
from tests.page import PageClient
from webapp import rate_limits
from webapp.config import Settings
from webapp.extensions import db, limiter
from webapp.models import RateLimitHit
from webapp.rate_limits import DatabaseStorage, delete_expired, hit, reserve
from webapp.request import network_of
from webapp.tasks import delete_expired_rows
from webapp.worker import Stop, Turn

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2026, 3, 6, 12, tzinfo=dt.UTC)
HITS = """
import sys
from pathlib import Path
from limits import parse
from webapp import create_app
from webapp.rate_limits import hit
with create_app(Path(sys.argv[1])).app_context():
    print(sum(hit(parse("20 per day"), "ada@example.org") for _ in range(15)))
"""


@pytest.fixture
def limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application of this test, with its limits on."""
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    rate_limits.init_app(app)
    return app


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[dt.timedelta]:
    """The time that passed since NOW, as the last entry."""
    passed = [dt.timedelta()]
    monkeypatch.setattr("webapp.clock.now", lambda: NOW + passed[-1])
    return passed


def rows() -> list[RateLimitHit]:
    db.session.rollback()
    return list(db.session.scalars(select(RateLimitHit)))


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_sender_is_an_ipv4_address_or_the_64_of_an_ipv6_one(ip: str, network: str) -> None:
    assert network_of(ip) == network


def test_processes_count_together_and_a_restart_forgets_nothing(limited: Flask) -> None:
    command = [sys.executable, "-c", HITS, limited.instance_path]
    environment = {**os.environ, "DATABASE_URL": url_of(Path(limited.instance_path))}
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    passed = [int(process.communicate(timeout=90)[0]) for process in processes]
    assert sum(passed) == 20
    with make_app(Path(limited.instance_path), RATELIMIT_ENABLED=True, SECRET_KEY=limited.secret_key).app_context():
        assert not hit(parse("20 per day"), "ada@example.org")
        assert hit(parse("20 per day"), "bo@example.org")


def test_threads_count_exactly(limited: Flask) -> None:
    ready = threading.Barrier(6)
    passed: list[bool] = []
    turns: list[dt.datetime] = []

    def at_once() -> None:
        with limited.app_context():
            ready.wait()
            passed.extend(hit(parse("20 per day"), "ada@example.org") for _ in range(6))
            turns.extend(reserve(parse("5 per day"), "mails") for _ in range(2))

    threads = [threading.Thread(target=at_once) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed)) == (36, 20)
    days = [(turn - min(turns)).days for turn in sorted(turns)]
    assert days == [0] * 5 + [1] * 5 + [2] * 2


def test_two_instances_of_the_site_count_one_reader_once(limited: Flask) -> None:
    """What two workers are, and one that was started anew."""
    codes = []
    for _ in range(3):
        client = make_app(Path(limited.instance_path), RATELIMIT_ENABLED=True).test_client()
        codes += [client.post("/contact", data={}).status_code for _ in range(11)]
    assert codes == [400] * 30 + [429] * 3


def test_what_was_done_counts_although_the_request_was_rolled_back(limited: Flask) -> None:
    limit = parse("1 per day")
    assert hit(limit, "ada@example.org")
    db.session.rollback()
    assert not hit(limit, "ada@example.org")


def test_room_comes_back_hit_by_hit(limited: Flask, clock: list[dt.timedelta]) -> None:
    limit = parse("2 per hour")
    outcomes = []
    for minutes in (0, 30, 59, 60, 61, 90, 91, 200):
        clock.append(dt.timedelta(minutes=minutes))
        outcomes.append(hit(limit, "ada@example.org"))
    assert outcomes == [True, True, False, True, False, True, False, True]


def test_what_counts_no_more_is_deleted(limited: Flask, clock: list[dt.timedelta]) -> None:
    for address in ("ada@example.org", "bo@example.org"):
        hit(parse("5 per hour"), address)
    clock.append(dt.timedelta(minutes=61))
    hit(parse("5 per hour"), "cy@example.org")
    assert len(rows()) == 1
    assert delete_expired() == 0
    clock.append(dt.timedelta(minutes=122))
    assert delete_expired() == 1
    assert rows() == []


def test_the_clock_process_deletes_what_counts_no_more_on_quiet_days(
    limited: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hit(parse("5 per hour"), "ada@example.org")
    monkeypatch.setattr("webapp.clock.now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(hours=2))
    delete_expired_rows(Turn(Stop()))
    assert rows() == []


def test_a_clock_that_ran_ahead_locks_nobody_out(limited: Flask, clock: list[dt.timedelta]) -> None:
    limit = parse("1 per day")
    clock.append(dt.timedelta(days=400))
    assert hit(limit, "ada@example.org")
    clock.append(dt.timedelta())
    assert hit(limit, "ada@example.org")
    assert not hit(limit, "ada@example.org")


def test_no_address_can_be_read_from_the_counts(limited: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    limited.test_client().post("/contact", data={}, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    hit(parse("5 per day"), "ada@example.org")
    first, second = (row.digest for row in rows())
    assert len(first) == len(second) == 64
    assert not [word for word in ("example", "203.0.113", "contact") if word in first + second]
    monkeypatch.setitem(limited.config, "SECRET_KEY", "another key, which is long")
    hit(parse("5 per day"), "ada@example.org")
    assert rows()[-1].digest != second, "nobody without the key can try addresses out"


def test_a_limit_is_logged_without_who_reached_it(limited: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = limited.test_client()
    for _ in range(31):
        response = client.post("/contact?q=private", data={}, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert response.status_code == 429
    said = [record.getMessage() for record in caplog.records if "limit" in record.getMessage().lower()]
    assert said == ["A limit was reached at contact.send: 30 per 1 hour."]
    assert "203.0.113" not in caplog.text
    assert "private" not in caplog.text


@pytest.mark.sqlite
@pytest.mark.parametrize("fault", ["locked", "gone"])
def test_while_the_database_cannot_be_written_nothing_is_refused(
    limited: Flask, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    event.listen(db.engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout = 1"))
    with db.engine.connect() as other:
        if fault == "gone":
            other.exec_driver_sql("DROP TABLE rate_limit_hits")
            other.commit()
        else:
            other.exec_driver_sql("BEGIN IMMEDIATE")
        assert [hit(parse("1 per day"), "ada@example.org") for _ in range(2)] == [True, True]
        assert reserve(parse("1 per hour"), "mails") <= dt.datetime.now(dt.UTC)
        assert limited.test_client().post("/contact", data={}).status_code == 400
    assert caplog.text.count("Limits could not be counted, so nothing was limited") == 4
    assert ("database is locked" if fault == "locked" else "no such table") in caplog.text
    assert "ada" not in caplog.text


def test_reading_is_never_limited(limited: Flask, client: PageClient) -> None:
    with counted(limited) as sent:
        for address in ("/", "/about", "/research/?q=pain", "/subscribe", "/contact", "/healthz", "/nowhere"):
            client.get(address)
        client.options("/contact")
    assert not [statement for statement in sent if "rate_limit" in statement]
    limited_views = {name for name, view in limited.view_functions.items() if _is_limited(view)}
    assert limited_views == {
        "ask.confirm",
        "ask.look_up",
        "ask.wish",
        "contact.send",
        "desk.accounts.sign_in",
        "desk.accounts.sign_in_with_passkey",
        "desk.accounts.use_link",
        "feedback.answer",
        "subscriptions.confirm",
        "subscriptions.manage",
        "subscriptions.subscribe",
    }
    for rule in limited.url_map.iter_rules():
        assert rule.endpoint not in limited_views or rule.methods == {"POST", "OPTIONS"}


def _is_limited(view: Callable[..., Any]) -> bool:
    return bool(limiter.limit_manager.decorated_limits(get_qualified_name(view)))


def test_what_must_wait_is_given_the_first_moment_with_room(limited: Flask, clock: list[dt.timedelta]) -> None:
    """However many come, no hour holds more than the limit; and nothing is refused."""
    limit = parse("2 per hour")
    waits = []
    for minutes in (0, 10, 20, 20, 20, 130, 300):
        clock.append(dt.timedelta(minutes=minutes))
        waits.append((reserve(limit, "mails") - NOW).total_seconds() / 60)
    assert waits == [0, 10, 60, 70, 120, 130, 300]


def test_it_is_a_storage_as_the_library_asks_for(limited: Flask, clock: list[dt.timedelta]) -> None:
    limit, storage = parse("2 per hour"), DatabaseStorage()
    moving, fixed = MovingWindowRateLimiter(storage), FixedWindowRateLimiter(storage)
    assert storage.check()
    assert moving.get_window_stats(limit, "x") == (NOW.timestamp() + 3600, 2)
    assert moving.hit(limit, "x")
    clock.append(dt.timedelta(minutes=5))
    assert moving.get_window_stats(limit, "x") == (NOW.timestamp() + 3600, 1)
    assert moving.test(limit, "x")
    assert not moving.hit(limit, "x", cost=2)
    assert moving.hit(limit, "x")
    assert not moving.test(limit, "x")
    moving.clear(limit, "x")
    assert moving.test(limit, "x", cost=2)
    assert [fixed.hit(limit, "y") for _ in range(3)] == [True, True, False]
    assert fixed.get_window_stats(limit, "y") == (NOW.timestamp() + 3900, 0)
    assert storage.reset() == 3


def test_limits_need_no_setting() -> None:
    assert not [name for name in Settings.model_fields if "limit" in name]
