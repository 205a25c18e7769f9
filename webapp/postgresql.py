"""How a PostgreSQL database is opened, watched and changed.

One transaction writes at a time, as on SQLite: the first statement of a transaction that changes rows takes a lock
that the others wait for, and what it reads from then on nobody changes. So the same code is right on both, and none
of it knows which it runs on. Reading waits for nobody.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import OperationalError

from webapp import clock

DRIVER = "postgresql+psycopg"
SCHEMA_WAIT = 10 * 60
"""Seconds to wait while another process changes the schema."""
BUSY_WAIT = 5000
"""Milliseconds a writer waits its turn."""
WRITING = 0x5C12
"""The number of the lock for writing, among the advisory locks of this database."""
HELD = "webapp.postgresql.held"
"""Stands in the `info` of a connection whose transaction has the lock."""
KNOWN_FOR = 600.0
"""Seconds for which a value that was read stays good while the server cannot be reached."""
PAUSE = 1.0
"""Seconds until a server that could not be reached is asked again."""
NOT_SET_UP = {"42P01", "42703"}
"""No such table, no such column: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
FULL = {"53100"}


def prepare(engine: Engine) -> None:
    """Let the engine open its database as this site wants it: see the module."""
    event.listen(engine, "do_connect", _say_how)
    event.listen(engine, "connect", _leave_out_nul)
    event.listen(engine, "before_cursor_execute", _wait_for_turn)
    for name in ("commit", "rollback", "rollback_savepoint"):
        event.listen(engine, name, _forget_turn)
    event.listen(engine, "handle_error", _as_on_sqlite)


def _say_how(_dialect: object, _record: object, _arguments: list[Any], options: dict[str, Any]) -> None:
    options.setdefault("connect_timeout", 5)
    options.setdefault("application_name", "webapp")
    options["options"] = f"-c timezone=UTC -c lock_timeout={BUSY_WAIT} {options.get('options', '')}"


def _leave_out_nul(connection: Any, _record: object) -> None:
    connection.adapters.register_dumper(str, _dumper())


@cache
def _dumper() -> Any:
    """No text of PostgreSQL holds the character NUL, which is none for a reader: without it nothing is lost."""
    from psycopg.types.string import StrDumperUnknown

    class WithoutNul(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", ""))

    return WithoutNul


def _wait_for_turn(
    connection: Connection, cursor: Any, statement: str, _parameters: object, context: Any, _is_many: bool
) -> None:
    is_writing = context.isinsert or context.isupdate or context.isdelete or _is_written_out(statement)
    if is_writing and not connection.info.get(HELD):
        cursor.execute(f"SELECT pg_advisory_xact_lock({WRITING})")
        connection.info[HELD] = True


def _is_written_out(statement: str) -> bool:
    return statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}


def _forget_turn(connection: Connection, *_: object) -> None:
    connection.info.pop(HELD, None)


def _as_on_sqlite(context: Any) -> None:
    """A missing table is a fault of the database here, as on SQLite, and none of the statement."""
    error = context.original_exception
    if getattr(error, "sqlstate", None) in NOT_SET_UP:
        raise OperationalError(context.statement, None, error, hide_parameters=True) from error


def file_of(_url: URL) -> None:
    """None: the database is no file of this machine."""


def create(_engine: Engine) -> None:
    """Nothing: whoever runs the server makes the database."""


def is_same(_connection: Connection) -> bool:
    return True


def says_not_set_up(error: object) -> bool:
    return getattr(error, "sqlstate", None) in NOT_SET_UP


def says_full(error: object) -> bool:
    return getattr(error, "sqlstate", None) in FULL


def says_not_there(error: object) -> bool:
    """Whether the server could not be reached, or hung up: psycopg has no code for either."""
    return hasattr(error, "sqlstate") and error.sqlstate is None


@contextmanager
def waiting(connection: Connection, milliseconds: int) -> Iterator[None]:
    """Inside the block the connection waits only so long for its turn to write: until its transaction ends."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
    yield


@contextmanager
def changing_schema(connection: Connection, *, is_writing: bool) -> Iterator[None]:
    """A transaction for a change of the schema. Nobody writes meanwhile."""
    with connection.begin():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {SCHEMA_WAIT * 1000}")
        if is_writing:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")
            connection.info[HELD] = True
        yield


def broken_links_in(_connection: Connection) -> list[str]:
    """PostgreSQL lets no row in that leads nowhere."""
    return []


class Reader:
    """Reads one value, again and again, on a connection of each thread's own.

    While the server cannot be reached, as when it is started anew, the value stays what it was, for a time: nobody
    can change it then. Asked again after that, or when nothing was ever read, it gives None.
    """

    def __init__(self, url: URL, statement: str) -> None:
        self.address, self.statement = url.set(drivername="postgresql").render_as_string(hide_password=False), statement
        self.local = threading.local()
        self.opened: list[Any] = []
        self.last: tuple[float, object] = (0.0, None)
        self.try_at = 0.0

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()

    def value(self) -> object:
        """The first column of the first row, as it is committed at this moment."""
        import psycopg

        now = clock.steady()
        if now < self.try_at:
            return self._as_it_was(now)
        try:
            row = self._connection().execute(self.statement).fetchone()
        except psycopg.Error:
            self._let_go()
            self.try_at = now + PAUSE
            return self._as_it_was(now)
        self.last = now, row[0] if row else None
        return self.last[1]

    def _as_it_was(self, now: float) -> object:
        return self.last[1] if now - self.last[0] < KNOWN_FOR else None

    def _connection(self) -> Any:
        import psycopg

        if getattr(self.local, "process", None) != os.getpid():  # a new thread, or a forked process
            self.local.connection = psycopg.connect(self.address, autocommit=True, connect_timeout=2)
            self.local.process = os.getpid()
            self.opened.append(self.local.connection)
        return self.local.connection

    def _let_go(self) -> None:
        if getattr(self.local, "process", None) == os.getpid():
            self.local.connection.close()
        self.local.process = None
