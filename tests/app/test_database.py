"""The database file while the site runs: deleted, replaced, full, locked, closed; and who can read it."""

from __future__ import annotations

import datetime as dt
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL, event, func, select, text
from sqlalchemy.exc import OperationalError

from tests.conftest import make_app
from tests.databases import being_written
from tests.page import PageClient, Values
from tests.ports import free_port
from webapp import database
from webapp.errors import BUSY
from webapp.extensions import db
from webapp.mail.outbox import enqueue
from webapp.mail.transport import FolderTransport
from webapp.models import Message
from webapp.scholarly.client import URL_SETTINGS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(app: Flask) -> Path:
    return Path(app.instance_path) / "site.db"


@pytest.fixture
def form(client: PageClient) -> Values:
    """The contact form, filled in while all is well."""
    client.page("/")  # so that a connection to the database is kept
    return client.page("/contact").values(
        name="Ada",
        address="ada@example.org",
        topic="question",
        text="I would like to ask something about the summaries here.",
    )


def message_count(file: Path) -> int:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM messages").fetchone()[0])


def delete(file: Path, _empty: Path) -> None:
    for path in file.parent.glob("site.db*"):
        path.unlink()


def move(file: Path, _empty: Path) -> None:
    file.rename(file.with_name("elsewhere"))


@pytest.mark.sqlite
@pytest.mark.parametrize("change", [delete, move])
def test_a_post_to_a_database_that_is_gone_is_refused(
    client: PageClient,
    form: Values,
    file: Path,
    caplog: pytest.LogCaptureFixture,
    change: Callable[[Path, Path], None],
) -> None:
    change(file, file)
    db.session.remove()
    response = client.post("/contact", data=form)
    assert response.status_code == 503
    assert "it was not taken" in response.text
    assert "flask restore" in caplog.text
    assert "Traceback" not in caplog.text
    assert client.get("/").status_code == 503
    assert not file.exists()


@pytest.mark.sqlite
def test_a_post_after_the_database_was_replaced_is_in_the_new_one(
    app: Flask, client: PageClient, form: Values, file: Path, empty_instance: Path
) -> None:
    delete(file, empty_instance / file.name)
    shutil.copy(empty_instance / file.name, file)
    db.session.remove()
    assert client.post("/contact", data=form).status_code == 303
    assert message_count(file) == 1


@pytest.mark.sqlite
def test_a_commit_into_a_file_that_was_replaced_fails(app: Flask, file: Path, empty_instance: Path) -> None:
    """Replaced in the middle of a transaction: what was written would be nowhere."""
    enqueue("greeting", "a@example.org", subject="a", text="a", html="a")
    db.session.flush()
    assert database.is_same(db.session.connection())
    delete(file, empty_instance / file.name)
    shutil.copy(empty_instance / file.name, file)
    assert not database.is_same(db.session.connection())
    with pytest.raises(OperationalError, match="replaced"):
        db.session.commit()
    db.session.rollback()
    assert database.is_same(db.session.connection())  # the next one is good


@pytest.mark.sqlite
def test_a_read_only_database_still_answers_and_refuses_a_post(answering: PageClient, form: Values) -> None:
    db.session.remove()
    with db.engine.connect() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    assert answering.get("/about").status_code == 200
    assert answering.post("/contact", data=form).status_code == 500


@pytest.mark.sqlite
def test_a_full_disk_refuses_a_post_and_loses_nothing(answering: PageClient, form: Values, file: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
    try:
        refused = answering.post("/contact", data=form)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, handler)
    db.session.remove()  # as the end of the request does; here the test's own context goes on
    assert refused.status_code == 507
    assert "There is no room left" in refused.text
    assert message_count(file) == 0
    assert answering.post("/contact", data=form).status_code == 303
    assert message_count(file) == 1


def test_a_post_waits_for_a_writer_and_is_refused_when_that_takes_too_long(
    app: Flask, answering: PageClient, form: Values, caplog: pytest.LogCaptureFixture
) -> None:
    db.session.remove()
    wait = database.one_for(db.engine, sqlite="PRAGMA busy_timeout = 50", postgresql="SET lock_timeout = 50")
    event.listen(db.engine, "checkout", lambda connection, *_: connection.execute(wait))
    with being_written(Path(app.instance_path)):
        refused = answering.post("/contact", data=form)
        db.session.remove()  # as the end of the request does; here the test's own context goes on
        assert refused.status_code == 503
        assert "it was not taken: please try again" in refused.text
        assert answering.get("/about").status_code == 200
    assert BUSY in caplog.text
    assert answering.post("/contact", data=form).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Message)) == 1


def test_a_database_named_as_uri_is_not_made_either(tmp_path: Path) -> None:
    file = tmp_path / "with space?#%.db"
    for url in (f"sqlite:///{tmp_path}/plain.db", f"sqlite:///file:{tmp_path}/uri.db?uri=true"):
        app = make_app(tmp_path / "instance", SQLALCHEMY_DATABASE_URI=url)
        with app.app_context(), pytest.raises(OperationalError, match="unable to open"):
            db.session.scalar(db.select(Message.id))
    sqlite3.connect(file).close()
    app = make_app(tmp_path / "instance", SQLALCHEMY_DATABASE_URI=URL.create("sqlite", database=str(file)))
    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
    assert [path.name for path in tmp_path.glob("*.db")] == [file.name]


# Closed when processes end


def until(is_true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def answers(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
        return bool(response.status == 200)
    return False


@pytest.fixture
def wsgi(app: Flask, tmp_path: Path) -> Path:
    """A folder from which gunicorn and flask find the application of this test."""
    (tmp_path / "wsgi.py").write_text(
        f"import pathlib, webapp\napp = webapp.create_app(pathlib.Path({app.instance_path!r}))\n"
    )
    db.session.remove()
    db.engine.dispose()
    return tmp_path


@pytest.mark.sqlite
@pytest.mark.parametrize("command", ["work", "gunicorn", "mail status"])
def test_nothing_lies_beside_the_database_after_a_clean_end(file: Path, wsgi: Path, command: str) -> None:
    port = free_port()
    nobody = dict.fromkeys(URL_SETTINGS, "http://127.0.0.1:9")  # no test asks a service of the world
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **nobody}
    words = [sys.executable, "-m", "flask", *command.split()]
    if command == "gunicorn":
        words = [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    process = subprocess.Popen(words, cwd=wsgi, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        if command == "gunicorn":
            until(lambda: answers(port))
        elif command == "work":
            until(file.with_name("site.db-wal").exists)
        if command != "mail status":
            process.terminate()
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert {path.name for path in file.parent.iterdir()} - {"pages"} == {"secret_key", "site.db"}


# For the site's user alone


def test_what_the_site_makes_is_for_its_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        app = make_app(tmp_path / "instance")
        with app.app_context():
            mail = enqueue("greeting", "a@example.org", subject="a", text="a", html="a")
            mail.created_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
            FolderTransport(Path(app.config["MAIL_FOLDER"]), "a@example.org").send(mail)
    finally:
        os.umask(before)
    made = [tmp_path / "instance", *(tmp_path / "instance").rglob("*")]
    assert len(made) == 4
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []


def test_a_folder_that_others_could_read_is_closed_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance").chmod(0o755)
    make_app(tmp_path / "instance")
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700
