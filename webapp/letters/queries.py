"""Whose turn it is, and what is new for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from webapp import clock
from webapp.extensions import db
from webapp.letters.due import LOOKBACK, newest_last_letter
from webapp.models import Category, CategoryLink, OutboxMail, SentSummary, Subscriber, Summary
from webapp.models.summary import ordered_by


@dataclass(frozen=True)
class Letter:
    """What one subscriber would be sent now."""

    subscriber: Subscriber
    summaries: list[Summary]


def ids_in_turn(now: dt.datetime) -> list[int]:
    """Confirmed subscribers who may get a letter now: those who never had one, or whose last is old enough.

    A last letter of tomorrow was written while the clock was wrong, and keeps nobody from the next one.
    """
    rows = select(Subscriber.id).where(_is_in_turn(now))
    return list(db.session.scalars(rows.order_by(Subscriber.id)))


def people_awaiting(*times: dt.datetime) -> list[int]:
    """About how many would get a letter at each of these times: those in turn then for whom something was published
    since their last letter. Counted in one go, and so without looking at the topics they chose.
    """
    newest = db.session.scalar(select(func.max(Summary.published_on))) or dt.date.min
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
    summaries = _news_for(subscriber, subscriber.confirmed_at.date())
    return Letter(subscriber, summaries) if summaries else None


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


def _was_given_up() -> ColumnElement[bool]:
    """Whether the letter with this summary was given up. Put back by `flask mail retry`, it counts as sent again."""
    return SentSummary.outbox_id.in_(select(OutboxMail.id).where(OutboxMail.given_up_at.is_not(None)))


def _news_for(subscriber: Subscriber, joined_on: dt.date) -> list[Summary]:
    """Public summaries in their topics, published since the last letter, that they were not sent; newest first.

    A summary that comes with an earlier date (written on Monday, put on the site on Friday) is not missed: the last
    weeks before the letter are looked through too, back to the day the person joined. So is a summary whose letter
    was given up, however long that goes on.
    """
    today, last = clock.today(), subscriber.last_letter_at
    since = min(joined_on, today)
    if last:
        since = max(since, min(last.date(), today) - LOOKBACK)
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
    if subscriber.topics:
        in_topics = CategoryLink.category.has(Category.slug.in_(subscriber.topics))
        rows = rows.where(Summary.category_links.any(in_topics))
    return list(db.session.scalars(rows))
