"""Subscribers, whose turn it is, and what is new for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models import Category, CategoryLink, SentSummary, Study, Subscriber, Summary
from webapp.research.queries import is_public
from webapp.subscriptions.digest import LATE, newest_last_letter
from webapp.subscriptions.tokens import Purpose, claimed_id, digest_of, is_genuine


@dataclass(frozen=True)
class Letter:
    """What one subscriber would be sent now."""

    subscriber: Subscriber
    summaries: list[Summary]


def topics() -> list[Category]:
    """What letters can be about, in the order of the site."""
    return list(db.session.scalars(select(Category).order_by(Category.position)))


def subscriber_at(address: str) -> Subscriber | None:
    return db.session.scalar(select(Subscriber).where(Subscriber.address == address))


def subscriber_by(token: str, purpose: Purpose) -> Subscriber | None:
    """Whose link this is; None when it was not made by us, or the person has left."""
    id_ = claimed_id(token)
    found = db.session.scalar(select(Subscriber).where(Subscriber.id == id_)) if id_ else None
    return found if found and is_genuine(token, found, purpose) else None


def is_open(subscriber: Subscriber, token: str, now: dt.datetime) -> bool:
    """Whether this link can still confirm."""
    is_its_link = subscriber.confirm_digest == digest_of(token)
    return is_its_link and subscriber.confirm_until is not None and subscriber.confirm_until > now


def ids_in_turn(now: dt.datetime) -> list[int]:
    """Confirmed subscribers who may get a letter now: those who never had one, or whose last is old enough."""
    turns = [
        and_(Subscriber.frequency == frequency, Subscriber.last_letter_at < newest_last_letter(frequency, now.date()))
        for frequency in ("weekly", "monthly")
    ]
    rows = select(Subscriber.id).where(
        Subscriber.confirmed_at.is_not(None), or_(Subscriber.last_letter_at.is_(None), *turns)
    )
    return list(db.session.scalars(rows.order_by(Subscriber.id)))


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
    for subscriber_id in ids_in_turn(dt.datetime.now(dt.UTC)):
        letter = letter_for(subscriber_id)
        if letter:
            yield letter


def _news_for(subscriber: Subscriber, joined_on: dt.date) -> list[Summary]:
    """Public summaries in their topics, published since the last letter, that they were not sent; newest first.

    A summary that comes with an earlier date (written on Monday, put on the site on Friday) is not missed: the last
    weeks before the letter are looked through too, back to the day the person joined.
    """
    last = subscriber.last_letter_at
    since = max(joined_on, last.date() - LATE) if last else joined_on
    sent = select(SentSummary.summary_id).where(SentSummary.subscriber_id == subscriber.id)
    rows = (
        select(Summary)
        .join(Summary.study)
        .options(joinedload(Summary.study))
        .where(is_public(), Summary.published_on >= since, Summary.id.not_in(sent))
        .order_by(Summary.published_on.desc(), Study.published.desc(), Summary.id)
    )
    if subscriber.topics:
        in_topics = CategoryLink.category.has(Category.slug.in_(subscriber.topics))
        rows = rows.where(Summary.category_links.any(in_topics))
    return list(db.session.scalars(rows))
