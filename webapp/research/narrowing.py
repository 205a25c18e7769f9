"""How a list of summaries is narrowed: the conditions of its statements, and the values these are executed with.

Statements are built once for each shape, and executed with values: to build one takes longer than to answer it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, bindparam, exists

from webapp.models import CategoryLink, PhaseLink, Summary
from webapp.research.filters import FACET_NAMES, ResearchFilter


class Shape(NamedTuple):
    """What of a list decides how its statements read."""

    facets: tuple[str, ...]
    """In which something is chosen."""
    sort: str


def shape_of(criteria: ResearchFilter) -> Shape:
    return Shape(tuple(name for name in FACET_NAMES if getattr(criteria, name)), criteria.sort)


def values_of(criteria: ResearchFilter, category_id: int | None) -> dict[str, Any]:
    """What the conditions are executed with."""
    return {
        "category": category_id,
        "stage": criteria.stage,
        "level": int(criteria.level) if criteria.level.isdecimal() else None,
        "phase": criteria.phase,
        "result": criteria.result,
    }


def narrowed(shape: Shape, rows: Any = Summary, but: str = "") -> list[ColumnElement[bool]]:
    """The conditions of the choices made, but for those in one facet. `rows` have document_id, stage, level, result."""
    # Without the 0, SQLite would take all summaries of a level by the index of that order, and sort them.
    own_level: Any = rows.level if shape.sort == "evidence" else rows.level + 0
    level, phase = bindparam("level", type_=Integer), PhaseLink.phase == bindparam("phase")
    conditions: dict[str, ColumnElement[bool]] = {
        "category": exists().where(
            CategoryLink.document_id == rows.document_id, CategoryLink.category_id == bindparam("category")
        ),
        "stage": rows.stage == bindparam("stage"),
        "level": own_level.is_not_distinct_from(level),
        "phase": exists().where(PhaseLink.document_id == rows.document_id, phase),
        "result": rows.result == bindparam("result"),
    }
    return [conditions[name] for name in shape.facets if name != but]
