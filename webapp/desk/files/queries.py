"""The texts with which files are compared."""

from __future__ import annotations

from sqlalchemy import select

from webapp.documents.schema import JsonContent
from webapp.extensions import db
from webapp.models import Document, Revision


def text_now(document_id: int, *, of_readers: bool) -> JsonContent:
    """The newest text of a document, or what readers see, if they see any."""
    newest = select(Revision.content).where(Revision.document_id == document_id).order_by(Revision.number.desc())
    live = select(Revision.content).join(Document, Document.live_revision_id == Revision.id)
    seen = db.session.scalar(live.where(Document.id == document_id)) if of_readers else None
    return seen or db.session.scalar(newest.limit(1)) or {}
