"""Categories and how many summaries each holds, what the studies of one show together, and what has been tried."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, exists, select

from webapp.documents.facets import count_of
from webapp.documents.origin import Origin
from webapp.documents.queries import Live, Measured, corrections_of, live_at, measured_in
from webapp.documents.schema import Statement, TopicContent
from webapp.editorial.safety_notices import TOPICS_WITH_NOTICES
from webapp.extensions import db
from webapp.models import Category, CategoryLink, Correction, Study, Summary
from webapp.models.summary import ordered_by

MOST_TRIED = 40
"""Studies in the table of a topic: the strongest kinds first. The list below it has all of them."""


@dataclass(frozen=True)
class Counted:
    category: Category
    count: int


def counted_categories() -> dict[str, list[Counted]]:
    """The categories by group, in their order, each with its number of public summaries."""
    groups: dict[str, list[Counted]] = {}
    for category, number in db.session.execute(Category.listed().add_columns(count_of(category=Category.slug))):
        groups.setdefault(category.group, []).append(Counted(category, number))
    return groups


def other_names() -> list[Category]:
    """Names that lead to another category, or to everything."""
    return list(db.session.scalars(select(Category).where(Category.leads_to.is_not(None)).order_by(Category.position)))


def merged_into(slug: str, listed: Collection[Category]) -> list[str]:
    """Slugs with a safety notice of their own that lead here now; none is asked for while all are `listed`."""
    missing = TOPICS_WITH_NOTICES - {category.slug for category in listed}
    if not missing:
        return []
    return list(db.session.scalars(select(Category.slug).where(Category.leads_to == slug, Category.slug.in_(missing))))


def category_at(slug: str) -> Category | None:
    return db.session.scalar(select(Category).where(Category.slug == slug))


@dataclass(frozen=True)
class Answer:
    """What the studies of a category show, with the public summaries that it rests on, by their key."""

    live: Live[TopicContent]
    summaries: dict[str, Summary]
    corrections: list[Correction]
    measured: Measured
    """Where what was measured in them can be read."""

    @property
    def content(self) -> TopicContent:
        return self.live.content

    @property
    def withdrawn(self) -> dict[str, Summary]:
        """Those whose paper was withdrawn: what rests on them is marked."""
        return {key: summary for key, summary in self.summaries.items() if summary.study.is_retracted}

    def origins_of(self, statement: Statement) -> dict[str, dict[Origin, list[str]]]:
        """Of each summary that a statement rests on, by its key: where what it comes from can be read, with the names
        of what was measured there. What readers cannot see, or a summary names no more, is left out.
        """
        found = {}
        for key in statement.rests_on:
            measured = self.measured.get(key, {}) if key in self.summaries else {}
            origins: dict[Origin, list[str]] = {}
            for name in statement.outcomes:
                if name in measured:
                    origins.setdefault(measured[name], []).append(name)
            if origins:
                found[key] = origins
        return found

    @property
    def texts(self) -> list[str]:
        """What it says, for what has to be said beside it."""
        return list(self.content.prose().values())


def answer_of(category: Category) -> Answer | None:
    """The answer to a topic; None while there is none."""
    live = live_at(TopicContent, category.slug)
    if live is None:
        return None
    keys = {key for statement in live.content.statements for key in statement.rests_on}
    here = and_(Summary.key.in_(keys), Summary.language == live.document.language)
    summaries = {summary.key: summary for summary in db.session.scalars(Summary.public().where(here))}
    named = keys if any(statement.outcomes for statement in live.content.statements) else set()
    return Answer(live, summaries, corrections_of(live.document), measured_in(live.document.language, named))


def tried_in(category: Category) -> list[Summary]:
    """The studies of a category that tested a treatment, the strongest kinds first; withdrawn ones are none."""
    in_it = exists().where(CategoryLink.document_id == Summary.document_id, CategoryLink.category_id == category.id)
    rows = Summary.cards(Study.intervention).where(
        in_it, Summary.stage.is_not(None), Summary.notice.is_distinct_from("retraction")
    )
    return list(db.session.scalars(rows.order_by(*ordered_by("evidence")).limit(MOST_TRIED)))
