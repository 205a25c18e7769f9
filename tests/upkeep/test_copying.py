"""A site moves from SQLite to PostgreSQL and back: all of it or nothing, and it is proved."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import URL

from tests.conftest import make_app
from tests.databases import SERVER, empty_database
from tests.migrations.rows import ROWS, value
from webapp.database import Base
from webapp.documents.projection import PROJECTED
from webapp.instance_folder import FolderLock
from webapp.models import Message
from webapp.upkeep.archive import UpkeepError
from webapp.upkeep.copying import Proofs, copy, opened
from webapp.upkeep.rows import copy_rows, prove
from webapp.upkeep.schema import is_empty

pytestmark = pytest.mark.sqlite  # it has both kinds, whatever the others run on
MIGRATIONS = Path(__file__).parents[2] / "migrations"
MESSAGE = {
    "address": "a@example.org", "topic": "other", "text": "Hello", "written_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
}  # fmt: skip
COPYING, READING = "Copying.", "Reading it again, and writing the search index."

HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


@pytest.fixture(scope="module")
def full(shipped_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> URL:
    """The shipped library in SQLite, with rows in every other table as well. Nobody writes to it."""
    file = tmp_path_factory.mktemp("full") / "site.db"
    shutil.copy(shipped_instance / "site.db", file)
    url = url_of(file)
    reflected = sa.MetaData()
    with opened(url) as engine, engine.begin() as connection:
        reflected.reflect(connection, only=list(Base.metadata.tables))
        for model in Base.metadata.sorted_tables:
            table = reflected.tables[model.name]
            if not connection.scalar(sa.select(sa.func.count()).select_from(table)):
                rows = [{c.name: value(table, c, n) for c in table.columns} for n in range(1, ROWS + 1)]
                connection.execute(table.insert(), rows)
    return url


@pytest.fixture(scope="module")
def on_postgresql(full: URL) -> Iterator[URL]:
    """The same on PostgreSQL. Nobody writes to it."""
    with empty_database() as url:
        copy(full, url, MIGRATIONS)
        yield url


@pytest.fixture
def empty() -> Iterator[URL]:
    with empty_database() as url:
        yield url


@pytest.fixture
def small(tmp_path: Path, empty_instance: Path) -> URL:
    """A database of its own in SQLite with nothing but one message."""
    file = tmp_path / "small.db"
    shutil.copy(empty_instance / "site.db", file)
    write_message(url_of(file))
    return url_of(file)


def url_of(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


def execute(url: URL, *statements: Any) -> Any:
    with opened(url) as engine, engine.begin() as connection:
        for statement in statements:
            found = connection.execute(statement)
        return found.scalar() if found.returns_rows else None


def write_message(url: URL, _words: str = "") -> None:
    execute(url, sa.insert(Message).values(MESSAGE))


def proofs_of(url: URL) -> Proofs:
    with opened(url) as engine, engine.connect() as connection:
        return {name: prove(connection, table) for name, table in Base.metadata.tables.items()}


def holds_nothing(url: URL) -> bool:
    if url.database and url.get_backend_name() == "sqlite" and not Path(url.database).exists():
        return True
    with opened(url) as engine, engine.connect() as connection:
        return is_empty(connection)


def test_there_and_back_nothing_is_lost(full: URL, on_postgresql: URL, tmp_path: Path) -> None:
    copy(on_postgresql, url_of(tmp_path / "back.db"), MIGRATIONS)
    first, there, back = map(proofs_of, (full, on_postgresql, url_of(tmp_path / "back.db")))
    assert all(proof.rows for proof in first.values())
    editions = [proofs.pop("editions") for proofs in (first, there, back)]
    assert first == there == back
    assert len({edition.digest for edition in editions}) == 3  # no page of before passes for one of now
    assert (tmp_path / "back.db").stat().st_mode & 0o077 == 0


def test_what_is_searched_is_found_there_as_well(full: URL, on_postgresql: URL, tmp_path: Path) -> None:
    indexed = sa.text("SELECT count(*) FROM summary_search")
    summaries = sa.select(sa.func.count()).select_from(PROJECTED[0])
    assert execute(on_postgresql, indexed) == execute(full, indexed) == execute(full, summaries)
    app = make_app(tmp_path / "instance", SQLALCHEMY_DATABASE_URI=on_postgresql.render_as_string(hide_password=False))
    page = app.test_client().get("/research/?q=bladder")
    assert "<mark>" in page.text


def test_the_next_row_has_the_next_number(on_postgresql: URL) -> None:
    with opened(on_postgresql) as engine, engine.connect() as connection:
        for table in Base.metadata.tables.values():
            if (column := table.autoincrement_column) is not None:
                highest = connection.scalar(sa.select(sa.func.max(column))) or 0
                sequence = connection.scalar(sa.func.pg_get_serial_sequence(table.name, column.name))
                if sequence:
                    assert connection.scalar(sa.func.nextval(sequence)) == highest + 1, table.name
        assert connection.execute(sa.insert(Message).values(MESSAGE)).inserted_primary_key == (ROWS + 2,)


def test_it_is_copied_as_it_was_at_one_moment(small: URL, empty: URL, tmp_path: Path) -> None:
    """Whoever writes meanwhile is not waited for, and seen in no table."""
    for source, target in ((small, empty), (empty, url_of(tmp_path / "back.db"))):
        before = proofs_of(source)["messages"]
        copy(source, target, MIGRATIONS, partial(write_message, source))
        assert proofs_of(target)["messages"] == before
        assert proofs_of(source)["messages"].rows > before.rows


@pytest.mark.parametrize("moment", [COPYING, READING])
def test_killed_at_any_moment_the_other_stays_empty(on_postgresql: URL, small: URL, empty: URL, moment: str) -> None:
    for source, target in ((small, empty), (on_postgresql, url_of(Path(str(small.database)).with_name("new.db")))):
        child = os.fork()
        if child == 0:
            copy(
                source,
                target,
                MIGRATIONS,
                lambda words: os.kill(os.getpid(), signal.SIGKILL) if words == moment else None,
            )
            os._exit(0)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        assert holds_nothing(target)
    copy(small, empty, MIGRATIONS)  # and it can be begun again
    assert proofs_of(empty)["messages"].rows == 1


def test_a_row_that_came_out_otherwise_undoes_everything(
    small: URL, empty: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = copy_rows

    def spoil(source: sa.Connection, target: sa.Connection, table: sa.Table) -> None:
        copied(source, target, table)
        if table.name == "messages":
            target.execute(table.update().values(text="Hallo"))

    monkeypatch.setattr("webapp.upkeep.copying.copy_rows", spoil)
    with pytest.raises(UpkeepError, match="differs from what went in, in messages"):
        copy(small, empty, MIGRATIONS)
    assert holds_nothing(empty)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (sa.update(Message).values(text="a\0b"), "text of messages (id 1): it holds the character NUL"),
        (sa.update(Message).values(topic="x" * 41), "topic of messages (id 1): it is 41 characters long"),
        (sa.text("INSERT INTO letter_counts VALUES ('2026-01-01', 3000000000)"), "it is too large a number"),
    ],
)
def test_what_postgresql_cannot_hold_is_named_before_anything_is_written(
    small: URL, empty: URL, tmp_path: Path, change: sa.Executable, words: str
) -> None:
    execute(small, change)
    with pytest.raises(UpkeepError) as told:
        copy(small, empty, MIGRATIONS)
    assert words in str(told.value)
    assert holds_nothing(empty)
    copy(small, url_of(tmp_path / "other.db"), MIGRATIONS)  # SQLite holds it
    assert proofs_of(small)["messages"] == proofs_of(url_of(tmp_path / "other.db"))["messages"]


# What is refused


def table_in(url: URL, _tmp_path: Path) -> URL:
    execute(url, sa.text("CREATE TABLE mine (id INTEGER)"))
    return url


def noise(_url: URL, tmp_path: Path) -> URL:
    (tmp_path / "noise").write_bytes(os.urandom(9000))
    return url_of(tmp_path / "noise")


def nowhere(_url: URL, tmp_path: Path) -> URL:
    return url_of(tmp_path / "no" / "folder.db")


def no_server(url: URL, _tmp_path: Path) -> URL:
    return url.set(port=9, password="hidden")


WRONG = {
    "holds something already": table_in,
    "not a database": noise,
    "No such file": nowhere,
    "Connection refused": no_server,
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_target_is_told_in_one_sentence(
    runner: FlaskCliRunner, small: URL, empty: URL, tmp_path: Path, words: str
) -> None:
    target = WRONG[words](empty, tmp_path)
    before = sorted(tmp_path.iterdir())
    urls = [url.render_as_string(hide_password=False) for url in (small, target)]
    outcome = runner.invoke(args=["database", "copy", *urls])
    assert outcome.exit_code == 1
    (line,) = [line for line in outcome.output.splitlines() if line.startswith("Error: ")]
    assert words in line
    assert "hidden" not in outcome.output
    assert sorted(tmp_path.iterdir()) == before


def test_a_database_that_could_not_hold_every_letter_is_refused(small: URL) -> None:
    with (
        empty_database("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0") as url,
        pytest.raises(UpkeepError, match="encoding is not UTF-8"),
    ):
        copy(small, url, MIGRATIONS)


def test_only_a_whole_site_of_this_version_is_copied(
    app: Flask, runner: FlaskCliRunner, small: URL, empty: URL
) -> None:
    execute(small, sa.text("UPDATE alembic_version SET version_num = '0022'"))
    for source in (small, empty, small.set(database="/no/such/file.db")):
        outcome = runner.invoke(args=["database", "copy", source.render_as_string(), "sqlite:////no/folder/site.db"])
        assert outcome.exit_code == 1
        assert "flask db upgrade" in outcome.output or "unable to open" in outcome.output


def test_what_is_no_url_of_a_database_is_not_repeated(runner: FlaskCliRunner) -> None:
    outcome = runner.invoke(args=["database", "copy", "mysql://ada:hidden@host/site", "sqlite:////tmp/x.db"])
    assert outcome.exit_code == 2
    assert "it is no address such as" in outcome.output
    assert "hidden" not in outcome.output


def test_a_site_that_runs_is_refused(app: Flask, runner: FlaskCliRunner, small: URL, empty: URL) -> None:
    command = ["database", "copy", small.render_as_string(), empty.render_as_string()]
    hold = FolderLock(Path(app.instance_path))
    assert "The site is running" in runner.invoke(args=command).output
    del hold
    with opened(empty) as engine, engine.connect():  # from another host, it may be
        assert "The site is running" in runner.invoke(args=command).output
    outcome = runner.invoke(args=command)
    assert outcome.exit_code == 0, outcome.output
    assert "messages" in outcome.output
    assert "nothing differs" in outcome.output


@pytest.mark.parametrize("moment", [COPYING, READING])
def test_a_server_that_hangs_up_is_told_in_one_sentence(small: URL, empty: URL, tmp_path: Path, moment: str) -> None:
    def hang_up(words: str) -> None:
        if words == moment:
            with psycopg.connect(SERVER, autocommit=True) as connection:
                connection.execute(HANG_UP, [empty.database])

    with pytest.raises(UpkeepError, match=r"^Nothing was copied\. .* says: terminating connection"):
        copy(small, empty, MIGRATIONS, hang_up)
    assert holds_nothing(empty)
    copy(small, empty, MIGRATIONS)
    if moment == READING:  # of where it comes from everything was read by then
        copy(empty, url_of(tmp_path / "new.db"), MIGRATIONS, hang_up)
        assert proofs_of(url_of(tmp_path / "new.db"))["messages"].rows == 1
