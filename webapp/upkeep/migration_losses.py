"""What a change of the schema would lose: looked at before and after, inside the one transaction of the change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, Connection, case, column, func, inspect, literal_column, select, table

from webapp.formats import plural


@dataclass(frozen=True)
class Contents:
    """How much a database holds: rows of each table; of each column, how many rows say something in it."""

    rows: dict[str, int]
    values: dict[tuple[str, str], int]


def contents(connection: Connection, is_counted: Callable[[str], bool] = lambda _name: True) -> Contents:
    """Count the tables whose name `is_counted`. A value that is NULL or the column's default says nothing."""
    rows: dict[str, int] = {}
    values: dict[tuple[str, str], int] = {}
    inspector = inspect(connection)
    for name in filter(is_counted, inspector.get_table_names()):
        columns = inspector.get_columns(name)
        said = []
        for found in columns:
            here: ColumnClause[Any] = column(found["name"])
            default: ColumnClause[Any] = literal_column(found.get("default") or "NULL")
            said.append(func.count(case((here.is_not(None) & here.is_distinct_from(default), 1))))
        counts = connection.execute(select(func.count(), *said).select_from(table(name))).one()
        rows[name] = counts[0]
        values |= {(name, found["name"]): count for found, count in zip(columns, counts[1:], strict=True)}
    return Contents(rows, values)


def losses(before: Contents, after: Contents) -> list[str]:
    """What was there and is gone, as words such as "754 rows of votes"."""
    found = []
    for name, count in before.rows.items():
        if lost := count - after.rows.get(name, 0):
            found += [f"{plural(lost, 'row')} of {name}"] if lost > 0 else []
    for (name, field), count in before.values.items():
        is_gone = name in after.rows and (name, field) not in after.values
        if is_gone and count:
            found.append(f"{field} in {plural(count, 'row')} of {name}")
    return found
