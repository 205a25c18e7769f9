"""What upkeep does differently on SQLite; on_postgresql.py offers the same."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table

from webapp.sqlite_file import changing_schema, file_of

LOCKS_AT, LOCKS_LENGTH = 0x40000000, 512
"""The bytes SQLite locks, in every version: https://www.sqlite.org/lockingv3.html and its file format."""


def is_used_by_others(engine: Engine) -> bool:
    """Whether another process has the database open, of whatever version: SQLite itself keeps the locks.

    This process must not: to close the file here would drop its locks.
    """
    file = file_of(engine.url)
    if file is None or not file.exists():
        return False
    with file.open("rb+") as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCKS_LENGTH, LOCKS_AT)
        except BlockingIOError:
            return True
        return False


def about(connection: Connection) -> str:
    """Which program keeps the database, and how large that is."""
    pages, size = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size"))
    return f"SQLite {sqlite3.sqlite_version}, {pages * size / 1024**2:.1f} MB"


def connections(_connection: Connection) -> None:
    """None: nobody counts them."""


def why_not_held(_kind: object, _value: object) -> str:
    """Nothing: SQLite holds what the other holds."""
    return ""


def count_on(_connection: Connection, _table: Table) -> None:
    """Nothing: the next row has the number after the highest."""


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Inside the block everything is read as it was at one moment, and nothing is written."""
    with changing_schema(connection, is_writing=False):
        yield
