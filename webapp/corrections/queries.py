"""Who is to be told of a correction, and which corrections are being mailed."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from webapp.extensions import db
from webapp.models import (
    Correction,
    CorrectionMailing,
    Document,
    OutboxMail,
    SentCorrection,
    SentSummary,
    Subscriber,
    Summary,
)


class Delivery(NamedTuple):
    """What became of the mails of a correction that were written."""

    waiting: int
    given_up: int


def people_to_tell(correction: Correction) -> int:
    """How many were sent the summary with the mistake, still get letters, and were not told yet."""
    return db.session.scalar(select(func.count()).select_from(recipients(correction).subquery())) or 0


def ids_to_tell(correction: Correction) -> list[int]:
    """The subscribers who are to be told, each once."""
    return list(db.session.scalars(recipients(correction).order_by(Subscriber.id)))


def recipients(correction: Correction) -> Select[int]:
    """Ids of confirmed subscribers with a letter from before the correction that was not given up.

    Who was sent the summary later got the right text. Who left has no row any more.
    """
    was_told = exists().where(
        SentCorrection.correction_id == correction.id, SentCorrection.subscriber_id == Subscriber.id
    )
    was_sent = exists().where(
        SentSummary.subscriber_id == Subscriber.id,
        SentSummary.document_id == correction.document_id,
        SentSummary.sent_at < correction.corrected_at,
        ~_was_given_up(),
    )
    return select(Subscriber.id).where(Subscriber.confirmed_at.is_not(None), was_sent, ~was_told)


def _was_given_up() -> ColumnElement[bool]:
    """Whether the letter with the summary never arrived."""
    return exists().where(OutboxMail.id == SentSummary.outbox_id, OutboxMail.given_up_at.is_not(None))


def open_mailings() -> list[Correction]:
    """What is to be mailed and is not finished, the oldest first. What readers cannot see waits until they can: a page,
    and the notice that its paper was withdrawn.

    They are no part of the session: what is read of them stays when it commits.
    """
    is_withdrawn = exists().where(Summary.document_id == Correction.document_id, Summary.notice == "retraction")
    rows = (
        select(Correction)
        .join(CorrectionMailing, CorrectionMailing.correction_id == Correction.id)
        .join(Document, Document.id == Correction.document_id)
        .where(CorrectionMailing.finished_at.is_(None), Document.is_public(), or_(~Correction.of_paper, is_withdrawn))
    )
    found = list(db.session.scalars(rows.order_by(CorrectionMailing.asked_at, Correction.id)))
    for correction in found:
        db.session.expunge(correction)
    return found


def summary_of(correction: Correction) -> Summary | None:
    """The summary as readers see it now; None where they do not."""
    return db.session.scalar(Summary.public().where(Summary.document_id == correction.document_id))


def subscriber(id_: int) -> Subscriber:
    """The subscriber as they are now."""
    return db.session.scalars(
        select(Subscriber).where(Subscriber.id == id_), execution_options={"populate_existing": True}
    ).one()


def delivery(correction: Correction) -> Delivery:
    """How many of its mails wait in the outbox, and how many were given up; old mail is deleted, and not counted."""
    mails = select(
        func.count().filter(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None)),
        func.count(OutboxMail.given_up_at),
    ).join(SentCorrection, SentCorrection.outbox_id == OutboxMail.id)
    return Delivery(*db.session.execute(mails.where(SentCorrection.correction_id == correction.id)).one())


def mailing_of(correction: Correction) -> CorrectionMailing | None:
    return db.session.get(CorrectionMailing, correction.id, populate_existing=True)
