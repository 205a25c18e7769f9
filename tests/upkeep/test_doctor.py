"""`flask doctor`: each thing that can be wrong is made wrong, and told with what to do about it."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from werkzeug.serving import make_server

from tests.conftest import Forward, make_app
from tests.databases import copy_database
from tests.mail.server import Inbox, serving
from tests.watch.papers.making import make_search
from webapp import clock
from webapp.extensions import db
from webapp.mail.outbox import enqueue
from webapp.models import Edition, Heartbeat, OutboxMail, PaperSearch
from webapp.upkeep import outside
from webapp.upkeep.doctor import examination as doctor
from webapp.upkeep.doctor.finding import Finding, State
from webapp.upkeep.heartbeats.actions import note_heartbeat, note_key
from webapp.upkeep.heartbeats.queries import BACKUP, is_another_key_used
from webapp.upkeep.kinds import kind_of

HOUR = dt.timedelta(hours=1)
Usage = namedtuple("Usage", "total used free")


def found(app: Flask, about: str) -> list[Finding]:
    return [finding for name, finding in doctor.examine(app) if name == about]


def only(app: Flask, about: str, state: State = State.FAULT) -> Finding:
    (finding,) = [one for one in found(app, about) if one.state is state]
    return finding


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """But where a test says so."""
    monkeypatch.setattr(outside, "look", lambda app: outside.Seen("198.51.100.9", "https", "198.51.100.9"))


@pytest.fixture
def well(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site of which nothing is wrong."""
    app.config |= {"OWNER_EMAIL": "owner@example.org", "TRUSTED_PROXIES": 1}
    Path(app.instance_path).chmod(0o700)
    note_heartbeat()
    note_heartbeat(BACKUP)
    return app


def test_a_host_with_another_secret_key_is_told_on_both(well: Flask, instance: Path, forward: Forward) -> None:
    other = make_app(instance, SECRET_KEY="a key that nobody else has", SECRET_KEY_FALLBACKS=[])
    note_key()
    assert not is_another_key_used()
    with other.app_context():
        note_key()
        assert "SECRET_KEY" in only(other, "worker").says
    assert "SECRET_KEY" in only(well, "worker").says
    well.config["SECRET_KEY_FALLBACKS"] = ["a key that nobody else has"]
    assert not is_another_key_used(), "it was changed here, and what the old one signed is still taken"
    well.config["SECRET_KEY_FALLBACKS"] = []
    forward(dt.timedelta(minutes=4))
    assert not is_another_key_used(), "nobody uses it any more"
    forward(dt.timedelta(days=1))
    note_key()
    assert len(db.session.scalars(select(Heartbeat).where(Heartbeat.name.startswith("key "))).all()) == 1


def test_of_a_site_that_is_well_no_fault_is_told(well: Flask, runner: FlaskCliRunner) -> None:
    outcome = runner.invoke(args=["doctor"])
    assert outcome.exit_code == 0, outcome.output
    assert "FAULT" not in outcome.output
    for about in doctor.CHECKS:
        assert about in outcome.output


def test_a_fault_is_told_with_its_remedy_and_by_the_exit_status(app: Flask, runner: FlaskCliRunner) -> None:
    outcome = runner.invoke(args=["doctor"])
    assert outcome.exit_code == 1
    assert "FAULT worker    `flask work` never ran" in outcome.output
    assert "Do: systemctl enable --now spinal-cord-research-help-work" in outcome.output


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("http://127.0.0.1:5000", State.NOTE),
        ("http://example.org", State.FAULT),
        ("https://example.org", State.WELL),
    ],
)
def test_where_the_site_says_it_lives(well: Flask, url: str, state: State) -> None:
    well.config["SITE_URL"] = url
    assert [one.state for one in found(well, "settings") if "SITE_URL" in one.says] == [state]


def test_what_others_can_read_is_told(well: Flask) -> None:
    Path(well.instance_path).chmod(0o755)
    assert only(well, "settings").remedy == f"chmod 700 {well.instance_path}"


@pytest.mark.sqlite
def test_a_database_that_is_not_there_is_told_once_and_the_rest_is_looked_at(well: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    (Path(well.instance_path) / "site.db").unlink()
    faults = [about for about, one in doctor.examine(well) if one.state is State.FAULT]
    assert faults == ["database"]
    assert found(well, "disk")


@pytest.mark.sqlite
def test_a_damaged_database_is_told(well: Flask) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("INSERT INTO summary_categories VALUES (77, 88, 1)")
        connection.commit()
    finding = only(well, "database")
    assert "damaged" in finding.says
    assert "flask restore" in finding.remedy


@pytest.mark.sqlite
def test_a_database_of_somebody_else_is_told(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    finding = next(one for one in found(well, "database") if one.state is State.FAULT)
    assert "is not yours" in finding.says
    assert "sudo -u" in finding.remedy


def test_which_database_it_is_is_told(well: Flask) -> None:
    says = " ".join(one.says for one in found(well, "database") if one.state is State.WELL)
    assert re.search(r"(SQLite 3[.\d]+|PostgreSQL \d+[.\d]*, \w+ on \S+), \d+\.\d MB; (whole, )?schema", says)
    assert ("connection" in says) == ("PostgreSQL" in says)


def test_a_server_that_has_nearly_no_connection_left_is_told(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind_of(db.engine), "connections", lambda _connection: (88, 97))
    assert "88 connections of 97 allowed" in only(well, "database").says


@pytest.mark.parametrize(("later", "says"), [(4 * HOUR, "4 hours ago"), (50 * HOUR, "2 days ago")])
def test_work_that_stands_still_is_told(
    well: Flask, monkeypatch: pytest.MonkeyPatch, later: dt.timedelta, says: str
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + later)
    assert says in only(well, "worker").says


def test_backups_that_no_longer_come_are_told(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    assert found(well, "backups")[0].state is State.WELL
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=3))
    assert "The last backup was made 3 days ago" in only(well, "backups").says


def test_a_mail_server_that_does_not_take_us_in_is_told(well: Flask) -> None:
    with serving(Inbox()) as inbox:
        well.config["MAIL_URL"] = inbox.url
        assert "takes us in" in found(well, "mail")[0].says
        inbox.refuses_at, inbox.refusal = "EHLO", "554 not you"
        assert "not you" in only(well, "mail").says
        assert not inbox.envelopes
    assert "does not take us in" in only(well, "mail").says  # nobody is there any more


def test_mail_that_waits_or_was_given_up_is_told(well: Flask) -> None:
    for subject in ("old", "given up", "new"):
        enqueue("greeting", "reader@example.org", subject=subject, text="", html="")
    db.session.flush()
    long_ago = clock.now() - 2 * HOUR
    db.session.execute(db.update(OutboxMail).where(OutboxMail.subject != "new").values(created_at=long_ago))
    db.session.execute(db.update(OutboxMail).where(OutboxMail.subject == "given up").values(given_up_at=long_ago))
    db.session.commit()
    assert only(well, "mail").says == "1 mail waits for more than an hour."
    assert "1 mail was given up." in [one.says for one in found(well, "mail")]


def test_a_search_for_new_papers_that_no_longer_works_is_told(well: Flask) -> None:
    assert "have not been searched for yet" in only(well, "papers", State.WELL).says
    now = clock.now()
    make_search(begun_at=now, done_at=None, problem="Europe PMC did not answer.")
    assert "to the end yet" in only(well, "papers", State.WELL).says
    row = db.session.get_one(PaperSearch, 1)
    row.done_at = now - 20 * 24 * HOUR
    db.session.commit()
    assert "20 days ago" in only(well, "papers", State.WELL).says
    row.done_at = now - 22 * 24 * HOUR
    db.session.commit()
    told = only(well, "papers", State.NOTE)
    assert "last came to its end 22 days ago. It was last tried 0 minutes ago: Europe PMC did not" in told.says
    row.done_at, row.begun_at = None, now - 30 * 24 * HOUR
    db.session.commit()
    assert "No search for new papers has come to its end" in only(well, "papers", State.NOTE).says


def test_a_full_disk_is_told(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 10**9 - 10**7, 10**7))
    assert "10 MB are free" in next(one.says for one in found(well, "disk") if one.state is State.FAULT)


def test_a_clock_that_was_set_back_is_told(well: Flask) -> None:
    db.session.execute(db.update(Edition).values(changed_at=clock.now() + 10 * HOUR))
    db.session.commit()
    assert "was set back" in only(well, "clock").says


def test_a_page_folder_in_which_the_site_cannot_write_is_told(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(well.config["PAGE_FOLDER"])
    folder.mkdir(exist_ok=True)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "nothing can be published" in only(well, "pages").says


def test_a_page_folder_that_nginx_cannot_read_is_told(well: Flask) -> None:
    assert "/var/cache" in only(well, "pages", State.NOTE).remedy


# How requests come in


@pytest.mark.parametrize(
    ("hops", "seen", "says"),
    [
        (1, outside.Seen(outside.MADE_UP, "https", outside.MADE_UP), "is believed"),
        (2, outside.Seen(outside.MADE_UP, "https", f"{outside.MADE_UP}, 198.51.100.9"), "is believed"),
        (0, outside.Seen("127.0.0.1", "http", "198.51.100.9"), "is not counted"),
        (0, outside.Seen("127.0.0.1", "http", f"{outside.MADE_UP}, 198.51.100.9"), "is not counted"),
        (1, outside.Seen("198.51.100.9", "http", "198.51.100.9"), "the site believes it is http"),
    ],
)
def test_a_proxy_that_is_set_up_wrongly_is_told(
    well: Flask, monkeypatch: pytest.MonkeyPatch, hops: int, seen: outside.Seen, says: str
) -> None:
    monkeypatch.setattr(outside, "look", lambda app: seen)
    well.config["TRUSTED_PROXIES"] = hops
    assert says in only(well, "proxy").says


@contextmanager
def serving_app(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[[Flask], outside.Seen]:
    monkeypatch.undo()
    return outside.look


@pytest.mark.parametrize(("hops", "address"), [(0, "127.0.0.1"), (1, outside.MADE_UP)])
def test_the_site_is_asked_and_says_what_it_believes(
    empty_instance: Path, tmp_path: Path, look: Any, hops: int, address: str
) -> None:
    copy_database(empty_instance, tmp_path)
    app = make_app(tmp_path, TRUSTED_PROXIES=hops)
    with serving_app(app) as url, app.app_context():
        app.config["SITE_URL"] = url
        assert look(app) == outside.Seen(address, "http", outside.MADE_UP)
        app.config["SITE_URL"] = f"{url}/nowhere"
        with pytest.raises(outside.UnreachableError, match="it answers 404"):
            look(app)
    with pytest.raises(outside.UnreachableError, match="refused"):
        look(app)


def test_only_who_knows_the_key_is_told_how_requests_come_in(
    app: Flask, look: Any, tmp_path: Path, empty_instance: Path, client: Any
) -> None:
    assert "address" not in client.get("/healthz?doctor=").text
    assert "address" not in client.get("/healthz?doctor=guessed.token").text
    (tmp_path / "other").mkdir()
    copy_database(empty_instance, tmp_path / "other")
    with serving_app(make_app(tmp_path / "other", SECRET_KEY="another-key-of-some-length")) as url:
        app.config["SITE_URL"] = url
        with pytest.raises(outside.UnreachableError, match="another secret key"):
            look(app)
