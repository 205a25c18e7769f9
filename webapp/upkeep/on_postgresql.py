"""What upkeep does differently on PostgreSQL; on_sqlite.py offers the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'webapp' AND pid <> pg_backend_pid()
"""
CONNECTIONS = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""


def is_used_by_others(engine: Engine) -> bool:
    """Whether this site is connected from elsewhere. What this process has just closed may take a moment to go."""
    with engine.connect() as connection:
        for _ in range(10):
            if not connection.exec_driver_sql(OTHERS).scalar_one():
                return False
            connection.rollback()
            connection.exec_driver_sql("SELECT pg_sleep(0.1)")
            connection.rollback()
    return True


def about(connection: Connection) -> str:
    """Which program keeps the database, where, and how large that is."""
    version, size = connection.exec_driver_sql(
        "SELECT current_setting('server_version'), pg_database_size(current_database())"
    ).one()
    url = connection.engine.url
    return f"PostgreSQL {version.split()[0]}, {url.database} on {url.host or 'this machine'}, {size / 1024**2:.1f} MB"


def connections(connection: Connection) -> tuple[int, int]:
    """How many the server has now, of all that use it, and how many it allows to users like ours."""
    used, allowed = connection.exec_driver_sql(CONNECTIONS).one()
    return used, allowed


def why_not_held(kind: Any, value: object) -> str:
    """Why a column of this kind cannot hold what SQLite holds, as words; empty when it can."""
    if isinstance(value, str) and "\0" in value:
        return "it holds the character NUL"
    length = getattr(kind, "length", None)
    if isinstance(value, str) and length and len(value) > length:
        return f"it is {len(value):,} characters long, and there is room for {length:,}"
    if isinstance(value, int) and not -(2**31) <= value < 2**31:
        return "it is too large a number"
    return ""


def count_on(connection: Connection, table: Table) -> None:
    """Let the next row have the number after the highest: the server counts by itself, also when rows come with one."""
    column = table.autoincrement_column
    if column is not None:
        highest = connection.scalar(select(func.max(column)))
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        if sequence:
            connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Inside the block everything is read as it was at one moment, and nothing is written."""
    transaction = connection.begin()
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")  # it keeps nobody waiting
    try:
        yield
    finally:
        with suppress(SQLAlchemyError):  # all was read: a server that is gone by now takes nothing back
            transaction.rollback()
