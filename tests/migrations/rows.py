"""Rows for every table of a database, whatever its revision, and reading them all back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.ddl import sort_tables
from sqlalchemy.types import Boolean, Date, DateTime, Float, Integer

from tests.databases import url_of
from webapp.database import kind_of
from webapp.editorial.readability import grade

ROWS = 3
DERIVED = (
    "summary_search", "summary_words", "summary_vocabulary", "alembic_version", "editions", "heartbeats",
    "rate_limit_hits", "facet_counts",
)  # fmt: skip
DAY = dt.date(2026, 1, 15)
GRADE = grade("1 summaries simple_explanation")
NOTICE: dict[str, Any] = {
    "kind": "correction", "issued": "2024", "by": None, "citation": None, "doi": None, "url": None, "reasons": [],
}  # fmt: skip
SAMPLES: dict[tuple[str, str], Callable[[int], Any]] = {
    ("summaries", "key"): lambda number: f"summary-{number}",
    ("summaries", "slug"): lambda number: f"slug-{number}",
    ("summaries", "is_draft"): lambda _: False,
    ("summaries", "related"): lambda _: ["summary-1"],
    ("summaries", "implications"): lambda _: [{"title": "Ask", "text": "Ask them."}],
    ("summaries", "reading_grade"): lambda _: GRADE,
    ("categories", "slug"): lambda number: f"category-{number}",
    ("summary_categories", "position"): lambda _: 0,
    ("studies", "design"): lambda _: "rct",
    ("studies", "trial_phase"): lambda _: "2b",
    ("studies", "published"): lambda number: f"202{number}-03",
    ("studies", "doi"): lambda number: f"10.1000/{number}",
    ("studies", "pmid"): str,
    ("studies", "pmcid"): lambda number: f"PMC{number}",
    ("studies", "injury_phases"): lambda _: ["acute"],
    ("studies", "pictogram"): lambda number: {"count": number, "of": 9, "words": "people"},
    ("studies", "notice"): lambda _: NOTICE,
    ("studies", "sources"): lambda _: [{"where": "example.org", "seen": "abstract"}],
    ("documents", "is_stale"): lambda _: False,
}
"""What a column holds that is read again on the way up."""
Rows = dict[str, dict[Any, dict[str, Any]]]


def engine_of(instance: Path) -> sa.Engine:
    """Opens the database of an instance folder, and keeps no connection to it."""
    engine = sa.create_engine(url_of(instance), poolclass=sa.NullPool)
    kind_of(engine.url).prepare(engine)
    return engine


def tables(engine: sa.Engine) -> Iterable[sa.Table]:
    """The tables, parents first."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
    ordered = sort_tables(metadata.tables.values(), skip_fn=lambda key: "revisions" in str(key.name))
    return [table for table in ordered if not table.name.startswith(DERIVED)]


def fill(engine: sa.Engine) -> None:
    """ROWS rows in every table; row n refers to row n of each parent."""
    with engine.begin() as connection:
        for table in tables(engine):
            for number in range(1, ROWS + 1):
                connection.execute(table.insert(), {c.name: value(table, c, number) for c in table.columns})


def value(table: sa.Table, column: sa.Column[Any], number: int) -> Any:
    """Something a column can hold, other than its default and than that of another row."""
    if (table.name, column.name) in SAMPLES:
        return SAMPLES[table.name, column.name](number)
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
