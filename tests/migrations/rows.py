"""Rows for every table of a database, whatever its revision, and reading them all back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import Boolean, Date, DateTime, Float, Integer

from webapp.database import prepare

ROWS = 3
DERIVED = (
    "summary_search", "summary_words", "summary_vocabulary", "alembic_version", "editions", "heartbeats",
    "rate_limit_hits",
)  # fmt: skip
DAY = dt.date(2026, 1, 15)
Rows = dict[str, dict[Any, dict[str, Any]]]


def engine_of(file: str) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    prepare(engine)
    return engine


def tables(engine: sa.Engine) -> Iterable[sa.Table]:
    """The tables, parents first."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
    return [table for table in metadata.sorted_tables if not table.name.startswith(DERIVED)]


def fill(engine: sa.Engine) -> None:
    """ROWS rows in every table; row n refers to row n of each parent."""
    with engine.begin() as connection:
        for table in tables(engine):
            for number in range(1, ROWS + 1):
                connection.execute(table.insert(), {c.name: value(table, c, number) for c in table.columns})


def value(table: sa.Table, column: sa.Column[Any], number: int) -> Any:
    """Something a column can hold, other than its default and than that of another row."""
    if column.foreign_keys:
        parent = next(iter(column.foreign_keys)).column
        return value(parent.table, parent, number)
    if column.name in {"address", "recipient"}:
        return f"reader{number}@example.org"
    for kind, said in (
        (Boolean, True),
        (Integer, number),
        (Float, number + 0.5),
        (DateTime, dt.datetime.combine(DAY, dt.time(number))),
        (Date, DAY + dt.timedelta(number)),
        (sa.JSON, [f"{column.name} {number}"]),
        (sa.LargeBinary, bytes([number])),
    ):
        if isinstance(column.type, kind):
            return said
    return f"{number} {table.name} {column.name}"[: getattr(column.type, "length", None) or 200]


def rows(engine: sa.Engine) -> Rows:
    """Every row of every table, by its primary key."""
    found: Rows = {}
    with engine.connect() as connection:
        for table in tables(engine):
            keys = [column.name for column in table.primary_key]
            read = connection.execute(sa.select(table)).mappings()
            found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in read}
    return found


def common(one: Rows, other: Rows) -> Rows:
    """The first, without the tables and columns that the second does not have."""
    return {
        name: {
            key: {field: said for field, said in row.items() if key not in other[name] or field in other[name][key]}
            for key, row in held.items()
        }
        for name, held in one.items()
        if name in other
    }
