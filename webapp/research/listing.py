"""A list of summaries that is searched, narrowed, sorted and paged: by the database, from its indexes.

Without a search the counts beside the options are looked up. A search is counted among its hits, the best of them
when there are very many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
    union_all,
)

from webapp.documents.facets import NO_LEVEL, Cell, counts_for
from webapp.extensions import db
from webapp.models import Category, CategoryLink, PhaseLink, Summary
from webapp.models.summary import ordered_by
from webapp.research.filters import FACET_NAMES, FACETS, Facet, ResearchFilter, sorts_for
from webapp.search.index import MOST_HITS, as_html, index, is_searchable
from webapp.search.terms import Query, did_you_mean, parse_query
from webapp.search.vocabulary import known_words

PAGE_SIZE = 12
Counts = dict[str, Counter[str]]


@dataclass(frozen=True)
class Card:
    """One summary in a list, with the words around what was searched for."""

    summary: Summary
    excerpt: Markup | None = None


@dataclass
class ResearchPage:
    """One page of a list: the cards, how many there are, and how many each option would leave."""

    criteria: ResearchFilter
    cards: list[Card] = field(default_factory=list)
    total: int = 0
    counts: Counts = field(default_factory=dict)
    categories: list[Category] = field(default_factory=list)
    suggestion: str | None = None
    is_loose: bool = False
    is_cut: bool = False
    """Whether the search found more than MOST_HITS: the best of them are listed and counted."""
    facets: tuple[Facet, ...] = FACETS

    @property
    def most_hits(self) -> int:
        return MOST_HITS

    @property
    def sorts(self) -> dict[str, str]:
        return sorts_for(self.criteria.q)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first(self) -> int:
        return (self.criteria.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return min(self.total, self.criteria.page * PAGE_SIZE)

    @property
    def near_pages(self) -> list[int | None]:
        """The numbers a reader is offered: the first, the last, this one and its neighbours; None for a gap."""
        here = self.criteria.page
        wanted = sorted({1, self.pages, *range(max(1, here - 1), min(self.pages, here + 1) + 1)})
        shown: list[int | None] = []
        for number in wanted:
            before = shown[-1] if shown else 0
            if before is not None and number - before == 2:
                shown.append(number - 1)  # a gap of one page is that page
            elif before is not None and number - before > 2:
                shown.append(None)
            shown.append(number)
        return shown


def research_page(criteria: ResearchFilter) -> ResearchPage:
    """The page of summaries a filter asks for. At most three statements, four for a search.

    Options are counted as if only that one choice were made differently; a page past the last is
    the last.
    """
    query = parse_query(criteria.q)
    categories = list(db.session.scalars(_CATEGORIES))
    if criteria.category not in {category.slug for category in categories}:
        criteria = replace(criteria, category="")
    page = ResearchPage(criteria, categories=categories, counts={name: Counter() for name in FACET_NAMES})
    if query.is_blank:
        options = {"category": [category.slug for category in categories]}
        options |= {facet.name: list(facet.options) for facet in FACETS}
        _take_counts(page, counts_for(db.session(), _cell(criteria), options))
    elif is_searchable(query):
        slugs = {("category", str(category.id)): category.slug for category in categories}
        found = db.session.execute(_counts_of_hits(_shape(page)), _values(page) | index.values(query))
        _take_counts(page, ((name, slugs.get((name, value), value), count) for name, value, count in found))
        if page.is_loose or not page.counts["hits"]["all"]:
            page.suggestion = did_you_mean(query, known_words())
    page.total = page.counts[FACET_NAMES[0]][criteria.category]
    page.criteria = criteria = replace(criteria, page=min(criteria.page, page.pages))
    if page.total:
        page.cards = _all_cards(page) if query.is_blank else _found_cards(page, query)
    return page


def _cell(criteria: ResearchFilter) -> Cell:
    return Cell(**{name: getattr(criteria, name) for name in FACET_NAMES})


def _take_counts(page: ResearchPage, rows: Iterable[Sequence[Any]]) -> None:
    for name, value, count in rows:
        page.counts.setdefault(name, Counter())[value] += count
    found = page.counts.get("hits", Counter())
    page.is_loose, page.is_cut = bool(found["loose"]), found["all"] > MOST_HITS


# Statements are built once for each shape, and executed with values: to build one takes longer than to answer it.

_CATEGORIES = select(Category).order_by(Category.position)


class _Shape(NamedTuple):
    """What of a list decides how its statements read."""

    facets: tuple[str, ...]
    """In which something is chosen."""
    sort: str


def _shape(page: ResearchPage) -> _Shape:
    return _Shape(tuple(name for name in FACET_NAMES if getattr(page.criteria, name)), page.criteria.sort)


def _values(page: ResearchPage) -> dict[str, Any]:
    """What the statements of a list are executed with."""
    criteria = page.criteria
    return {
        "category": next((one.id for one in page.categories if one.slug == criteria.category), None),
        "stage": criteria.stage,
        "level": int(criteria.level) if criteria.level.isdecimal() else None,
        "phase": criteria.phase,
        "limit": PAGE_SIZE,
        "offset": page.first - 1,
    }


def _narrowed(shape: _Shape, rows: Any = Summary, but: str = "") -> list[ColumnElement[bool]]:
    """The conditions of the choices made, but for those in one facet. `rows` have document_id, stage and level."""
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
    }
    return [conditions[name] for name in shape.facets if name != but]


# Without a search


def _all_cards(page: ResearchPage) -> list[Card]:
    """The cards of a page, read from that end of the order which is nearer."""
    is_backwards = page.first > page.total / 2
    skipped = page.total - page.last if is_backwards else page.first - 1
    values = _values(page) | {"limit": page.last - page.first + 1, "offset": skipped}
    return [Card(summary) for summary in db.session.scalars(_cards(_shape(page), is_backwards), values)]


@cache
def _cards(shape: _Shape, is_backwards: bool) -> Select[Summary]:
    ids = select(Summary.document_id).where(*_narrowed(shape))
    ids = ids.order_by(*ordered_by(shape.sort, is_backwards=is_backwards))
    ids = ids.limit(bindparam("limit")).offset(bindparam("offset"))
    return Summary.cards().where(Summary.document_id.in_(ids)).order_by(*ordered_by(shape.sort))


# With a search


def _hits() -> tuple[CTE, CTE]:
    """The best matches, with what they are narrowed by; and all."""
    matches = select(index.matches()).cte("matches")
    best = select(matches).order_by(matches.c.rank).limit(bindparam("most") - 1).subquery()
    columns = (Summary.document_id, Summary.stage, Summary.level, best.c.rank, best.c.is_loose)
    return select(*columns).join(best, best.c.id == Summary.document_id).cte("hits"), matches


@cache
def _counts_of_hits(shape: _Shape) -> Select[Any]:
    """Facet, value and count, as `counts_for` gives them, among the hits; under "hits", what is so of all matches."""
    hits, matches = _hits()
    found: Any = select(hits.c.document_id)
    values: dict[str, tuple[Any, Any]] = {
        # By number: their slugs are known, and need not be looked up for each hit.
        "category": (
            cast(CategoryLink.category_id, String),
            found.join(CategoryLink, CategoryLink.document_id == hits.c.document_id),
        ),
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
        others = _narrowed(shape, hits.c, but=name)
        parts.append(rows.with_only_columns(literal(name), value, func.count()).where(*others).group_by(value))
        every = select(literal(name), literal(""), func.count()).select_from(hits)
        parts.append(every.where(*others))
    counted = union_all(*parts).subquery()
    return select(*counted.c)


def _found_cards(page: ResearchPage, query: Query) -> list[Card]:
    """The cards of a page of a search, with the words around what was found."""
    values = index.values(query)
    ids = list(db.session.scalars(_found(_shape(page)), _values(page) | values))
    found = {
        summary.document_id: Card(summary, excerpt and as_html(excerpt))
        for summary, excerpt in db.session.execute(_marked(), values | {"ids": ids})
    }
    return [found[id_] for id_ in ids]


@cache
def _found(shape: _Shape) -> Select[int]:
    """The numbers of the summaries on a page of a search, in their order."""
    hits, _ = _hits()
    order = [hits.c.rank, *ordered_by("newest")] if shape.sort == "relevance" else ordered_by(shape.sort)
    chosen = select(hits.c.document_id).join(Summary, Summary.document_id == hits.c.document_id)
    chosen = chosen.where(*_narrowed(shape, hits.c))
    return chosen.order_by(*order).limit(bindparam("limit")).offset(bindparam("offset"))


@cache
def _marked() -> Select[Any]:
    """Summaries by their numbers, each with the words around what was found."""
    excerpts = index.excerpts()
    return (
        Summary.cards()
        .where(Summary.document_id.in_(bindparam("ids", expanding=True)))
        .outerjoin(excerpts, excerpts.c.id == Summary.document_id)
        .add_columns(excerpts.c.excerpt)
    )
