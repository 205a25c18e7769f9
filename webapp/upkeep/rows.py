"""The rows of a table as plain values, the same from every database: read, counted, proved and written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Cast,
    ColumnElement,
    Connection,
    Row,
    Table,
    TableClause,
    Text,
    TypeDecorator,
    cast,
    column,
    insert,
    select,
    table,
)
from sqlalchemy import types as sql

BATCH = 200
"""Rows that are held at once: the longest are texts of some hundred kilobytes."""


class Proof(NamedTuple):
    """What two tables have in common when they hold the same, in whatever order."""

    rows: int
    digest: str


class JsonText(sql.UserDefinedType[str]):
    """JSON as the text that was written: not even the order of its fields changes."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "JSON"

    def column_expression(self, colexpr: ColumnElement[Any]) -> Cast[str]:
        return cast(colexpr, Text)


def plain(model: Table) -> TableClause:
    """The table with columns that give what is kept, and not what the models make of it."""
    return table(model.name, *(column(one.name, _plain_type(one)) for one in model.columns))


def _plain_type(one: Any) -> Any:
    kind = one.type
    if isinstance(kind, sql.NullType):  # a key that has the type of the key it leads to
        return _plain_type(next(iter(one.foreign_keys)).column)
    if isinstance(kind, sql.JSON):
        return JsonText()
    return kind.impl if isinstance(kind, TypeDecorator) else kind


def batches(connection: Connection, model: Table) -> Iterator[Sequence[Row[Any]]]:
    """All rows, some at a time. Raises ValueError for a value that is not of its column's kind, such as a time."""
    options = {"yield_per": BATCH, "stream_results": True}
    yield from connection.execute(select(plain(model)), execution_options=options).partitions()


def prove(connection: Connection, model: Table, look: Callable[[Row[Any]], None] = lambda _row: None) -> Proof:
    """Count the rows and sum their digests, so that no order matters. Each row is shown to `look`."""
    count = total = 0
    for rows in batches(connection, model):
        for row in rows:
            look(row)
            total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest()[:16])
        count += len(rows)
    return Proof(count, f"{total % 2**128:032x}")


def copy_rows(source: Connection, target: Connection, model: Table) -> None:
    statement = insert(plain(model))
    for rows in batches(source, model):
        target.execute(statement, [row._asdict() for row in rows])
