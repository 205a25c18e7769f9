"""What the first page of the desk shows of the documents."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp.extensions import db
from webapp.models import Document, Revision


class Work(NamedTuple):
    """A document that is not simply live: begun, waiting for its day, newer than what readers see, or taken down."""

    document: Document
    title: str
    saved_at: dt.datetime
    saved_by: str

    @property
    def state(self) -> str:
        if self.document.scheduled_revision_id:
            return "Scheduled"
        if self.document.live_revision_id:
            return "Live, with a newer draft"
        return "Unpublished" if self.document.unpublished_at else "Draft"


def in_the_works() -> list[Work]:
    """The last saved first."""
    newest = aliased(Revision)
    number = select(func.max(Revision.number)).where(Revision.document_id == Document.id).scalar_subquery()
    is_live = Document.live_revision_id.is_not_distinct_from(newest.id)
    rows = (
        select(Document, newest.content["title"].as_string(), newest.saved_at, newest.saved_by)
        .join(newest, (newest.document_id == Document.id) & (newest.number == number))
        .where(~(is_live & Document.scheduled_revision_id.is_(None)))
        .order_by(newest.saved_at.desc())
    )
    return [Work(document, title or document.key, at, by) for document, title, at, by in db.session.execute(rows)]
