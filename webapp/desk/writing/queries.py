"""Documents as the desk lists and opens them."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp.documents.schema import JsonContent
from webapp.extensions import db
from webapp.models import Category, Document, Revision


class Row(NamedTuple):
    """A document in a list: its newest text, and where it stands."""

    document: Document
    title: str
    revision_id: int
    saved_at: dt.datetime
    saved_by: str

    @property
    def state(self) -> str:
        document = self.document
        if document.scheduled_revision_id:
            return "Scheduled"
        if document.live_revision_id:
            return "Live" if document.live_revision_id == self.revision_id else "Live, with a newer draft"
        return "Unpublished" if document.unpublished_at else "Draft"


def documents(kind: str | None = None) -> list[Row]:
    """All of them, or those of a kind; the last saved first."""
    newest = aliased(Revision)
    number = select(func.max(Revision.number)).where(Revision.document_id == Document.id).scalar_subquery()
    rows = (
        select(Document, newest.content["title"].as_string(), newest.id, newest.saved_at, newest.saved_by)
        .join(newest, (newest.document_id == Document.id) & (newest.number == number))
        .order_by(newest.saved_at.desc(), Document.id.desc())
    )
    if kind:
        rows = rows.where(Document.kind == kind)
    return [Row(document, title or document.key, *rest) for document, title, *rest in db.session.execute(rows)]


def document_by_id(id_: int) -> Document | None:
    return db.session.get(Document, id_)


def revisions_of(document: Document) -> list[Revision]:
    """The newest first."""
    rows = select(Revision).where(Revision.document_id == document.id)
    return list(db.session.scalars(rows.order_by(Revision.number.desc())))


def revision_of(document: Document, number: int) -> Revision | None:
    rows = select(Revision).where(Revision.document_id == document.id, Revision.number == number)
    return db.session.scalar(rows)


def content_written_on(document: Document, number: int, digest: str) -> JsonContent:
    """What a form was opened with. Where that version was written on since, the one before it."""
    revision = revision_of(document, number)
    if revision is not None and revision.digest != digest:
        revision = revision_of(document, number - 1)
    return revision.content if revision else {}


def category_choices() -> list[tuple[str, str]]:
    """Slug and name of each category that leads nowhere else."""
    rows = select(Category).where(Category.leads_to.is_(None)).order_by(Category.position)
    return [(category.slug, category.name) for category in db.session.scalars(rows)]
