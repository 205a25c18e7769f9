"""Having a correction mailed, and writing those mails into the outbox."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, literal, update
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp import clock
from webapp.corrections import mails, queries
from webapp.database import UNSEEN
from webapp.extensions import db
from webapp.letters.actions import LettersReport
from webapp.models import Correction, CorrectionMailing, OutboxMail, SentCorrection, Subscriber, Summary
from webapp.subscriptions.tokens import Purpose, link_for
from webapp.urls import external_url

log = logging.getLogger(__name__)


class MailingError(Exception):
    """A correction that cannot be mailed. The text is the sentence for who wanted it."""


class MailingReport(LettersReport):
    """What came of a round of mails about corrections."""

    noun = "mail"


def ask_for_mailing(correction: Correction, *, by: str) -> int:
    """Have a correction mailed to everybody who was sent the mistake; how many. Raises MailingError when it is already.

    Only this is noted here: `flask work` writes the mails (`write_corrections`).
    """
    people = queries.people_to_tell(correction)
    if not people:
        db.session.rollback()
        raise MailingError("There is nobody to tell: nobody who gets letters was sent this summary before.")
    row = {"correction_id": correction.id, "asked_at": clock.now(), "asked_by": by, "people": people}
    try:
        db.session.execute(insert(CorrectionMailing).values(row))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise MailingError("This correction is being mailed already, or was. Nobody is told twice.") from None
    return people


def write_corrections(is_stopped: Callable[[], bool] = lambda: False) -> MailingReport:
    """Write the mails about corrections that the owner wants to be mailed.

    One commit for each person: stopped at any moment, the next run goes on with those who have none yet. A mail that
    cannot be written keeps nobody else from theirs, and is not tried again.
    """
    done = MailingReport()
    for correction in queries.open_mailings():
        for subscriber_id in queries.ids_to_tell(correction):
            if is_stopped():
                return done
            _write_or_note(correction, subscriber_id, done)
        _finish(correction)
    return done


def _write_or_note(correction: Correction, subscriber_id: int, done: MailingReport) -> None:
    try:
        done.written += _write(correction, subscriber_id)
    except OperationalError:
        raise  # the database itself: it would fail for everybody
    except Exception:
        db.session.rollback()
        log.exception(
            "The mail about correction %s to subscriber %s could not be written.", correction.id, subscriber_id
        )
        if _claim(correction, subscriber_id):
            _count(correction, failed=CorrectionMailing.failed + 1)
            done.failed += 1
        db.session.commit()


def _write(correction: Correction, subscriber_id: int) -> bool:
    db.session.rollback()  # nothing may be read before the claim: SQLite would refuse to write after it
    claimed = _claim(correction, subscriber_id)
    summary = queries.summary_of(correction)
    if claimed is None or summary is None:  # another run was here first, or the person or the page went this moment
        db.session.rollback()
        return False
    subscriber = queries.subscriber(subscriber_id)
    _note_mail(claimed, _mail(correction, summary, subscriber))
    _count(correction, written=CorrectionMailing.written + 1)
    db.session.commit()
    return True


def _mail(correction: Correction, summary: Summary, subscriber: Subscriber) -> OutboxMail:
    """What it says: what was wrong, or that the paper was withdrawn and why, as far as the page tells it by now."""
    words: dict[str, Any] = {
        "title": summary.title,
        "url": external_url("research.show", slug=summary.slug),
        "day": correction.corrected_at.date(),
        "manage_link": link_for(subscriber, Purpose.MANAGE),
        "leave_link": link_for(subscriber, Purpose.LEAVE),
    }
    if correction.of_paper:
        return mails.withdrawal(subscriber.address, reasons=(summary.study.notice or {}).get("reasons", []), **words)
    return mails.correction(subscriber.address, sentence=correction.sentence, **words)


def _claim(correction: Correction, subscriber_id: int) -> int | None:
    """Note that this person is told, unless they are already, or are not to be any more; the number of the note."""
    told_at = literal(clock.now(), SentCorrection.sent_at.type)
    person = (
        queries.recipients(correction)
        .where(Subscriber.id == subscriber_id)
        .with_only_columns(literal(correction.id), Subscriber.id, told_at)
    )
    note = insert(SentCorrection).from_select(["correction_id", "subscriber_id", "sent_at"], person)
    try:
        return db.session.execute(note.returning(SentCorrection.id)).scalar_one_or_none()
    except IntegrityError:
        db.session.rollback()
        return None


def _note_mail(claimed: int, mail: OutboxMail) -> None:
    db.session.flush()
    noted = update(SentCorrection).where(SentCorrection.id == claimed).values(outbox_id=mail.id)
    db.session.execute(noted, execution_options=UNSEEN)


def _count(correction: Correction, **values: object) -> None:
    mailing = update(CorrectionMailing).where(CorrectionMailing.correction_id == correction.id).values(values)
    db.session.execute(mailing, execution_options=UNSEEN)


def _finish(correction: Correction) -> None:
    """Nobody is left. Where there still is somebody, since the page is not public this moment, the next run goes on."""
    db.session.rollback()
    mailing = update(CorrectionMailing).where(
        CorrectionMailing.correction_id == correction.id,
        CorrectionMailing.finished_at.is_(None),
        ~queries.recipients(correction).exists(),
    )
    db.session.execute(mailing.values(finished_at=clock.now()), execution_options=UNSEEN)
    db.session.commit()
