"""The corrections of a document, and how far each has been told to those who were sent the mistake."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from webapp.corrections.queries import Delivery, delivery, mailing_of, people_to_tell
from webapp.extensions import db
from webapp.models import Correction, CorrectionMailing, Document


class Told(NamedTuple):
    """One correction, and its mails."""

    number: int
    """Of this document's corrections, counted from 1."""
    correction: Correction
    mailing: CorrectionMailing | None
    people: int
    """To how many it could go, or is still to go."""
    delivery: Delivery

    @property
    def is_finished(self) -> bool:
        """Whether every mail was written, and none waits any more."""
        return self.mailing is not None and self.mailing.finished_at is not None and not self.delivery.waiting

    @property
    def gone(self) -> int:
        """Mails that left the outbox."""
        return self.mailing.written - self.delivery.waiting if self.mailing else 0


def corrections_of(document: Document) -> list[Told]:
    """The newest first."""
    rows = select(Correction).where(Correction.document_id == document.id)
    found = db.session.scalars(rows.order_by(Correction.corrected_at, Correction.id)).all()
    told = [
        Told(number, one, mailing_of(one), people_to_tell(one), delivery(one)) for number, one in enumerate(found, 1)
    ]
    return told[::-1]
