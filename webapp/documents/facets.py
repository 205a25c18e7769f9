"""How many public summaries there are for every choice a list offers: counted when one is published, not when asked.

A cell is one combination of values, '' for any. A summary stands in about 80 of them: each of its categories and
phases, or none of them, with or without its stage, its level and its result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.database import upsert
from webapp.models import FacetCount

NO_LEVEL = "none"
"""The value of a study that is not on the ladder."""


class Cell(NamedTuple):
    """One combination, in the order of the table."""

    category: str = ""
    stage: str = ""
    level: str = ""
    phase: str = ""
    result: str = ""


def cells_of(
    categories: Iterable[str],
    phases: Iterable[str],
    *,
    stage: str | None,
    level: int | None,
    result: str | None,
) -> set[Cell]:
    """Every cell one summary counts in."""
    values = (
        ["", *categories],
        {"", stage or ""},
        ["", str(level or NO_LEVEL)],
        ["", *phases],
        {"", result or ""},
    )
    return {Cell(*found) for found in product(*values)}


def add(session: Session, changes: Counter[Cell]) -> None:
    """Add to the counts, or take away."""
    rows = [{**cell._asdict(), "count": change} for cell, change in changes.items() if change]
    if not rows:
        return
    statement = upsert(
        session.get_bind().engine,
        FacetCount,
        unique=[getattr(FacetCount, name) for name in Cell._fields],
        changes=lambda new: {FacetCount.count: FacetCount.count + new.count},
    )
    session.execute(statement, rows)
    if gone := [row for row in rows if row["count"] < 0]:
        here = [getattr(FacetCount, name) == bindparam(f"in_{name}") for name in Cell._fields]
        # Of the table, not of the model: many are deleted with one statement, and none is loaded.
        empty = delete(FacetCount.__table__).where(FacetCount.count == 0, *here)  # type: ignore[arg-type]
        session.execute(empty, [{f"in_{name}": row[name] for name in Cell._fields} for row in gone])


def count_of(category: ColumnElement[str] | InstrumentedAttribute[str] | str = "") -> ColumnElement[int]:
    """How many public summaries there are; of one category when it is named."""
    anything = [getattr(FacetCount, name) == "" for name in Cell._fields[1:]]
    counted = select(FacetCount.count).where(FacetCount.category == category, *anything)
    return func.coalesce(counted.scalar_subquery(), 0)


def counts_for(session: Session, chosen: Cell, options: Mapping[str, Sequence[str]]) -> Iterable[Sequence[Any]]:
    """Facet, value and count: how many summaries each option would leave if only that one choice were different.

    `options`: the values of each facet; '' (any) is counted beside them. Every count is a look-up by the key.
    """
    values = {f"options_of_{name}": ["", *some] for name, some in options.items()}
    return session.execute(_counts(tuple(options)), chosen._asdict() | values)


@cache
def _counts(facets: tuple[str, ...]) -> Select[Any]:
    """The statement for these facets."""
    parts = []
    for facet in facets:
        options: Any = bindparam(f"options_of_{facet}", expanding=True)
        others = [getattr(FacetCount, name) == bindparam(name) for name in Cell._fields if name != facet]
        value = getattr(FacetCount, facet)
        parts.append(select(literal(facet), value, FacetCount.count).where(value.in_(options), *others))
    counted = union_all(*parts).subquery()
    return select(*counted.c)


def clear(session: Session) -> None:
    """Forget every count, before all summaries are counted anew."""
    session.execute(delete(FacetCount))
