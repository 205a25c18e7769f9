"""Whose turn it is, and what is new for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from webapp import clock
from webapp.extensions import db
from webapp.letters.due import LOOKBACK, newest_last_letter
from webapp.models import (
    Category,
    CategoryLink,
    OutboxMail,
    SentSummary,
    SentTrialChange,
    Subscriber,
    Summary,
    TrialChange,
    TrialLink,
    WatchedTrial,
)
from webapp.models.summary import ordered_by


class TrialNews(NamedTuple):
    """A change of the status of a trial, and a summary in their topics that names it."""

    change: TrialChange
    summary: Summary


@dataclass(frozen=True)
class Letter:
    """What one subscriber would be sent now."""

    subscriber: Subscriber
    summaries: list[Summary]
    trials: list[TrialNews]


def ids_in_turn(now: dt.datetime) -> list[int]:
    """Confirmed subscribers who may get a letter now: those who never had one, or whose last is old enough.

    A last letter of tomorrow was written while the clock was wrong, and keeps nobody from the next one.
    """
    rows = select(Subscriber.id).where(_is_in_turn(now))
    return list(db.session.scalars(rows.order_by(Subscriber.id)))


def people_awaiting(*times: dt.datetime) -> list[int]:
    """About how many would get a letter at each of these times: those in turn then for whom something was published,
    or a trial changed, since their last letter. Counted in one go, and so without looking at the topics they chose.
    """
    published = db.session.scalar(select(func.max(Summary.published_on))) or dt.date.min
    told_at = db.session.scalar(select(func.max(TrialChange.told_at)))
    newest = max(published, told_at.date()) if told_at else published
    day = dt.datetime.combine(newest, dt.time(), dt.UTC)
    is_new_to_them = or_(
        Subscriber.last_letter_at < day,
        and_(Subscriber.last_letter_at.is_(None), Subscriber.confirmed_at < day + dt.timedelta(days=1)),
    )
    counts = [func.count().filter(_is_in_turn(time)) for time in times]
    return list(db.session.execute(select(*counts).select_from(Subscriber).where(is_new_to_them)).one())


def _is_in_turn(now: dt.datetime) -> ColumnElement[bool]:
    turns = [
        and_(Subscriber.frequency == frequency, Subscriber.last_letter_at < newest_last_letter(frequency, now.date()))
        for frequency in ("weekly", "monthly")
    ]
    is_old_enough = or_(
        Subscriber.last_letter_at.is_(None), Subscriber.last_letter_at > now + dt.timedelta(days=1), *turns
    )
    return and_(Subscriber.confirmed_at.is_not(None), is_old_enough)


def letter_for(subscriber_id: int) -> Letter | None:
    """What is new for a subscriber; None when that is nothing, or the person has left."""
    subscriber = db.session.scalar(
        select(Subscriber).where(Subscriber.id == subscriber_id), execution_options={"populate_existing": True}
    )
    if subscriber is None or subscriber.confirmed_at is None:
        return None
    joined_on = subscriber.confirmed_at.date()
    summaries, trials = _news_for(subscriber, joined_on), _trials_for(subscriber, subscriber.confirmed_at)
    return Letter(subscriber, summaries, trials) if summaries or trials else None


def letters_due() -> Iterator[Letter]:
    """Every letter that would be written now, one after the other."""
    for subscriber_id in ids_in_turn(clock.now()):
        letter = letter_for(subscriber_id)
        if letter:
            yield letter


def unsent_rows(subscriber_id: int, document_ids: Collection[int]) -> list[SentSummary]:
    """What was written to a subscriber about these summaries in letters that were given up."""
    rows = select(SentSummary).where(
        SentSummary.subscriber_id == subscriber_id, SentSummary.document_id.in_(document_ids), _was_given_up()
    )
    return list(db.session.scalars(rows))


def unsent_trial_rows(subscriber_id: int, change_ids: Collection[int]) -> list[SentTrialChange]:
    """The same of news of trials."""
    rows = select(SentTrialChange).where(
        SentTrialChange.subscriber_id == subscriber_id,
        SentTrialChange.change_id.in_(change_ids),
        _was_given_up(SentTrialChange),
    )
    return list(db.session.scalars(rows))


def _was_given_up(sent: type[SentSummary | SentTrialChange] = SentSummary) -> ColumnElement[bool]:
    """Whether the letter that told of it was given up. Put back by `flask mail retry`, it counts as sent again."""
    return sent.outbox_id.in_(select(OutboxMail.id).where(OutboxMail.given_up_at.is_not(None)))


def _news_for(subscriber: Subscriber, joined_on: dt.date) -> list[Summary]:
    """Public summaries in their topics, published since the last letter, that they were not sent; newest first.

    A summary that comes with an earlier date (written on Monday, put on the site on Friday) is not missed: the last
    weeks before the letter are looked through too, back to the day the person joined. So is a summary whose letter
    was given up, however long that goes on.
    """
    since = _looks_back_to(subscriber, joined_on)
    theirs = select(SentSummary.document_id).where(SentSummary.subscriber_id == subscriber.id)
    given_up = theirs.where(_was_given_up())
    rows = (
        Summary.public()
        .where(
            or_(Summary.published_on >= since, Summary.document_id.in_(given_up)),
            or_(Summary.document_id.not_in(theirs), Summary.document_id.in_(given_up)),
        )
        .order_by(*ordered_by("latest"))
    )
    return list(db.session.scalars(_in_topics(rows, subscriber)))


def _trials_for(subscriber: Subscriber, joined_at: dt.datetime) -> list[TrialNews]:
    """Changes of the status of trials that summaries in their topics name, of which they were not told; the newest
    first. Of each trial the last change alone, and only while it stands.
    """
    untold = _untold_changes(subscriber, joined_at)
    if not untold:
        return []
    later = aliased(TrialChange)
    is_last = ~exists(select(later.id).where(later.number == TrialChange.number, later.id > TrialChange.id))
    stands = exists(
        select(WatchedTrial.number).where(
            WatchedTrial.number == TrialChange.number, WatchedTrial.status == TrialChange.became
        )
    )
    rows = (
        Summary.public()
        .join(TrialLink, TrialLink.document_id == Summary.document_id)
        .join(TrialChange, TrialChange.number == TrialLink.number)
        .where(TrialChange.id.in_(untold), is_last, stands, Summary.notice.is_distinct_from("retraction"))
        .add_columns(TrialChange)
        .order_by(TrialChange.id.desc(), Summary.document_id)
    )
    found: dict[int, TrialNews] = {}
    for summary, change in db.session.execute(_in_topics(rows, subscriber)):
        if summary.published_on <= change.told_at.date():  # a summary that came later knew of it
            found.setdefault(change.id, TrialNews(change, summary))
    return list(found.values())


def _untold_changes(subscriber: Subscriber, joined_at: dt.datetime) -> set[int]:
    """Changes seen since they joined, and not long before the last letter, of which no letter told them."""
    first_day = dt.datetime.combine(_looks_back_to(subscriber, joined_at.date()), dt.time(), dt.UTC)
    since = max(first_day, min(joined_at, clock.now()))
    theirs = select(SentTrialChange.change_id).where(SentTrialChange.subscriber_id == subscriber.id)
    new = select(TrialChange.id).where(TrialChange.told_at >= since, TrialChange.id.not_in(theirs))
    given_up = theirs.join(OutboxMail, OutboxMail.id == SentTrialChange.outbox_id)
    given_up = given_up.where(OutboxMail.given_up_at.is_not(None))
    return {*db.session.scalars(new), *db.session.scalars(given_up)}


def _looks_back_to(subscriber: Subscriber, joined_on: dt.date) -> dt.date:
    """The first day of what may be new to them."""
    today, last = clock.today(), subscriber.last_letter_at
    since = min(joined_on, today)
    return max(since, min(last.date(), today) - LOOKBACK) if last else since


def _in_topics(rows: Select[Any], subscriber: Subscriber) -> Select[Any]:
    """Those of these summaries that are about a topic they chose; all where they chose none."""
    if not subscriber.topics:
        return rows
    in_topics = CategoryLink.category.has(Category.slug.in_(subscriber.topics))
    return rows.where(Summary.category_links.any(in_topics))
