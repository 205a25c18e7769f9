"""Searches for trials: which topic has one, which are to be asked for, and what readers see."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.extensions import db
from webapp.models import Category, HiddenTrial, TrialSearch
from webapp.watch.recruiting.listing import CURRENT, Recruiting, recruiting
from webapp.watch.recruiting.proposals import Words

LISTED = and_(Category.id == TrialSearch.category_id, Category.leads_to.is_(None))
LIVE = TrialSearch.live_words.is_not(None)


def trials_for(category: Category, now: dt.datetime) -> Recruiting | None:
    """What readers of a topic see; None where the owner has approved no search."""
    search = search_of(category)
    return recruiting(search, hidden_in(category.id), now) if search and search.is_live else None


def search_of(category: Category) -> TrialSearch | None:
    """The search of a topic, approved or not."""
    return db.session.get(TrialSearch, category.id)


def hidden_in(category_id: int) -> dict[str, str]:
    """Trials that the owner keeps off a topic: their titles by number."""
    rows = select(HiddenTrial.number, HiddenTrial.title).where(HiddenTrial.category_id == category_id)
    return {row[0]: row[1] for row in db.session.execute(rows.order_by(HiddenTrial.number))}


class Topic(NamedTuple):
    """A topic and its search, if it has one."""

    category: Category
    search: TrialSearch | None

    def waits(self, now: dt.datetime) -> bool:
        """Whether the owner has to look at it: new words are not approved, or readers see that it is too old."""
        search = self.search if self.search and self.search.is_live else None
        return bool(search and (search.is_changed or (search.answered_at and search.answered_at < now - CURRENT)))


def topics() -> list[Topic]:
    """All that readers choose from, in their order."""
    rows = Category.listed().outerjoin(TrialSearch, TrialSearch.category_id == Category.id)
    return [Topic(*row) for row in db.session.execute(rows.add_columns(TrialSearch))]


def topic(category_id: int) -> Topic | None:
    """One of them."""
    rows = Category.listed().outerjoin(TrialSearch, TrialSearch.category_id == Category.id).add_columns(TrialSearch)
    row = db.session.execute(rows.where(Category.id == category_id)).one_or_none()
    return Topic(*row) if row else None


class Due(NamedTuple):
    """A search that is to be asked for."""

    category_id: int
    asked: Words


def due_searches(now: dt.datetime, looked_before: dt.datetime | None, limit: int) -> list[Due]:
    """Approved searches to ask for now, those first that wait longest.

    `looked_before`: those too at which nobody looked since then. A time that lies ahead is one of a wrong clock.
    """
    search = TrialSearch
    conditions = [search.looked_at.is_(None), search.due_at <= now, search.looked_at > now]
    if looked_before is not None:
        conditions.append(search.looked_at < looked_before)
    rows = (
        select(search.category_id, search.live_condition, search.live_words)
        .join(Category, LISTED)
        .where(LIVE, or_(*conditions))
        .order_by(search.due_at.nulls_first(), search.category_id)
    )
    return [Due(row[0], Words(row[1] or "", row[2] or "")) for row in db.session.execute(rows.limit(limit))]


def late_searches(now: dt.datetime) -> list[int]:
    """Topics whose list is still shown as one of today, and is too old for that."""
    is_shown = TrialSearch.is_shown_as_late.is_(False)
    return list(db.session.scalars(select(TrialSearch.category_id).where(_too_old(now), is_shown)))


class Waiting(NamedTuple):
    """What waits for the owner: how many searches, and the topic of one."""

    number: int
    name: str


def changed_searches() -> Waiting:
    """Searches whose words were changed and not approved since, while the old ones are asked for."""
    differ = or_(TrialSearch.condition != TrialSearch.live_condition, TrialSearch.words != TrialSearch.live_words)
    return _waiting(and_(LIVE, differ))


def unanswered_searches(now: dt.datetime) -> Waiting:
    """Searches for which nobody could look for so long that readers are told so."""
    return _waiting(_too_old(now))


def _too_old(now: dt.datetime) -> ColumnElement[bool]:
    return and_(LIVE, TrialSearch.answered_at < now - CURRENT)


def _waiting(condition: ColumnElement[bool]) -> Waiting:
    rows = select(Category.name).join(TrialSearch, LISTED).where(condition).order_by(Category.position)
    names = list(db.session.scalars(rows))  # no more than there are topics
    return Waiting(len(names), names[0] if names else "")
