"""Changes of the schema: nothing lost on the way up or down, whole or not at all."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, stamp, upgrade

from tests.conftest import make_app
from tests.migrations.rows import ROWS, Rows, common, engine_of, fill, rows
from webapp.extensions import db

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "migrations"
REVISIONS = [step.revision for step in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]
TRIAL = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "trial", {head!r}, None, None

def upgrade():
    {up}

def downgrade():
    {down}
"""
BEFORE_DOCUMENTS = "0006"
FIRST_ON_BOTH = "0023"
OLD = pytest.mark.sqlite  # no site on PostgreSQL is as old as that
REBUILD = "with op.batch_alter_table('summaries') as table: table.alter_column('title', type_=sa.String(300))"


@pytest.fixture(autouse=True)
def _nothing_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of these tests are all there is: what an upgrade adds has tests of its own (test_upgrade.py)."""
    monkeypatch.setattr("webapp.library.shipped.add_missing", lambda: None)


@pytest.fixture
def site(databases: None, tmp_path: Path) -> Flask:
    """A site without a database, or with an empty one."""
    return make_app(tmp_path / "instance")


@pytest.fixture
def engine(site: Flask) -> sa.Engine:
    return engine_of(Path(site.instance_path))


@pytest.fixture
def trial(tmp_path: Path) -> Callable[..., str]:
    """The migrations with one more that does what a test says; where they are."""

    def write(up: str, down: str = "pass") -> str:
        copy = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / "versions" / "trial.py").write_text(TRIAL.format(head=REVISIONS[-1], up=up, down=down))
        return str(copy)

    return write


def go(site: Flask, command: Callable[..., None], **words: str) -> None:
    with site.app_context():
        try:
            command(**words)
        finally:
            db.session.remove()
            db.engine.dispose()


@OLD
@pytest.mark.parametrize("revision", REVISIONS[: REVISIONS.index(BEFORE_DOCUMENTS)])
def test_rows_of_every_table_survive_the_way_up_down_and_up_again(
    site: Flask, engine: sa.Engine, revision: str
) -> None:
    go(site, upgrade, revision=revision)
    fill(engine)
    before = rows(engine)
    assert {len(held) for held in before.values()} == {ROWS}
    for command, goal in ((upgrade, BEFORE_DOCUMENTS), (downgrade, revision), (upgrade, "head")):
        go(site, command, revision=goal)
        after = rows(engine)
        assert common(after, before) == common(before, after)
    gone = {"old_slugs"}  # they became redirects
    assert before.keys() - gone <= after.keys()


@pytest.mark.parametrize("revision", REVISIONS[REVISIONS.index(FIRST_ON_BOTH) : -1])
def test_rows_survive_the_steps_that_both_databases_know(site: Flask, engine: sa.Engine, revision: str) -> None:
    go(site, upgrade, revision=revision)
    fill(engine)
    before = rows(engine)
    for command, goal in ((upgrade, "head"), (downgrade, revision), (upgrade, "head")):
        go(site, command, revision=goal)
        after = rows(engine)
        assert common(after, before) == common(before, after)
    assert before.keys() <= after.keys()


@OLD
def test_the_way_down_from_documents_is_refused(
    site: Flask, engine: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """No older version can keep a draft of a public text, a schedule, or the history."""
    go(site, upgrade, revision=BEFORE_DOCUMENTS)
    fill(engine)
    go(site, upgrade)
    before = rows(engine)
    with pytest.raises(SystemExit):
        go(site, downgrade, revision=BEFORE_DOCUMENTS)
    assert rows(engine) == before
    assert f"{ROWS} rows of documents" in caplog.text


@OLD
@pytest.mark.parametrize("revision", ["0001", "base"])
def test_a_way_down_that_would_lose_rows_is_refused(
    site: Flask, engine: sa.Engine, revision: str, caplog: pytest.LogCaptureFixture
) -> None:
    go(site, upgrade)
    fill(engine)
    before = rows(engine)
    with pytest.raises(SystemExit):
        go(site, downgrade, revision=revision)
    assert rows(engine) == before
    assert f"{ROWS} rows of votes" in caplog.text
    assert "flask backup" in caplog.text


def test_a_way_down_without_rows_is_open(site: Flask, engine: sa.Engine) -> None:
    go(site, upgrade)
    go(site, downgrade, revision="base")
    assert rows(engine) == {}
    go(site, upgrade)


@pytest.mark.sqlite  # others change a table where it stands
def test_a_parent_that_is_rebuilt_keeps_the_rows_of_others(
    site: Flask, engine: sa.Engine, trial: Callable[..., str]
) -> None:
    """With foreign keys on, 754 votes were gone after such a change, and the exit status was 0."""
    go(site, upgrade)
    fill(engine)
    before = rows(engine)
    folder = trial(REBUILD, REBUILD.replace("300", "200"))
    for command in (upgrade, downgrade, upgrade):
        go(site, command, directory=folder)
        assert rows(engine) == before
    with site.app_context():
        assert db.session.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param(
            (
                "op.execute('DELETE FROM documents WHERE id < 3')",
                "2 of votes (the first is row 1) without their row of",
            ),
            marks=pytest.mark.sqlite,  # there foreign keys are off while the schema changes
        ),
        ("op.execute('DELETE FROM votes'); op.execute('SELECT * FROM nowhere')", "nowhere"),
    ],
)
def test_a_change_that_fails_changes_nothing(
    site: Flask,
    engine: sa.Engine,
    trial: Callable[..., str],
    failing: tuple[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    up, words = failing
    go(site, upgrade)
    fill(engine)
    before = rows(engine)
    with pytest.raises(SystemExit):
        go(site, upgrade, directory=trial(up))
    assert rows(engine) == before
    assert words in caplog.text


def test_deleted_rows_and_emptied_columns_are_named(
    site: Flask, engine: sa.Engine, trial: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    folder = trial(
        "op.add_column('votes', sa.Column('note', sa.String(), server_default='none'))",
        "op.drop_column('votes', 'note'); op.execute('DELETE FROM messages')",
    )
    go(site, upgrade)
    fill(engine)
    go(site, upgrade, directory=folder)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE votes SET note = 'mine' WHERE id = 1"))
    with pytest.raises(SystemExit):
        go(site, downgrade, directory=folder)
    assert "lose 3 rows of messages, note in 1 row of votes." in caplog.text


WATCHED = """
import hashlib, os, pathlib, shutil, signal, sys
import flask_migrate, webapp
from sqlalchemy import event
from webapp.extensions import db

template, folder = map(pathlib.Path, sys.argv[1:])

def upgrade(instance, at_each_statement):
    app = webapp.create_app(instance)
    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", at_each_statement)
        event.listen(db.engine, "commit", at_each_statement)
        flask_migrate.upgrade()

moments, seen = [], set()
whole = pathlib.Path(shutil.copytree(template, folder / "whole"))

def keep(*_):
    files = [file for file in sorted(whole.glob("site.db*")) if file.suffix != ".db-shm"]  # that one is made anew
    state = hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).digest()
    moments.append(state)
    if state not in seen:
        seen.add(state)
        shutil.copytree(whole, folder / f"kept-{len(moments)}")

upgrade(whole, keep)

for moment in {1, len(moments) // 2, len(moments) - 1, len(moments)}:
    copy = pathlib.Path(shutil.copytree(template, folder / f"killed-{moment}"))
    child = os.fork()
    if child == 0:
        left = moment
        def count(*_):
            global left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        upgrade(copy, count)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL

print(len(moments), len(seen))
"""


@pytest.mark.sqlite
@pytest.mark.parametrize("start", ["base", REVISIONS[0]])
def test_killed_at_any_moment_the_schema_is_old_or_new_and_never_stuck(
    site: Flask, engine: sa.Engine, tmp_path: Path, start: str
) -> None:
    """What a kill leaves are the files as they are at that moment: each state they are in after a statement of one
    upgrade is kept and looked at, and a few children are killed indeed.
    """
    if start != "base":
        go(site, upgrade, revision=start)
        fill(engine)
    before = rows(engine) if start != "base" else {}
    old = schema_of(f"{site.instance_path}/site.db") if start != "base" else set()
    words = [sys.executable, "-c", WATCHED, site.instance_path, str(tmp_path)]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    moments, states = map(int, told.stdout.split())
    assert moments > 100
    left = [*tmp_path.glob("kept-*"), *tmp_path.glob("killed-*")]
    assert len(left) == states + 4
    new = schema_of(tmp_path / "whole" / "site.db")
    assert ("table", "votes") in new - old
    for folder in left:
        assert schema_of(folder / "site.db") in (old, new), f"{folder.name}: neither old nor new"
        assert_the_rest_is_done(folder, before)


def schema_of(file: Path | str) -> set[tuple[str, str]]:
    """What a whole database consists of."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), file
        return set(connection.execute("SELECT type, name FROM sqlite_master"))


def assert_the_rest_is_done(folder: Path, before: Rows) -> None:
    """By an upgrade of what is there, with every row that was there before the first."""
    go(make_app(folder), upgrade)
    after = rows(engine_of(folder))
    assert common(after, before) == common(before, after), folder.name
    assert "votes" in after


@pytest.mark.sqlite
def test_of_two_upgrades_at_once_one_waits_and_finds_nothing_to_do(site: Flask, engine: sa.Engine) -> None:
    go(site, upgrade, revision=REVISIONS[0])
    fill(engine)
    command = [sys.executable, "-m", "flask", "--app", f"webapp:create_app({site.instance_path!r})", "db", "upgrade"]
    with closing(sqlite3.connect(f"{site.instance_path}/site.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        both = [
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(2)
        ]
        time.sleep(1)  # both wait, or come later: either way both must end well
        writer.execute("ROLLBACK")
    for process in both:
        said, _ = process.communicate(timeout=90)
        assert process.returncode == 0, said
    assert "votes" in rows(engine)


@pytest.mark.sqlite
def test_only_an_upgrade_makes_a_database_and_for_its_user_alone(site: Flask) -> None:
    file = Path(site.instance_path) / "site.db"
    runner = site.test_cli_runner()
    for words in (["db", "current"], ["mail", "status"], ["library", "load"]):
        assert runner.invoke(args=words).exit_code == 1
        assert not file.exists()
    go(site, upgrade)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_database_in_memory_can_be_upgraded(tmp_path: Path) -> None:
    app = make_app(tmp_path / "instance", SQLALCHEMY_DATABASE_URI="sqlite://")
    with app.app_context():
        upgrade()
        assert db.session.execute(sa.text("SELECT count(*) FROM votes")).scalar() == 0
        assert db.session.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1


# What `flask db check` says


def test_the_models_and_the_migrations_agree(site: Flask) -> None:
    go(site, upgrade)
    outcome = site.test_cli_runner().invoke(args=["db", "check"])
    assert outcome.exit_code == 0, outcome.output


@pytest.mark.parametrize(
    ("up", "difference"),
    [
        ("op.drop_column('votes', 'comment')", "'add_column', None, 'votes', Column('comment'"),
        ("op.add_column('votes', sa.Column('note', sa.String()))", "'remove_column', None, 'votes', Column('note'"),
        ("op.drop_index('ix_votes_reader')", "'add_index', Index('ix_votes_reader'"),
        ("op.create_table('notes', sa.Column('id', sa.Integer()))", "'remove_table', Table('notes'"),
        ("op.drop_table('messages')", "'add_table', Table('messages'"),
        (REBUILD.replace("sa.String(300)", "sa.Text()"), "'modify_type', None, 'summaries', 'title'"),
        (REBUILD.replace("type_=sa.String(300)", "nullable=True"), "'modify_nullable', None, 'summaries', 'title'"),
    ],
)
def test_a_migration_that_does_what_no_model_says_is_found(
    site: Flask, trial: Callable[..., str], up: str, difference: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = trial(up)
    go(site, upgrade, directory=folder)
    outcome = site.test_cli_runner().invoke(args=["db", "check", "--directory", folder])
    assert outcome.exit_code == 1
    assert "New upgrade operations detected" in caplog.text
    assert difference in caplog.text


def test_no_model_is_left_out_of_that(site: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """A database without a table of ours that says it is the newest: every table of the models is missed."""
    go(site, stamp)
    assert site.test_cli_runner().invoke(args=["db", "check"]).exit_code == 1
    assert set(re.findall(r"'add_table', Table\('(\w+)'", caplog.text)) == set(db.metadata.tables)
