"""A list of summaries that is searched, narrowed, sorted and paged: by the database, from its indexes.

Without a search the counts beside the options are looked up. A search is counted among its hits, the best of them
when there are very many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, bindparam, select

from webapp.documents.facets import Cell, counts_for
from webapp.editorial.safety_notices import notices_for
from webapp.extensions import db
from webapp.models import Category, Summary
from webapp.models.summary import ordered_by
from webapp.research.filters import FACET_NAMES, FACETS, Facet, ResearchFilter, sorts_for
from webapp.research.hits import counts_of_hits, found_cards, found_ids
from webapp.research.narrowing import Shape, narrowed, shape_of, values_of
from webapp.search.engines import index
from webapp.search.index import MOST_HITS, as_html, is_searchable
from webapp.search.missed.words import countable_words
from webapp.search.questions import Question, question_in, topic_in
from webapp.search.spelling import spelled
from webapp.search.terms import Query, parse_query
from webapp.search.vocabulary import known_words

PAGE_SIZE = 12
Counts = dict[str, Counter[str]]


@dataclass(frozen=True)
class Card:
    """One summary in a list, with the words around what was searched for, where its sentence does not have them."""

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
    """A search that may have been meant, where what was typed is searched for all the same."""
    corrected: str | None = None
    """What was searched for instead of a misspelled word."""
    question: Question | None = None
    """A question no study can answer, and what can be said of it."""
    topic: Category | None = None
    """The topic the search is about."""
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
    def missed_words(self) -> str | None:
        """The words that found nothing, as they are counted; None where anything was found or said instead, and where
        the list was narrowed: they may be found elsewhere.
        """
        is_answered = self.total or self.question or self.topic or notices_for(looked_for=[self.criteria.q])
        is_narrowed = self.criteria.chosen_count() > 0
        return None if is_answered or is_narrowed else countable_words(self.criteria.q)

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
    """The page of summaries a filter asks for. At most three statements, four for a search; one
    more for each edition: the words there are.

    Options are counted as if only that one choice were made differently; a page past the last is
    the last.
    """
    categories = list(db.session.scalars(_CATEGORIES))
    if criteria.category not in {category.slug for category in categories}:
        criteria = replace(criteria, category=_led_to(criteria.category, categories))
    page = ResearchPage(criteria, categories=categories, counts={name: Counter() for name in FACET_NAMES})
    query = _understood(page)
    if query.is_blank:
        options = {"category": [category.slug for category in categories]}
        options |= {facet.name: list(facet.options) for facet in FACETS}
        _take_counts(page, counts_for(db.session(), _cell(criteria), options))
    elif is_searchable(query):
        _take_counts(page, _hit_counts(page, query))
    page.total = page.counts[FACET_NAMES[0]][criteria.category]
    page.criteria = criteria = replace(criteria, page=min(criteria.page, page.pages))
    if page.total:
        page.cards = _all_cards(page) if query.is_blank else _found_cards(page, query)
    return page


def _listed(slug: str, categories: Sequence[Category]) -> Category | None:
    """The category with a slug, or the one that has taken its place; one that is gone is looked for."""
    own = next((one for one in categories if one.slug == slug), None)
    if own is not None:
        return own
    goal = _led_to(slug, categories)
    return next((one for one in categories if one.slug == goal), None)


def _led_to(slug: str, categories: Sequence[Category]) -> str:
    """The category that has taken the place of one; empty for everything, and for what is no category."""
    leads_to = db.session.scalar(select(Category.leads_to).where(Category.slug == slug)) if slug else None
    return leads_to if leads_to in {category.slug for category in categories} else ""


def _understood(page: ResearchPage) -> Query:
    """What is to be searched for, and what is said before the list."""
    typed = page.criteria.q
    meant = spelled(typed, known_words) if typed else None
    if page.criteria.exact:
        page.suggestion, meant = meant, None
    page.corrected = meant
    text = meant or typed
    topic = topic_in(text)
    page.question = question_in(text, topic)
    wanted = topic or (page.question.topic if page.question else None)
    page.topic = _listed(wanted, page.categories) if wanted else None
    return parse_query(page.question.search if page.question and page.question.search else text)


def _hit_counts(page: ResearchPage, query: Query) -> Iterable[Sequence[Any]]:
    slugs = {("category", str(category.id)): category.slug for category in page.categories}
    statement = counts_of_hits(index(), shape_of(page.criteria))
    found: Iterable[Sequence[Any]] = db.session.execute(statement, _values(page) | index().values(query))
    return ((name, slugs.get((name, value), value), count) for name, value, count in found)


def _cell(criteria: ResearchFilter) -> Cell:
    return Cell(**{name: getattr(criteria, name) for name in FACET_NAMES})


def _take_counts(page: ResearchPage, rows: Iterable[Sequence[Any]]) -> None:
    for name, value, count in rows:
        page.counts.setdefault(name, Counter())[value] += count
    found = page.counts.get("hits", Counter())
    page.is_loose, page.is_cut = bool(found["loose"]), found["all"] > MOST_HITS


_CATEGORIES = Category.listed()


def _values(page: ResearchPage) -> dict[str, Any]:
    """What the statements of a list are executed with."""
    category = next((one.id for one in page.categories if one.slug == page.criteria.category), None)
    most = {"limit": PAGE_SIZE, "offset": page.first - 1, "most": MOST_HITS + 1}
    return values_of(page.criteria, category) | most


def _all_cards(page: ResearchPage) -> list[Card]:
    """The cards of a page, read from that end of the order which is nearer."""
    is_backwards = page.first > page.total / 2
    skipped = page.total - page.last if is_backwards else page.first - 1
    values = _values(page) | {"limit": page.last - page.first + 1, "offset": skipped}
    return [Card(summary) for summary in db.session.scalars(_cards(shape_of(page.criteria), is_backwards), values)]


@cache
def _cards(shape: Shape, is_backwards: bool) -> Select[Summary]:
    ids = select(Summary.document_id).where(*narrowed(shape))
    ids = ids.order_by(*ordered_by(shape.sort, is_backwards=is_backwards))
    ids = ids.limit(bindparam("limit")).offset(bindparam("offset"))
    return Summary.cards().where(Summary.document_id.in_(ids)).order_by(*ordered_by(shape.sort))


def _found_cards(page: ResearchPage, query: Query) -> list[Card]:
    """The cards of a page of a search, with the words around what was found."""
    values = index().values(query)
    ids = list(db.session.scalars(found_ids(index(), shape_of(page.criteria)), _values(page) | values))
    found = {
        summary.document_id: Card(summary, excerpt and as_html(excerpt))
        for summary, excerpt in db.session.execute(found_cards(index()), values | {"ids": ids})
    }
    return [found[id_] for id_ in ids]
