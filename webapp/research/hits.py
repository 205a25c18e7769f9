"""The statements of a search: its counts, and the summaries on one of its pages."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import CTE, Select, String, bindparam, cast, func, literal, select, union_all

from webapp.documents.facets import NO_LEVEL
from webapp.models import CategoryLink, PhaseLink, Summary
from webapp.models.summary import ordered_by
from webapp.research.narrowing import Shape, narrowed
from webapp.search.index import SearchIndex


def _hits(index: SearchIndex) -> tuple[CTE, CTE]:
    """The best matches, with what they are narrowed by; and all."""
    matches = select(index.matches()).cte("matches")
    best = select(matches).order_by(matches.c.rank).limit(bindparam("most") - 1).subquery()
    about = (Summary.document_id, Summary.stage, Summary.level, Summary.result)
    return select(*about, best.c.rank, best.c.is_loose).join(best, best.c.id == Summary.document_id).cte(
        "hits"
    ), matches


@cache
def counts_of_hits(index: SearchIndex, shape: Shape) -> Select[Any]:
    """Facet, value and count, as `counts_for` gives them, among the hits; under "hits", what is so of all matches."""
    hits, matches = _hits(index)
    found: Any = select(hits.c.document_id)
    values: dict[str, tuple[Any, Any]] = {
        # By number: their slugs are known, and need not be looked up for each hit.
        "category": (
            cast(CategoryLink.category_id, String),
            found.join(CategoryLink, CategoryLink.document_id == hits.c.document_id),
        ),
        "result": (hits.c.result, found.where(hits.c.result.is_not(None))),
        "stage": (hits.c.stage, found.where(hits.c.stage.is_not(None))),
        "level": (func.coalesce(cast(hits.c.level, String), NO_LEVEL), found),
        # Cast, or SQLite would go through all phases in their order and look each up among the hits.
        "phase": (cast(PhaseLink.phase, String), found.join(PhaseLink, PhaseLink.document_id == hits.c.document_id)),
    }
    parts = [
        select(literal("hits"), literal("all"), func.count()).select_from(matches),
        select(literal("hits"), literal("loose"), func.coalesce(func.max(hits.c.is_loose), 0)).select_from(hits),
    ]
    for name, (value, rows) in values.items():
        others = narrowed(shape, hits.c, but=name)
        parts.append(rows.with_only_columns(literal(name), value, func.count()).where(*others).group_by(value))
        every = select(literal(name), literal(""), func.count()).select_from(hits)
        parts.append(every.where(*others))
    counted = union_all(*parts).subquery()
    return select(*counted.c)


@cache
def found_ids(index: SearchIndex, shape: Shape) -> Select[int]:
    """The numbers of the summaries on a page of a search, in their order."""
    hits, _ = _hits(index)
    order = [hits.c.rank, *ordered_by("newest")] if shape.sort == "relevance" else ordered_by(shape.sort)
    chosen = select(hits.c.document_id).join(Summary, Summary.document_id == hits.c.document_id)
    chosen = chosen.where(*narrowed(shape, hits.c))
    return chosen.order_by(*order).limit(bindparam("limit")).offset(bindparam("offset"))


@cache
def found_cards(index: SearchIndex) -> Select[Any]:
    """Summaries by their numbers, each with the words around what was searched for."""
    excerpts = index.excerpts()
    return (
        Summary.cards()
        .where(Summary.document_id.in_(bindparam("ids", expanding=True)))
        .outerjoin(excerpts, excerpts.c.id == Summary.document_id)
        .add_columns(excerpts.c.excerpt)
    )
