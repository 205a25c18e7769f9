"""Who gets letters: how many, one by one, and what is kept of each. All is counted by the database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, func, select

from webapp.addresses import with_ascii_domain
from webapp.database import LARGEST_NUMBER
from webapp.desk.inbox.queries import messages_from
from webapp.editorial.characters import as_typed
from webapp.extensions import db
from webapp.models import OutboxMail, SentSummary, Subscriber, Summary
from webapp.subscriptions.actions import MAILS
from webapp.subscriptions.queries import topics

PER_PAGE = 50
MOST_SUMMARIES = 200
"""Titles on the page of one subscriber."""
BATCH = 1000
"""Rows that are held at a time, where all are read."""

IS_CONFIRMED = Subscriber.confirmed_at.is_not(None)


class Counts(NamedTuple):
    weekly: int
    monthly: int
    unconfirmed: int
    """They get no letters, and are in no other number."""

    @property
    def confirmed(self) -> int:
        return self.weekly + self.monthly


class Kept(NamedTuple):
    """What is kept of a subscriber beside their own row."""

    summaries: Sequence[Row[str, str, dt.datetime]]
    """Slug, title and time of those they were sent that are still public, the last first."""
    summaries_in_all: int
    mails: int
    """Copies of mails to them, waiting or sent."""
    messages: Sequence[int]
    """Numbers of what was written from their address on the contact page. Leaving does not delete these."""


def subscriber_counts() -> Counts:
    rows = db.session.execute(
        select(Subscriber.frequency, IS_CONFIRMED, func.count()).group_by(Subscriber.frequency, IS_CONFIRMED)
    )
    found: Counter[str] = Counter()
    for frequency, is_confirmed, count in rows:
        found[frequency if is_confirmed else "unconfirmed"] += count
    return Counts(found["weekly"], found["monthly"], found["unconfirmed"])


def subscribers(state: str | None = None, page: int = 1) -> tuple[list[Subscriber], bool]:
    """A page of them, the newest first, and whether there are more: all, or those "confirmed" or "waiting"."""
    found = select(Subscriber).order_by(Subscriber.id.desc())
    if state:
        found = found.where(IS_CONFIRMED if state == "confirmed" else ~IS_CONFIRMED)
    return _cut(list(db.session.scalars(found.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1))))


def subscribers_found(part: str) -> tuple[list[Subscriber], bool]:
    """The first of those with these letters in their address, however they were typed, and whether there are more."""
    found = select(Subscriber).where(_has_in_address(part)).order_by(Subscriber.address).limit(PER_PAGE + 1)
    return _cut(list(db.session.scalars(found)))


def _has_in_address(part: str) -> ColumnElement[bool]:
    return Subscriber.address.icontains(with_ascii_domain(as_typed(part).lower()), autoescape=True)


def _cut(rows: list[Subscriber]) -> tuple[list[Subscriber], bool]:
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def subscriber_by_id(id_: int) -> Subscriber | None:
    return db.session.get(Subscriber, id_) if id_ <= LARGEST_NUMBER else None


def kept_of(subscriber: Subscriber) -> Kept:
    theirs = SentSummary.subscriber_id == subscriber.id
    titles = (
        select(Summary.slug, Summary.title, SentSummary.sent_at)
        .join(SentSummary, SentSummary.document_id == Summary.document_id)
        .where(theirs)
        .order_by(SentSummary.sent_at.desc(), SentSummary.id.desc())
        .limit(MOST_SUMMARIES)
    )
    to_them = select(func.count()).where(
        func.lower(OutboxMail.recipient) == subscriber.address.lower(), OutboxMail.kind.in_(MAILS)
    )
    in_all = db.session.scalar(select(func.count()).where(theirs)) or 0
    mails = db.session.scalar(to_them) or 0
    return Kept(db.session.execute(titles).all(), in_all, mails, messages_from(subscriber.address))


def topic_names() -> dict[str, str]:
    """Slug and name of each topic that letters can be about."""
    return {topic.slug: topic.name for topic in topics()}
