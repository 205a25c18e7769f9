"""The base of the models, and how the database is opened and closed; the only place that asks which it is.

What differs stands in sqlite_file.py and postgresql.py, which offer the same functions.
"""

from __future__ import annotations

import datetime as dt
import os
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import Flask
from sqlalchemy import URL, Connection, DateTime, Dialect, Engine, MetaData, String, TypeDecorator, inspect, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, registry

from webapp import postgresql, sqlite_file
from webapp.editorial.dates import PartialDate

Kind = TypeVar("Kind")

UNSEEN = {"synchronize_session": False}
"""Options of a change that the session does not look for among what it has loaded: that is loaded anew, or not used."""


class Reader(Protocol):
    """Reads one value, again and again, in microseconds, where a session takes a hundred times as long."""

    def value(self) -> object:
        """The first column of the first row, as it is committed at this moment. None when it cannot be read this way;
        whoever asks then takes the long way.
        """

    def close(self) -> None:
        """Let go of the database."""


class Lead(Protocol):
    """The right to do what only one of several hosts does."""

    def is_held(self) -> bool:
        """Whether it is ours at this moment; it is taken if nobody has it. Raises OperationalError where that cannot be
        known: then it is not ours.
        """


KINDS: dict[str, Any] = {"sqlite": sqlite_file, "postgresql": postgresql}
LARGEST_NUMBER = 2**31 - 1
"""The largest that a row can be asked for by: PostgreSQL knows no larger INTEGER."""


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
    kind_of(engine.url).prepare(engine)
    weakref.finalize(app, _close, engine, os.getpid())


def _close(engine: Engine, process: int) -> None:
    # A child that was forked must not touch its parent's connections.
    engine.dispose(close=os.getpid() == process)


def kind_of(url: URL) -> Any:
    """What the database at this URL needs done differently: one of the modules of KINDS."""
    return KINDS[url.get_backend_name()]


def one_for(engine: Engine, **by_kind: Kind) -> Kind:
    """That of several which is meant for this database: `sqlite=..., postgresql=...`."""
    return by_kind[engine.dialect.name]


def usable(url: URL) -> URL:
    """The URL with the driver this site has for it. Raises LookupError for a database the site cannot use."""
    kind = kind_of(url)
    is_cut_wrongly = "@" in (url.host or "")  # after the first @, where the password has one
    if is_cut_wrongly or url.drivername not in {url.get_backend_name(), kind.DRIVER}:
        raise LookupError(url.drivername)
    return url.set(drivername=kind.DRIVER)


def engine_options(url: str) -> dict[str, Any]:
    """What SQLAlchemy is told when it opens the database at this URL."""
    return {"hide_parameters": True, **kind_of(make_url(url)).ENGINE_OPTIONS}  # no reader's address in a log


def lead(engine: Engine) -> Lead | None:
    """The right to do what only one host does; None where there is but one, and nothing to share."""
    found: Lead | None = kind_of(engine.url).lead_of(engine)
    return found


def is_set_up(error: OperationalError) -> bool:
    """False when a table or column is missing."""
    return not any(kind.says_not_set_up(error.orig) for kind in KINDS.values())


def is_full(error: OperationalError) -> bool:
    """Whether there was no room to write: what was to be saved was not, and all else is as it was."""
    return any(kind.says_full(error.orig) for kind in KINDS.values())


def is_busy(error: OperationalError) -> bool:
    """Whether others were writing for so long that this one's turn did not come."""
    return any(kind.says_busy(error.orig) for kind in KINDS.values())


def why_unusable(error: OperationalError) -> str | None:
    """What to do, in sentences for the owner, when the database cannot be opened, is no longer the one that was
    opened, or may not be changed; None for every other fault.
    """
    return next(filter(None, (kind.why_unusable(error.orig) for kind in KINDS.values())), None)


def is_whole(connection: Connection, metadata: MetaData) -> bool:
    """Whether every table of the models is there. `flask db stamp` may say so of a database in which none is."""
    return set(metadata.tables) <= set(inspect(connection).get_table_names())


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


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory and for other databases."""
    file: Path | None = kind_of(url).file_of(url)
    return file


@contextmanager
def hurried(engine: Engine, milliseconds: int) -> Iterator[Connection]:
    """A transaction that waits only so long for its turn to write; then it fails (OperationalError)."""
    with engine.connect() as connection, connection.begin(), kind_of(engine.url).waiting(connection, milliseconds):
        yield connection


@contextmanager
def schema_transaction(engine: Engine, *, is_writing: bool = True) -> Iterator[Connection]:
    """One transaction for a change of the schema: all of it or, however the block or the process ends, nothing.

    Two at once: the second waits.
    """
    with engine.connect() as connection, kind_of(engine.url).changing_schema(connection, is_writing=is_writing):
        yield connection


def is_same(connection: Connection) -> bool:
    """Whether the database that was opened is the one that is there now: a file may have been replaced."""
    return bool(kind_of(connection.engine.url).is_same(connection))


def broken_links_in(connection: Connection) -> list[str]:
    """Foreign keys that lead nowhere, as words."""
    found: list[str] = kind_of(connection.engine.url).broken_links_in(connection)
    return found
