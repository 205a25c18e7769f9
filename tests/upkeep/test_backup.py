"""A backup: made while the site runs, whole or not there, and brought back without mixing old and new."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import make_app
from tests.databases import ADDRESS
from tests.factories import make_categories, make_summary
from tests.migrations.rows import engine_of
from webapp.cli.upkeep import this_site
from webapp.edition import edition
from webapp.extensions import db
from webapp.instance_folder import FolderLock
from webapp.models import Message, Summary
from webapp.secret_key import rotate
from webapp.upkeep import actions
from webapp.upkeep.archive import UpkeepError

ROOT = Path(__file__).parents[2]
NOW = "2026-01-01 00:00:00"
WRITTEN_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def write_messages(count: int) -> None:
    db.session.execute(
        db.insert(Message),
        [
            {"address": "a@example.org", "topic": "other", "text": str(n), "written_at": WRITTEN_AT}
            for n in range(count)
        ],
    )
    db.session.commit()


def here() -> actions.Site:
    """The application of the test, as the commands see it."""
    return this_site()


def message_count(file: Path) -> int:
    """How many messages the database of this folder has, which is whole."""
    engine = engine_of(file.parent)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.scalar(db.select(db.func.count(Message.id))) or 0


def ended() -> None:
    """As if the process had ended: nothing of it holds the database."""
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def file(app: Flask) -> Path:
    return Path(app.instance_path) / "site.db"


@pytest.fixture
def backup(app: Flask, tmp_path: Path) -> Path:
    """A backup with 3 messages of a database that has 5 by now."""
    write_messages(3)
    actions.back_up(tmp_path / "backup.tar", here())
    write_messages(2)
    ended()
    return tmp_path / "backup.tar"


def test_what_was_there_comes_back_and_nothing_of_later_stays(backup: Path, file: Path, app: Flask) -> None:
    key = Path(app.instance_path) / "secret_key"
    first = key.read_bytes()
    key.write_text("another key of sixteen characters")
    report = actions.restore(backup, here(), overwrite=True)
    assert report.rows["messages"] == 3
    ended()
    assert message_count(file) == 3
    assert key.read_bytes() == first
    assert {path.stat().st_mode & 0o077 for path in (file, key, backup) if path.exists()} == {0}
    assert {path.name for path in file.parent.iterdir()} - {"site.db", ADDRESS} == {"pages", "secret_key"}
    assert not list((file.parent / "pages").iterdir())  # none of the text that was undone
    assert sorted(path.name for path in backup.parent.iterdir()) == ["backup.tar", "instance"]


def leave_a_log(file: Path) -> None:
    """A process writes 700 messages and is killed: they are in the log beside the database, not in it."""
    script = f"""
import os, sqlite3
connection = sqlite3.connect({str(file)!r})
connection.execute("PRAGMA wal_autocheckpoint = 0")
for number in range(700):
    row = ("a", "b", "x" * 900, {NOW!r})
    connection.execute("INSERT INTO messages (address, topic, text, written_at) VALUES (?, ?, ?, ?)", row)
    connection.commit()
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    assert file.with_name("site.db-wal").stat().st_size > 500_000


@pytest.mark.sqlite
@pytest.mark.parametrize("state", ["whole", "noise", "empty", "cut", "gone"])
def test_the_log_of_the_old_database_is_not_read_with_the_new_one(backup: Path, file: Path, state: str) -> None:
    """README's old way: the copy put in place beside the log that was left: 700 messages became 59."""
    leave_a_log(file)
    spoilt = {"whole": file.read_bytes(), "noise": os.urandom(9000), "empty": b"", "cut": file.read_bytes()[:10_000]}
    file.unlink()
    if state in spoilt:
        file.write_bytes(spoilt[state])
    actions.restore(backup, here(), overwrite=True)
    ended()
    assert message_count(file) == 3


@pytest.mark.sqlite
def test_the_new_database_takes_the_name_of_the_old_one_at_once(backup: Path, file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    actions.restore(backup, here(), overwrite=True)
    assert os.fstat(handle).st_nlink == 0  # the old one was not written over
    os.close(handle)


def test_a_database_is_replaced_only_when_that_is_said(backup: Path, file: Path) -> None:
    with pytest.raises(UpkeepError, match="--overwrite"):
        actions.restore(backup, here())
    assert message_count(file) == 5


@pytest.mark.sqlite
def test_where_there_is_no_database_nothing_need_be_said(backup: Path, file: Path) -> None:
    file.unlink()
    actions.restore(backup, here())
    ended()
    assert message_count(file) == 3


def test_readers_get_a_new_edition_after_a_restore(app: Flask, tmp_path: Path) -> None:
    make_categories()
    make_summary()
    actions.back_up(tmp_path / "backup.tar", here())
    before = edition()
    actions.restore(tmp_path / "backup.tar", here(), overwrite=True)
    assert edition() != before
    assert db.session.scalar(db.select(db.func.count(Summary.document_id))) == 1


# A running site


@contextmanager
def another_program(file: Path) -> Iterator[None]:
    """A process of any version that once read the database and sits there. Killed at the end."""
    script = (
        f"import sqlite3, sys; c = sqlite3.connect({str(file)!r}); c.execute('PRAGMA journal_mode = WAL'); "
        "c.execute('SELECT * FROM votes').fetchall(); print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield
        process.kill()


@contextmanager
def the_site(file: Path) -> Iterator[None]:
    """An application that has not asked the database yet."""
    hold = FolderLock(file.parent)
    yield
    del hold


@pytest.mark.parametrize("running", [pytest.param(another_program, marks=pytest.mark.sqlite), the_site])
def test_a_running_site_is_always_refused(
    backup: Path, file: Path, running: Callable[[Path], AbstractContextManager[None]]
) -> None:
    with running(file):
        for overwrite in (True, False):
            with pytest.raises(UpkeepError, match="The site is running"):
                actions.restore(backup, here(), overwrite=overwrite)
    assert message_count(file) == 5
    actions.restore(backup, here(), overwrite=True)  # ended, however it ended, it holds nothing


def test_nothing_starts_while_a_backup_is_brought_back(app: Flask) -> None:
    with app.extensions["folder_lock"].exclusive() as is_exclusive:
        assert is_exclusive
        with pytest.raises(SystemExit, match="being brought back"):
            make_app(Path(app.instance_path))
    make_app(Path(app.instance_path))


def test_a_backup_is_made_while_others_write(app: Flask, file: Path, tmp_path: Path) -> None:
    make_categories()
    with engine_of(file.parent).connect() as writer:
        writer.exec_driver_sql("DELETE FROM categories")
        report = actions.back_up(tmp_path / "backup.tar", here())
        writer.rollback()
    assert report.rows["categories"] == 1


# Killed, full, in the way


@pytest.mark.sqlite
def test_killed_at_any_moment_the_old_database_is_whole_or_the_new(backup: Path, file: Path, tmp_path: Path) -> None:
    """Children end at the first, second, ... change in the folder; each time a copy is looked at.

    The old one's 5 messages are in its file, 700 more in its log.
    """
    leave_a_log(file)
    command = [sys.executable, "-c", KILLED, str(file.parent), str(backup), str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    moments = int(told.stdout)
    assert moments > 5
    found = [message_count(tmp_path / f"killed-{moment}" / "site.db") for moment in range(1, moments + 1)]
    assert set(found) == {705, 3}
    assert found == sorted(found, reverse=True)


KILLED = """
import os, pathlib, shutil, signal, sys
import webapp
from webapp.cli.upkeep import this_site
from webapp.secret_key import rotate
from webapp.upkeep import actions

instance, backup, folder = map(pathlib.Path, sys.argv[1:])
moment, status = 0, signal.SIGKILL
while status == signal.SIGKILL:
    moment += 1
    copy = folder / f"killed-{moment}"
    shutil.copytree(instance, copy)
    child = os.fork()
    if child == 0:
        left = moment
        def counted(call):
            def run(*args, **kwargs):
                global left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*args, **kwargs)
            return run
        os.unlink, os.rename, os.replace, os.fsync = map(counted, (os.unlink, os.rename, os.replace, os.fsync))
        with webapp.create_app(copy).app_context():
            actions.restore(backup, this_site(), overwrite=True)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
assert status == 0
print(moment)
"""


def test_a_full_disk_leaves_nothing_half_written(app: Flask, tmp_path: Path) -> None:
    write_messages(3)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    try:
        with pytest.raises(UpkeepError, match="No backup was made"):
            actions.back_up(tmp_path / "backup.tar", here())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_a_file_that_is_there_is_not_overwritten(app: Flask, tmp_path: Path, runner: FlaskCliRunner) -> None:
    (tmp_path / "mine").write_text("mine")
    outcome = runner.invoke(args=["backup", str(tmp_path / "mine")])
    assert outcome.exit_code == 1
    assert "already" in outcome.output
    assert (tmp_path / "mine").read_text() == "mine"
    assert runner.invoke(args=["backup", str(tmp_path / "no" / "folder")]).output.count("\n") == 1


def test_a_file_that_came_meanwhile_is_not_overwritten_either(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "backup.tar"
    monkeypatch.setattr(actions, "row_counts", lambda _file: target.write_text("mine") and {})
    with pytest.raises(UpkeepError, match="already"):
        actions.back_up(target, here())
    assert target.read_text() == "mine"


@pytest.mark.sqlite
def test_a_damaged_database_is_no_backup(app: Flask, file: Path, tmp_path: Path) -> None:
    write_messages(400)
    ended()
    content = bytearray(file.read_bytes())
    content[4096 * 4 : 4096 * 8] = os.urandom(4096 * 4)
    file.write_bytes(content)
    with pytest.raises(UpkeepError, match="damaged"):
        actions.back_up(tmp_path / "backup.tar", here())
    assert not (tmp_path / "backup.tar").exists()


# What is no backup


def packed(tmp_path: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    path = tmp_path / "made.tar"
    with tarfile.open(path, "w") as tar:
        for entry, content in entries:
            tar.addfile(entry, io.BytesIO(content))
    return path


def entry(name: str, content: bytes = b"", **changes: Any) -> tuple[tarfile.TarInfo, bytes]:
    found = tarfile.TarInfo(name)
    found.size = len(content)
    for key, value in changes.items():
        setattr(found, key, value)
    return found, content


def unpacked(backup: Path) -> dict[str, bytes]:
    found = {}
    with tarfile.open(backup) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content, f"{member.name} is no file"
            found[member.name] = content.read()
    return found


def described(files: dict[str, bytes], **changes: Any) -> tuple[tarfile.TarInfo, bytes]:
    members = {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
        if name != "manifest.json"
    }
    manifest = {**json.loads(files["manifest.json"]), "members": members, **changes}
    return entry("manifest.json", json.dumps(manifest).encode())


@pytest.mark.parametrize(
    "extra",
    [
        entry("../outside", b"x"),
        entry("/outside", b"x"),
        entry("site.db", b"x"),
        entry("another", b"x"),
        entry("link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        entry("secret_key", type=tarfile.LNKTYPE, linkname="site.db"),
        entry("secret_key", type=tarfile.FIFOTYPE),
        entry("secret_key", type=tarfile.CHRTYPE),
        entry("folder", type=tarfile.DIRTYPE),
        entry(".env", b"x" * 2_000_000),
    ],
)
def test_what_does_not_belong_there_is_refused(
    backup: Path, file: Path, tmp_path: Path, extra: tuple[tarfile.TarInfo, bytes]
) -> None:
    files = unpacked(backup)
    rest = [entry(name, content) for name, content in files.items() if name != "manifest.json"]
    made = packed(tmp_path, described(files), *rest, extra)
    with pytest.raises(UpkeepError, match="does not belong"):
        actions.restore(made, here(), overwrite=True)
    assert message_count(file) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "instance", "made.tar"]


def test_damaged_cut_and_foreign_files_are_refused(backup: Path, file: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    for content in (
        b"",
        b"hello",
        whole[: len(whole) // 2],
        whole[:512],
        whole[:60_000] + b"!" + whole[60_001:],
        bytes(reversed(whole)),
    ):
        (tmp_path / "made").write_bytes(content)
        with pytest.raises(UpkeepError):
            actions.restore(tmp_path / "made", here(), overwrite=True)
        assert message_count(file) == 5
    with pytest.raises(UpkeepError, match="not a file"):
        actions.restore(tmp_path, here(), overwrite=True)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "another version"),
        ("DELETE FROM alembic_version", "not set up"),
        ("DROP TABLE alembic_version", "not one of this site"),
        ("INSERT INTO redirects VALUES ('summary', 'en', 'a', 77)", "redirects"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused(
    backup: Path, file: Path, tmp_path: Path, spoil: str, words: str
) -> None:
    files = unpacked(backup)
    (tmp_path / "spoilt.db").write_bytes(files["site.db"])
    with closing(sqlite3.connect(tmp_path / "spoilt.db")) as connection:
        connection.execute(spoil)
        connection.commit()
    files["site.db"] = (tmp_path / "spoilt.db").read_bytes()
    rest = [entry(name, content) for name, content in files.items() if name != "manifest.json"]
    with pytest.raises(UpkeepError, match=words):
        actions.restore(packed(tmp_path, described(files), *rest), here(), overwrite=True)
    assert message_count(file) == 5


def test_the_settings_come_back_where_there_are_none(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / ".env"
    monkeypatch.setattr("webapp.upkeep.this_site.settings_file", lambda: settings)
    settings.write_text("OWNER_NAME=Ada\n")
    actions.back_up(tmp_path / "backup.tar", here())
    settings.write_text("OWNER_NAME=Bob\n")
    report = actions.restore(tmp_path / "backup.tar", here(), overwrite=True)
    assert settings.read_text() == "OWNER_NAME=Bob\n"
    assert "stay as they are" in " ".join(report.notes)
    settings.unlink()
    actions.restore(tmp_path / "backup.tar", here(), overwrite=True)
    assert settings.read_text() == "OWNER_NAME=Ada\n"
    assert settings.stat().st_mode & 0o077 == 0


def test_the_commands_say_what_they_did(app: Flask, tmp_path: Path, runner: FlaskCliRunner) -> None:
    write_messages(3)
    path = str(tmp_path / "backup.tar")
    made = runner.invoke(args=["backup", path])
    assert (made.exit_code, "messages 3" in made.output) == (0, True)
    ended()
    back = runner.invoke(args=["restore", "--overwrite", path])
    assert back.exit_code == 0, back.output
    assert "brought back" in back.output
    assert time.strftime("%Y-") in back.output


def test_a_database_that_is_not_set_up_has_no_backup(tmp_path: Path) -> None:
    app = make_app(tmp_path / "instance", SQLALCHEMY_DATABASE_URI="sqlite://")
    outcome = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "backup.tar")])
    assert outcome.exit_code == 1
    assert "not set up" in outcome.output


def test_older_keys_come_back_with_the_newest(file: Path, app: Flask, tmp_path: Path) -> None:
    key = Path(app.instance_path) / "secret_key"
    rotate(key, days=30)
    before = key.read_text()
    assert " until " in before
    actions.back_up(tmp_path / "rotated.tar", here())
    rotate(key, days=0)
    ended()
    actions.restore(tmp_path / "rotated.tar", here(), overwrite=True)
    assert key.read_text() == before


def test_a_key_that_is_a_setting_is_told_from_that_of_the_backup(backup: Path, app: Flask) -> None:
    """Of several hosts each has it as a setting, and all the same."""
    ended()
    key = Path(app.instance_path) / "secret_key"
    same, other = (replace(here(), key_file=None, secret_key=text) for text in (key.read_text().strip(), "x" * 32))
    assert actions.restore(backup, same, overwrite=True).notes == []
    (note,) = actions.restore(backup, other, overwrite=True).notes
    assert f"write the first line of {key} there, on every host" in note
