"""What waits at the desk, counted by the database: each of these looks at a bounded number of rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, Subquery, and_, cast, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from webapp.desk.attention.months import bounds
from webapp.desk.attention.shares import Share
from webapp.extensions import db
from webapp.mail.queries import CAN_BE_RETRIED
from webapp.models import Document, LetterCount, Message, OutboxMail, Revision, Summary, Vote

YEAR = dt.timedelta(days=365)
MOST_VOTES = 20_000
"""The newest answers of a year, which are looked at."""
_LIVE = aliased(Revision)


class Waiting(NamedTuple):
    """How many there are of something, and since when the first of them waits."""

    number: int
    since: dt.datetime | None


class Unseen(NamedTuple):
    """A live document that nobody looked at for long."""

    document_id: int
    title: str
    last: dt.date


def unanswered_messages() -> Waiting:
    """Messages of readers that nobody has marked as answered."""
    found = select(func.count(), func.min(Message.written_at)).where(Message.answered_at.is_(None))
    return Waiting(*db.session.execute(found).one())


def mail_given_up() -> Waiting:
    """Mail that could be tried again: no later letter says what it was to say."""
    found = select(func.count(), func.min(OutboxMail.given_up_at)).where(CAN_BE_RETRIED)
    return Waiting(*db.session.execute(found).one())


def latest_given_up(limit: int) -> Sequence[OutboxMail]:
    rows = select(OutboxMail).where(CAN_BE_RETRIED).order_by(OutboxMail.given_up_at.desc())
    return db.session.scalars(rows.limit(limit)).all()


def scheduled_documents() -> list[tuple[int, str, dt.datetime]]:
    """Number, title and time of those that go live by themselves, the next one first."""
    rows = (
        select(Document.id, Revision.content["title"].as_string(), Document.go_live_at)
        .join(Revision, Revision.id == Document.scheduled_revision_id)
        .order_by(Document.go_live_at)
    )
    return [(id_, title, at) for id_, title, at in db.session.execute(rows)]


def unseen_documents(now: dt.datetime, limit: int) -> tuple[int, list[Unseen]]:
    """How many live documents nobody looked at for a year, and the first of them.

    Looked at means: checked on that day, as its text says, or saved at the desk since. A file that was loaded anew
    says nothing of the kind.
    """
    found = _unseen(now - YEAR)
    last, title, count = found.c.last, found.c.title, func.count().over()
    rows = select(found.c.document_id, title, last, count).order_by(last, found.c.document_id).limit(limit)
    unseen = db.session.execute(rows).all()
    pages = [Unseen(row.document_id, row.title, dt.date.fromisoformat(row.last)) for row in unseen]
    return (unseen[0][-1] if unseen else 0), pages


def _unseen(before: dt.datetime) -> Subquery:
    is_saved_since = exists().where(
        Revision.document_id == Document.id, Revision.saved_at >= before, Revision.origin.in_(("desk", "restore"))
    )
    last = _LIVE.content["lastmod"].as_string()
    # What lists know of summaries is asked first: there are many, and their texts are long.
    summaries = select(
        Summary.document_id, Summary.title.label("title"), cast(Summary.checked_on, String).label("last")
    )
    summaries = summaries.join(Document, Document.id == Summary.document_id)
    summaries = summaries.where(Summary.checked_on < before.date(), ~is_saved_since)
    others = select(Document.id, _LIVE.content["title"].as_string(), last)
    others = others.join(_LIVE, _LIVE.id == Document.live_revision_id)
    others = others.where(Document.kind != "summary", last < before.date().isoformat(), ~is_saved_since)
    return union_all(summaries, others).subquery()


def shares_of_votes(now: dt.datetime) -> tuple[list[Share], list[Share]]:
    """What readers answered on the text that is live: unclear by section, and not helpful by summary."""
    whole: Counter[int] = Counter()
    low: Counter[int] = Counter()
    unclear: Counter[tuple[int, str]] = Counter()
    titles: dict[int, str] = {}
    for id_, title, section, count, no in db.session.execute(_votes_by_section(now)):
        titles[id_] = title
        whole[id_] += count
        low[id_] += no
        if section:
            unclear[id_, section] += count
    return (
        [Share(id_, titles[id_], count, whole[id_], section) for (id_, section), count in unclear.items()],
        [Share(id_, titles[id_], no, whole[id_]) for id_, no in low.items() if no],
    )


def _votes_by_section(now: dt.datetime) -> Any:
    """Answers on an older text are left out: what they complain of may be put right."""
    columns = (Vote.changed_at, Vote.document_id, Vote.is_helpful, Vote.unclear_section)
    newest = select(*columns).where(Vote.changed_at > now - YEAR).order_by(Vote.changed_at.desc()).limit(MOST_VOTES)
    vote = newest.subquery()
    is_on_live_text = and_(Document.id == vote.c.document_id, Document.published_at <= vote.c.changed_at)
    about = (vote.c.document_id, Summary.title, vote.c.unclear_section)
    return (
        select(*about, func.count(), func.count().filter(~vote.c.is_helpful))
        .join(Document, is_on_live_text)
        .join(Summary, Summary.document_id == Document.id)
        .group_by(*about)
    )


def document_count() -> int:
    return db.session.scalar(select(func.count(Document.id))) or 0


def votes_by_month(months: Sequence[dt.date]) -> list[tuple[int, int]]:
    """How many said yes, and how many no, by the month of their last answer."""
    parts = [
        select(literal(place), func.count().filter(Vote.is_helpful), func.count().filter(~Vote.is_helpful)).where(
            *_within(Vote.changed_at, month)
        )
        for place, month in enumerate(months)
    ]
    return [(yes, no) for _, yes, no in sorted(db.session.execute(union_all(*parts)))]


def letters_by_month(months: Sequence[dt.date]) -> list[int]:
    rows = select(LetterCount.month, LetterCount.letters).where(LetterCount.month.in_(months))
    found: dict[dt.date, int] = dict(db.session.execute(rows).all())
    return [found.get(month, 0) for month in months]


def _within(column: Any, month: dt.date) -> tuple[Any, Any]:
    start, end = bounds(month)
    return column >= start, column < end
