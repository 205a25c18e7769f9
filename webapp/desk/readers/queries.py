"""Who gets letters: how many, one by one, and what is kept of each. All is counted by the database."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, String, cast, extract, func, select

from webapp import clock
from webapp.addresses import with_ascii_domain
from webapp.database import LARGEST_NUMBER
from webapp.desk.inbox.queries import messages_from
from webapp.editorial.characters import as_typed
from webapp.extensions import db
from webapp.models import OutboxMail, SentSummary, SentTrialChange, Subscriber, Summary
from webapp.subscriptions.actions import MAILS
from webapp.subscriptions.queries import topics

PER_PAGE = 50
MOST_SUMMARIES = 200
"""Titles on the page of one subscriber."""
BATCH = 1000
"""Rows that are held at a time, where all are read."""
EVERYTHING = "All new summaries"

IS_CONFIRMED = Subscriber.confirmed_at.is_not(None)


class Counts(NamedTuple):
    weekly: int
    monthly: int
    unconfirmed: int
    """They get no letters, and are in no other number."""

    @property
    def confirmed(self) -> int:
        return self.weekly + self.monthly


class TopicCount(NamedTuple):
    """Confirmed readers who chose a topic. Who chose several is counted with each."""

    name: str
    readers: int


class Month(NamedTuple):
    first: dt.date
    confirmed: int


class Kept(NamedTuple):
    """What is kept of a subscriber beside their own row."""

    summaries: Sequence[Row[str, str, dt.datetime]]
    """Slug, title and time of those they were sent that are still public, the last first."""
    summaries_in_all: int
    trials: int
    """News of trials they were sent."""
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


def readers_by_topic() -> list[TopicCount]:
    """Those who chose no topic first, then each topic in the order of the site."""
    choices = cast(Subscriber.topics, String)
    chose: Counter[str] = Counter()
    of_all = 0
    by_choice = select(choices, func.count()).where(IS_CONFIRMED).group_by(choices)
    for chosen, count in db.session.execute(by_choice, execution_options={"yield_per": BATCH}):
        slugs = set(json.loads(chosen))
        of_all += 0 if slugs else count
        chose.update(dict.fromkeys(slugs, count))
    names = topic_names()
    names |= {slug: slug for slug in sorted(chose.keys() - names.keys())}
    rows = [TopicCount(name, chose[slug]) for slug, name in names.items()]
    return [TopicCount(EVERYTHING, of_all), *rows]


def confirmed_by_month(months: int = 12) -> list[Month]:
    """How many of today's readers confirmed in each of the last months (UTC), this one last; zeros too.

    Nothing is kept of those who left, so they are in no month: this is not how many there were at that time.
    """
    this = clock.today().year * 12 + clock.today().month - 1
    firsts = [dt.date(month // 12, month % 12 + 1, 1) for month in range(this - months + 1, this + 1)]
    parts = extract("year", Subscriber.confirmed_at), extract("month", Subscriber.confirmed_at)
    since = dt.datetime.combine(firsts[0], dt.time(), dt.UTC)
    rows = db.session.execute(select(*parts, func.count()).where(Subscriber.confirmed_at >= since).group_by(*parts))
    found = {(int(year), int(month)): count for year, month, count in rows}
    return [Month(first, found.get((first.year, first.month), 0)) for first in firsts]


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
    trials = select(func.count()).where(SentTrialChange.subscriber_id == subscriber.id)
    mails, news = db.session.scalar(to_them) or 0, db.session.scalar(trials) or 0
    return Kept(db.session.execute(titles).all(), in_all, news, mails, messages_from(subscriber.address))


def topic_names() -> dict[str, str]:
    """Slug and name of each topic that letters can be about."""
    return {topic.slug: topic.name for topic in topics()}


def confirmed_rows() -> Iterator[Sequence[Row[Any]]]:
    """Every confirmed subscriber, some at a time: no more are held, and no statement waits for a slow reader."""
    columns = ("address", "frequency", "topics", "consent_wording", "consent_at", "confirmed_at")
    found = select(Subscriber.id, *(getattr(Subscriber, name) for name in columns)).where(IS_CONFIRMED)
    last = 0
    while rows := db.session.execute(found.where(Subscriber.id > last).order_by(Subscriber.id).limit(BATCH)).all():
        yield rows
        last = rows[-1].id
