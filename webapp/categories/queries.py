"""Categories and how many summaries each holds, and what the studies of one show together."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select

from webapp.documents.facets import count_of
from webapp.documents.queries import Live, live_at
from webapp.documents.schema import TopicContent
from webapp.extensions import db
from webapp.models import Category, Summary


@dataclass(frozen=True)
class Counted:
    category: Category
    count: int


def counted_categories() -> dict[str, list[Counted]]:
    """All categories by group, in their order, each with its number of public summaries."""
    groups: dict[str, list[Counted]] = {}
    rows = select(Category, count_of(category=Category.slug)).order_by(Category.position)
    for category, number in db.session.execute(rows):
        groups.setdefault(category.group, []).append(Counted(category, number))
    return groups


@dataclass(frozen=True)
class Answer:
    """What the studies of a category show, with the public summaries that it rests on, by their key."""

    live: Live[TopicContent]
    summaries: dict[str, Summary]

    @property
    def content(self) -> TopicContent:
        return self.live.content

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
    return Answer(live, {summary.key: summary for summary in db.session.scalars(Summary.public().where(here))})
