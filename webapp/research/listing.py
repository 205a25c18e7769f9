"""A list of summaries that is searched, narrowed, sorted and paged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from markupsafe import Markup
from sqlalchemy import Select, func, literal, select

from webapp.documents.facets import NO_LEVEL
from webapp.editorial.evidence import LEVELS
from webapp.extensions import db
from webapp.models import Category, CategoryLink, PhaseLink, Summary
from webapp.research.filters import FACET_NAMES, FACETS, Facet, ResearchFilter, sorts_for
from webapp.search.index import as_html, index, is_searchable
from webapp.search.terms import Query, did_you_mean, parse_query

PAGE_SIZE = 12


@dataclass(frozen=True)
class Candidate:
    """The few facts of a summary that lists are narrowed and sorted by."""

    id: int
    facets: dict[str, frozenset[str]]
    published: str
    participants: int
    level: int
    rank: float
    is_loose: bool
    """Whether only some of the words were found in it."""


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
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    categories: list[Category] = field(default_factory=list)
    suggestion: str | None = None
    is_loose: bool = False
    facets: tuple[Facet, ...] = FACETS

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


def research_page(criteria: ResearchFilter) -> ResearchPage:
    """The page of summaries a filter asks for. At most four statements, five when a word is unknown.

    Options are counted as if only that one choice were made differently; a page past the last is
    the last.
    """
    query = parse_query(criteria.q)
    categories = list(db.session.scalars(select(Category).order_by(Category.position)))
    if criteria.category not in {category.slug for category in categories}:
        criteria = replace(criteria, category="")
    if not query.is_blank and not is_searchable(query):
        return ResearchPage(criteria, categories=categories, counts={name: Counter() for name in FACET_NAMES})
    candidates = _candidates(query)
    is_loose = any(one.is_loose for one in candidates)
    chosen = [one for one in candidates if _fits(one, criteria, FACET_NAMES)]
    page = ResearchPage(
        criteria,
        total=len(chosen),
        counts={name: _count(candidates, criteria, name) for name in FACET_NAMES},
        categories=categories,
        is_loose=is_loose,
    )
    page.criteria = criteria = replace(criteria, page=min(criteria.page, page.pages))
    ordered = sorted(chosen, key=lambda one: _order(one, criteria.sort))
    shown = [one.id for one in ordered[page.first - 1 : page.last]]
    page.cards = _cards(shown, query)
    if not query.is_blank and (is_loose or not candidates):
        page.suggestion = did_you_mean(query, db.session.scalars(index.vocabulary()))
    return page


def _candidates(query: Query) -> list[Candidate]:
    """Everything a search finds, before it is narrowed."""
    slugs = (
        select(func.aggregate_strings(Category.slug, ","))
        .join(CategoryLink, CategoryLink.category_id == Category.id)
        .where(CategoryLink.document_id == Summary.document_id)
        .scalar_subquery()
    )
    phases = (
        select(func.aggregate_strings(PhaseLink.phase, ","))
        .where(PhaseLink.document_id == Summary.document_id)
        .scalar_subquery()
    )
    rows = select(
        Summary.document_id.label("id"),
        slugs.label("slugs"),
        phases.label("phases"),
        Summary.paper_date,
        Summary.participants,
        Summary.stage,
        Summary.level,
    )
    if query.is_blank:
        rows = rows.add_columns(literal(0.0).label("rank"), literal(0).label("is_loose"))
    else:
        matches = index.matches(query)
        rows = rows.join(matches, matches.c.id == Summary.document_id)
        rows = rows.add_columns(matches.c.rank, matches.c.is_loose)
    return [
        Candidate(
            id=row.id,
            facets={
                "category": _values(row.slugs),
                "stage": frozenset([row.stage] if row.stage else []),
                "level": frozenset([str(row.level or NO_LEVEL)]),
                "phase": _values(row.phases),
            },
            published=str(row.paper_date or ""),
            participants=row.participants or 0,
            level=row.level or len(LEVELS) + 1,
            rank=row.rank,
            is_loose=bool(row.is_loose),
        )
        for row in db.session.execute(rows)
    ]


def _values(joined: str | None) -> frozenset[str]:
    return frozenset(joined.split(",")) if joined else frozenset()


def _fits(one: Candidate, criteria: ResearchFilter, names: tuple[str, ...]) -> bool:
    return all(not getattr(criteria, name) or getattr(criteria, name) in one.facets[name] for name in names)


def _count(candidates: list[Candidate], criteria: ResearchFilter, name: str) -> Counter[str]:
    """How many summaries each option of one facet would leave; under "" how many without it."""
    others = tuple(other for other in FACET_NAMES if other != name)
    fitting = [one for one in candidates if _fits(one, criteria, others)]
    return Counter(value for one in fitting for value in one.facets[name]) + Counter({"": len(fitting)})


def _order(one: Candidate, sort: str) -> tuple[float | str | int, ...]:
    newest = tuple(-ord(letter) for letter in one.published.ljust(10, "-"))
    match sort:
        case "relevance":
            return (one.rank, *newest, one.id)
        case "oldest":
            return (one.published or "9", one.id)
        case "evidence":
            return (one.level, *newest, one.id)
        case "people":
            return (-one.participants, *newest, one.id)
        case _:
            return (*newest, one.id)


def _cards(ids: list[int], query: Query) -> list[Card]:
    """The cards of these summaries, in this order."""
    if not ids:
        return []
    rows: Select[Summary] = Summary.public().where(Summary.document_id.in_(ids))
    if query.is_blank:
        found = {summary.document_id: Card(summary) for summary in db.session.scalars(rows)}
    else:
        excerpts = index.excerpts(query, ids)
        marked = rows.outerjoin(excerpts, excerpts.c.id == Summary.document_id).add_columns(excerpts.c.excerpt)
        found = {
            summary.document_id: Card(summary, excerpt and as_html(excerpt))
            for summary, excerpt in db.session.execute(marked)
        }
    return [found[id_] for id_ in ids]
