"""How a PostgreSQL database is opened, watched and changed.

One transaction writes at a time, as on SQLite: the first statement of a transaction that changes rows takes a lock
that the others wait for, and what it reads from then on nobody changes. So the same code is right on both, and none
of it knows which it runs on. Reading waits for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import OperationalError

from webapp.postgresql_connections import Lead, Reader, say_how
from webapp.postgresql_faults import OF_THE_DATABASE, NotUtf8, says_busy, says_full, says_not_set_up, why_unusable

__all__ = ["Lead", "Reader", "says_busy", "says_full", "says_not_set_up", "why_unusable"]

DRIVER = "postgresql+psycopg"
SCHEMA_WAIT = 10 * 60
"""Seconds to wait while another process changes the schema."""
WRITING = 0x5C12
"""The number of the lock for writing, among the advisory locks of this database."""
HELD = "webapp.postgresql.held"
"""Stands in the `info` of a connection whose transaction has the lock."""
ENGINE_OPTIONS = {"pool_pre_ping": True, "pool_size": 4, "max_overflow": 4}
"""A connection is tried before it is used, so that nobody notices a server that was started anew. Each process has one
for each of its four threads (deploy/gunicorn.conf.py), and one more for what a thread does in a transaction beside it.
The edition is read on one for each thread, and one more. So a worker has 13 at most, and a host with two workers and
`flask work` 36, as deploy/README.md says.
"""


def prepare(engine: Engine) -> None:
    """Let the engine open its database as this site wants it: see the module."""
    event.listen(engine, "do_connect", say_how)
    event.listen(engine, "connect", _refuse_other_encodings, insert=True)  # before anything is read from it
    event.listen(engine, "connect", _leave_out_nul)
    event.listen(engine, "before_cursor_execute", _wait_for_turn)
    for name in ("commit", "rollback", "rollback_savepoint"):
        event.listen(engine, name, _forget_turn)
    event.listen(engine, "handle_error", _as_on_sqlite)


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


def _refuse_other_encodings(connection: Any, _record: object) -> None:
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise OperationalError(None, None, NotUtf8())


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
    if not connection.invalidated:  # what it knew went with it
        connection.info.pop(HELD, None)


def _as_on_sqlite(context: Any) -> None:
    """A fault of the database, such as a missing table or right, is told as one: on SQLite they are of one kind too."""
    error = context.original_exception
    code = getattr(error, "sqlstate", "none of ours")
    is_of_connecting = context.connection is None and code is None
    is_told = isinstance(context.sqlalchemy_exception, OperationalError)  # as when a connection that broke is tried
    if not is_told and (is_of_connecting or code in OF_THE_DATABASE):
        raise OperationalError(context.statement, None, error, hide_parameters=True) from error


def file_of(_url: URL) -> None:
    """None: the database is no file of this machine."""


def create(_engine: Engine) -> None:
    """Nothing: whoever runs the server makes the database."""


def is_same(_connection: Connection) -> bool:
    return True


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
        # Between two statements it may work on something else for long, such as the search index of a large library.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        if is_writing:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")
            connection.info[HELD] = True
        yield


def lead_of(engine: Engine) -> Lead:
    """The right to do what only one host does."""
    return Lead(engine)


def broken_links_in(_connection: Connection) -> list[str]:
    """PostgreSQL lets no row in that leads nowhere."""
    return []
