"""/healthz: alive or ready, and why not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.databases import being_written
from tests.page import PageClient
from webapp.database import one_for
from webapp.errors import BUSY, NOT_SET_UP, TOO_NEW
from webapp.extensions import db
from webapp.models import Edition
from webapp.sqlite_file import NOT_THERE
from webapp.upkeep.heartbeats.actions import note_heartbeat
from webapp.upkeep.readiness import why_not_working


@pytest.fixture
def file(app: Flask) -> Path:
    return Path(app.instance_path) / "site.db"


def refused(client: PageClient) -> bool:
    answer = client.get("/healthz")
    return (answer.status_code, answer.text) == (503, "alive, not ready\n")


def test_a_site_that_works_is_ready_and_says_when_the_work_ran(client: PageClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\nflask work last ran: never\n")
    assert answer.headers["Cache-Control"] == "no-store"
    note_heartbeat()
    assert " UTC" in client.get("/healthz").text


def test_asking_writes_nothing(client: PageClient) -> None:
    before = db.session.scalar(db.select(Edition.token))
    db.session.rollback()
    assert client.get("/healthz").status_code == 200
    assert db.session.scalar(db.select(Edition.token)) == before


@pytest.mark.parametrize(("revision", "told"), [("0005", NOT_SET_UP), ("9999", TOO_NEW)])
def test_an_older_or_a_newer_schema_is_not_ready(
    client: PageClient, caplog: pytest.LogCaptureFixture, revision: str, told: str
) -> None:
    db.session.remove()
    db.session.execute(db.text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    db.session.commit()
    assert refused(client)
    assert told in caplog.text


def test_a_newer_schema_is_left_as_it_is(runner: FlaskCliRunner, caplog: pytest.LogCaptureFixture) -> None:
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()
    for command in ("upgrade", "downgrade", "current"):
        assert runner.invoke(args=["db", command]).exit_code == 1
    assert caplog.text.count(TOO_NEW) == 3


@pytest.mark.sqlite
def test_a_database_that_is_gone_or_another_is_not_ready(
    client: PageClient, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/healthz").status_code == 200
    gone = file.rename(file.with_name("gone.db"))
    assert refused(client)
    assert NOT_THERE in caplog.text
    sqlite3.connect(file).close()  # an empty one in its place
    file.touch()
    assert refused(client)
    file.unlink()
    gone.rename(file)
    assert client.get("/healthz").status_code == 200


def test_a_database_that_cannot_be_written_is_not_ready(
    instance: Path, client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    wait = one_for(db.engine, sqlite="PRAGMA busy_timeout = 50", postgresql="SET lock_timeout = 50")
    db.event.listen(db.engine, "checkout", lambda raw, *_: raw.cursor().execute(wait))
    with being_written(instance):
        assert refused(client)
    assert BUSY in caplog.text
    assert why_not_working() is None
