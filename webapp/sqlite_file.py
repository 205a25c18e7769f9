"""How a SQLite database is opened, watched and changed.

Its file is opened, never made: only `flask db upgrade` makes one (`create_file`). While the site runs, the
file may be deleted or replaced; a connection to what is no longer there is dropped, so that nothing is written
where nobody will find it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError

DRIVER = "sqlite"
ENGINE_OPTIONS: dict[str, Any] = {}
SCHEMA_WAIT = 10 * 60
"""Seconds to wait while another process changes the schema."""
BUSY_WAIT = 5000
"""Milliseconds a writer waits its turn."""
SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database while it is used. Read together with another database they ruin it."""
NOT_THERE = (
    "The database cannot be opened, or was replaced while it was in use. If this site is new: run `make run`, or "
    "`flask db upgrade`. If it was in use before: bring its database back (`flask restore`), and start again."
)
MOVED = "unable to open database file: it was deleted or replaced while it was open"


Identity = tuple[int, int] | None


def prepare(engine: Engine) -> None:
    """Let the engine open its database as this site wants it: see the module."""
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
        if not is_same(connection):
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


def file_of(url: URL) -> Path | None:
    """The file of a database; None for one in memory."""
    name = url.database
    if not name:
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


def is_same(connection: Connection) -> bool:
    """Whether the file that was opened is the one at its path now. Always true of a database in memory."""
    file = file_of(connection.engine.url)
    return file is None or connection.info.get("identity") == identity(file)


def create(engine: Engine) -> None:
    """Make the empty file of a SQLite database, for this user alone, unless there is one."""
    file = file_of(engine.url)
    if file:
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def says_not_set_up(error: object) -> bool:
    return isinstance(error, sqlite3.Error) and "no such" in str(error)


def says_full(error: object) -> bool:
    return isinstance(error, sqlite3.Error) and any(words in str(error) for words in ("disk is full", "disk I/O error"))


def says_busy(error: object) -> bool:
    return isinstance(error, sqlite3.Error) and "database is locked" in str(error)


def why_unusable(error: object) -> str | None:
    """The sentences for the owner, with the remedy; None for a fault of another kind, or of another database."""
    return NOT_THERE if isinstance(error, sqlite3.Error) and "unable to open" in str(error) else None


@contextmanager
def waiting(connection: Connection, milliseconds: int) -> Iterator[None]:
    """Inside the block the connection waits only so long for its turn to write."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_WAIT}")


@contextmanager
def changing_schema(connection: Connection, *, is_writing: bool) -> Iterator[None]:
    """A transaction for a change of the schema.

    Python's driver begins nothing before a CREATE or ALTER, so that each would stand for itself; here the
    transaction is begun by name, as SQLAlchemy's manual advises. Foreign keys are off, or a table that is
    rebuilt (made anew, filled, the old one dropped) takes the rows of others with it.
    """
    with _own_begin(connection), connection.begin():
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
        yield


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
    """The same of a connection of ours."""
    driver: Any = connection.connection.driver_connection
    return broken_links(driver)


def lead_of(_engine: Engine) -> None:
    """None: one host alone has the file, and what runs there twice does no harm."""


class Reader:
    """Reads one value, again and again, on a connection of each thread's own: in microseconds, where a session takes a
    hundred times as long. None when it cannot be read this way; whoever asks then takes the long way.
    """

    def __init__(self, url: URL, statement: str) -> None:
        file = file_of(url)
        self.file, self.statement = str(file) if file else None, statement
        self.address = f"{file.as_uri()}?mode=ro" if file else ""
        self.local = threading.local()
        self.opened: list[sqlite3.Connection] = []

    def close(self) -> None:
        """Let go of the file: the last connection that may write to it then leaves nothing beside it."""
        while self.opened:
            self.opened.pop().close()

    def value(self) -> object:
        """The first column of the first row, as it is committed at this moment."""
        if self.file is None:
            return None
        here = (os.getpid(), identity(self.file))
        try:
            if getattr(self.local, "opened", None) != here:  # a new thread, a forked process, another file
                if getattr(self.local, "opened", (None,))[0] == here[0]:
                    self.local.connection.close()
                self.local.connection = sqlite3.connect(
                    self.address, uri=True, isolation_level=None, check_same_thread=False
                )
                self.local.opened = here
                self.opened.append(self.local.connection)
            row = self.local.connection.execute(self.statement).fetchone()
        except sqlite3.Error:
            self.local.opened = (None, None)
            return None
        return row[0] if row else None
