"""Whose papers are to be looked at, what was found, and what the owner has to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, or_, select

from webapp.documents.schema import TopicContent, parse_as
from webapp.extensions import db
from webapp.models import (
    Document,
    Edition,
    Revision,
    ServiceAnswer,
    Study,
    Summary,
    TrialSearch,
    WatchedPaper,
    WatchedTrial,
)
from webapp.watch.answers import SERVICES, Paper, Service

WEEK = dt.timedelta(days=7)
SHOWN_LATE = WEEK
"""For so long a page may show an earlier day of the last look than there is."""
PAPER = func.coalesce(Study.doi, "") + " " + func.coalesce(Study.pmid, "")
"""`Paper.name`, as the database has it."""
HAS_NUMBER = or_(Study.doi.is_not(None), Study.pmid.is_not(None))


def due_papers(now: dt.datetime, looked_before: dt.datetime | None, limit: int) -> list[Paper]:
    """Papers of public summaries to ask for now, those that nobody asked for yet first.

    `looked_before`: those too at which nobody looked since then. A time that lies ahead is one of a wrong clock.
    """
    conditions = [
        WatchedPaper.document_id.is_(None),
        WatchedPaper.looked_at.is_(None),
        WatchedPaper.paper != PAPER,
        WatchedPaper.due_at <= now,
        WatchedPaper.looked_at > now,
    ]
    if looked_before is not None:
        conditions.append(WatchedPaper.looked_at < looked_before)
    rows = (
        select(Study.document_id, Study.doi, Study.pmid)
        .outerjoin(WatchedPaper, WatchedPaper.document_id == Study.document_id)
        .where(HAS_NUMBER, or_(*conditions))
        .order_by(WatchedPaper.due_at.nulls_first(), Study.document_id)
    )
    return [Paper(*row) for row in db.session.execute(rows.limit(limit))]


def is_shown_late(now: dt.datetime) -> bool:
    """Whether pages show a day of the last look that is older than it may be."""
    newer = or_(
        exists(select(WatchedPaper.document_id).where(WatchedPaper.checked_at > Edition.changed_at)),
        exists(select(WatchedTrial.number).where(WatchedTrial.answered_at > Edition.changed_at)),
        exists(
            select(TrialSearch.category_id).where(
                TrialSearch.live_words.is_not(None), TrialSearch.answered_at > Edition.changed_at
            )
        ),
    )
    late = select(Edition.id).where(Edition.changed_at < now - SHOWN_LATE, newer)
    return db.session.scalar(late) is not None


def answers_resting_on(document: Document) -> list[tuple[Document, TopicContent]]:
    """The public topic answers that rest on a summary. There are few topics."""
    rows = (
        select(Document, Revision)
        .join(Revision, Revision.id == Document.live_revision_id)
        .where(Document.kind == TopicContent.kind, Document.language == document.language)
        .order_by(Document.id)
    )
    found = [
        (topic, parse_as(TopicContent, revision.content, revision.schema_version))
        for topic, revision in db.session.execute(rows)
    ]
    return [
        (topic, content)
        for topic, content in found
        if any(document.key in statement.rests_on for statement in content.statements)
    ]


class Watched(NamedTuple):
    """A summary, what is known of its paper, and whether it can be looked up at all."""

    summary: Summary
    paper: WatchedPaper | None
    answers: dict[Service, ServiceAnswer]

    @property
    def has_number(self) -> bool:
        return bool(self.summary.study.doi or self.summary.study.pmid)

    @property
    def do_services_disagree(self) -> bool:
        return len({one.state for one in self.answers.values() if one.checked_at}) > 1


URGENCY = {"missing": 0, "retracted": 1, "gone": 2, "notices": 3}
"""What is asked of the owner, the most urgent first."""
_URGENCY = case(URGENCY, value=WatchedPaper.asks, else_=len(URGENCY))


def watched_papers(page: int, per_page: int, *, is_everything: bool) -> tuple[list[Watched], bool]:
    """A page of public summaries and whether there are more: those that ask something; or all, these first."""
    rows = Summary.public().outerjoin(WatchedPaper, WatchedPaper.document_id == Summary.document_id)
    if not is_everything:
        rows = rows.where(WatchedPaper.asks != "")
    rows = rows.add_columns(WatchedPaper).order_by(_URGENCY, Summary.document_id)
    found: Sequence[Any] = db.session.execute(rows.offset((page - 1) * per_page).limit(per_page + 1)).all()
    pairs = [(row[0], row[1]) for row in found[:per_page]]
    answers = _answers_of([summary.document_id for summary, _ in pairs])
    watched = [Watched(summary, paper, answers.get(summary.document_id, {})) for summary, paper in pairs]
    return watched, len(found) > per_page


def watched_paper(document_id: int) -> Watched | None:
    """One of them; None where readers do not see the summary."""
    rows = Summary.public().outerjoin(WatchedPaper, WatchedPaper.document_id == Summary.document_id)
    row = db.session.execute(rows.add_columns(WatchedPaper).where(Summary.document_id == document_id)).one_or_none()
    return Watched(row[0], row[1], _answers_of([document_id]).get(document_id, {})) if row else None


def _answers_of(ids: Sequence[int]) -> dict[int, dict[Service, ServiceAnswer]]:
    found: dict[int, dict[Service, ServiceAnswer]] = {}
    rows = select(ServiceAnswer).where(ServiceAnswer.document_id.in_(ids)).order_by(ServiceAnswer.service)
    for answer in db.session.scalars(rows):
        found.setdefault(answer.document_id, {})[answer.service] = answer  # type: ignore[index]
    return found


class Asking(NamedTuple):
    """What waits for the owner: how many, and the most urgent of them."""

    number: int
    document_id: int
    title: str
    asks: str


def asking_papers() -> Asking:
    """Summaries whose papers ask something of the owner."""
    is_public = and_(WatchedPaper.asks != "", Summary.document_id == WatchedPaper.document_id)
    about = (func.count().over(), WatchedPaper.document_id, Summary.title, WatchedPaper.asks)
    rows = select(*about).join(Summary, is_public)
    row = db.session.execute(rows.order_by(_URGENCY, Summary.document_id).limit(1)).one_or_none()
    return Asking(*row) if row else Asking(0, 0, "", "")


class LastLook(NamedTuple):
    """When a service was last asked, and when it last gave an answer that could be read."""

    name: str
    looked_at: dt.datetime | None
    checked_at: dt.datetime | None


def last_looks() -> list[LastLook]:
    """Of each service."""
    latest = (func.max(ServiceAnswer.looked_at), func.max(ServiceAnswer.checked_at))
    rows = select(ServiceAnswer.service, *latest).group_by(ServiceAnswer.service)
    found = {row[0]: (row[1], row[2]) for row in db.session.execute(rows)}
    return [LastLook(name, *found.get(service, (None, None))) for service, name in SERVICES.items()]
