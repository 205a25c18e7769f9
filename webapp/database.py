"""The base of the models, and how the database is opened, watched and closed; the only place that asks which it is.

A SQLite file is opened, never made: only `flask db upgrade` makes one (`create_file`). While the site runs, the
file may be deleted or replaced; a connection to what is no longer there is dropped, so that nothing is written
where nobody will find it.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from sqlalchemy import URL, Connection, DateTime, Dialect, Engine, MetaData, String, TypeDecorator, event, inspect
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, registry

from webapp.editorial.dates import PartialDate

SCHEMA_WAIT = 10 * 60
"""Seconds to wait while another process changes the schema."""
BUSY_WAIT = 5000
"""Milliseconds a writer waits its turn."""
SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database while it is used. Read together with another database they ruin it."""
LARGEST_NUMBER = 2**63 - 1
"""The largest that a row can be asked for by."""
MOVED = "unable to open database file: it was deleted or replaced while it was open"

UNSEEN = {"synchronize_session": False}
"""Options of a change that the session does not look for among what it has loaded: that is loaded anew, or not used."""

Identity = tuple[int, int] | None


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A time in UTC, kept without its zone (SQLite has none) and given back with it."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


class PartialDateType(TypeDecorator[PartialDate]):
    """A PartialDate kept as ISO text, which sorts by time."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: PartialDate | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> PartialDate | None:
        return None if value is None else PartialDate.parse(value)


class Base(DeclarativeBase):
    """The base of all models; the naming convention gives every constraint a name migrations can use."""

    registry = registry(
        type_annotation_map={dt.datetime: UtcDateTime},
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


def init_app(app: Flask, engine: Engine) -> None:
    """Watch the application's connections, and close them when it or its process ends."""
    prepare(engine)
    weakref.finalize(app, _close, engine, os.getpid())


def _close(engine: Engine, process: int) -> None:
    # A child that was forked must not touch its parent's connections.
    engine.dispose(close=os.getpid() == process)


def prepare(engine: Engine) -> None:
    """Let the engine open its database as this site wants it: see the module."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    file = file_of(engine.url)
    if file is None:
        return

    def open_existing(_dialect: object, record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        # Noted before it is opened: a file that is replaced in between is found out at the checkout.
        record.info["identity"] = identity(file)
        if not options.get("uri"):
            arguments[0], options["uri"] = f"{file.as_uri()}?mode=rw", True
        elif "mode=" not in arguments[0]:
            arguments[0] += f"{'&' if '?' in arguments[0] else '?'}mode=rw"

    def refuse_moved(_connection: object, record: Any, _proxy: object) -> None:
        if record.info["identity"] != identity(file):
            raise DisconnectionError(MOVED)  # the pool opens the file that is there now

    def refuse_commit(connection: Connection) -> None:
        if not is_same_file(connection):
            raise OperationalError("COMMIT", None, sqlite3.OperationalError(MOVED))

    event.listen(engine, "do_connect", open_existing)
    event.listen(engine, "checkout", refuse_moved)
    event.listen(engine, "commit", refuse_commit)


def _set_pragmas(connection: Any, _record: object) -> None:
    """Readers never wait for a writer, a writer waits its turn, and foreign keys hold."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_WAIT}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def is_supported(url: URL) -> bool:
    """Whether the site can use the database at this URL."""
    return url.get_backend_name() == "sqlite"


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory and for other databases."""
    name = url.database
    if url.get_backend_name() != "sqlite" or not name:
        return None
    if url.query.get("uri"):
        name = unquote(urlsplit(name).path)
    is_in_memory = name == ":memory:" or url.query.get("mode") == "memory"
    return None if is_in_memory else Path(name).absolute()


def identity(file: Path | str) -> Identity:
    """What tells this file from another that may lie at its path later; None when there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 (asked with each request: a Path takes as long as the question)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_same_file(connection: Connection) -> bool:
    """Whether the file that was opened is the one at its path now. Always true of a database without a file."""
    file = file_of(connection.engine.url)
    return file is None or connection.info.get("identity") == identity(file)


def is_set_up(error: OperationalError) -> bool:
    """False when a table or column is missing."""
    return "no such" not in str(error.orig)


def is_full(error: OperationalError) -> bool:
    """Whether there was no room to write: what was to be saved was not, and all else is as it was."""
    return "disk is full" in str(error.orig) or "disk I/O error" in str(error.orig)


def is_reachable(error: OperationalError) -> bool:
    """False when the database's file cannot be opened, or is no longer the one that was opened."""
    return "unable to open" not in str(error.orig)


def is_whole(connection: Connection, metadata: MetaData) -> bool:
    """Whether every table of the models is there. `flask db stamp` may say so of a database in which none is."""
    return set(metadata.tables) <= set(inspect(connection).get_table_names())


def create_file(engine: Engine) -> None:
    """Make the empty file of a SQLite database, for this user alone, unless there is one."""
    file = file_of(engine.url)
    if file:
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def upsert(
    engine: Engine,
    model: Any,
    row: Mapping[Any, Any] | None = None,
    *,
    unique: Sequence[Any],
    changes: Mapping[Any, Any] | Callable[[Any], Mapping[Any, Any]],
) -> Any:
    """A statement that inserts `row` or, where one stands with the same `unique` columns, sets `changes` in that one.

    Rows and changes are values by column of the model; `changes` may be made from the row that could not come in.
    Without a row the statement is for many: they are given when it is executed, as values by the name of the column.
    """
    dialect: Any = import_module(f"sqlalchemy.dialects.{engine.dialect.name}")
    statement = dialect.insert(model.__table__)
    if row is not None:
        statement = statement.values(_by_name(row))
    changed = _by_name(changes(statement.excluded) if callable(changes) else changes)
    columns = [column.expression.name for column in unique]
    return statement.on_conflict_do_update(index_elements=columns, set_=changed)


def _by_name(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {column.expression.name: value for column, value in values.items()}


@contextmanager
def hurried(engine: Engine, milliseconds: int) -> Iterator[Connection]:
    """A transaction that waits only so long for its turn to write; then it fails (OperationalError)."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.execute(f"PRAGMA busy_timeout = {milliseconds}")
        try:
            with connection.begin():
                yield connection
        finally:
            if engine.dialect.name == "sqlite":
                driver.execute(f"PRAGMA busy_timeout = {BUSY_WAIT}")


@contextmanager
def schema_transaction(engine: Engine, *, is_writing: bool = True) -> Iterator[Connection]:
    """One transaction for a change of the schema: all of it or, however the block or the process ends, nothing.

    On SQLite, Python's driver begins nothing before a CREATE or ALTER, so that each would stand for itself; here
    the transaction is begun by name, as SQLAlchemy's manual advises. Foreign keys are off, or a table that is
    rebuilt (made anew, filled, the old one dropped) takes the rows of others with it. Two at once: the second waits.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection, _own_begin(connection) if is_sqlite else nullcontext(), connection.begin():
        if is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
        yield connection


@contextmanager
def _own_begin(connection: Connection) -> Iterator[None]:
    """Python's driver begins no transaction of its own, and foreign keys are off."""
    driver: Any = connection.connection.driver_connection
    before, driver.isolation_level = driver.isolation_level, None
    driver.execute(f"PRAGMA busy_timeout = {SCHEMA_WAIT * 1000}")
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.isolation_level = before
        _set_pragmas(driver, None)


def broken_links(connection: sqlite3.Connection) -> list[str]:
    """Foreign keys that lead nowhere, as words: which table, how many rows, which is the first."""
    found: dict[tuple[str, str], list[Any]] = {}
    for table, row, parent, _key in connection.execute("PRAGMA foreign_key_check"):
        found.setdefault((table, parent), []).append(row)
    return [
        f"{len(rows)} of {table} (the first is row {rows[0]}) without their row of {parent}"
        for (table, parent), rows in found.items()
    ]


def broken_links_in(connection: Connection) -> list[str]:
    """The same of a connection of ours. Other databases than SQLite let no such row in."""
    if connection.dialect.name != "sqlite":
        return []
    driver: Any = connection.connection.driver_connection
    return broken_links(driver)
