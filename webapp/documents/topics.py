"""Where the answer to a topic stands: at its category, or at the one that has taken its place. Nothing is committed."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.documents.publishing import move_to, take_down
from webapp.documents.schema import TopicContent
from webapp.models import Category, Document, Revision
from webapp.models.category import EVERYTHING

MERGED = "This topic was made one with another that has an answer of its own."
"""Why an answer is gone. Its address leads to the other one, so that nobody meets these words by a link of ours."""


def move_answers(session: Session) -> None:
    """Let each answer that is public or to come stand where its category leads now.

    Where another answer stands already it stays, and this one is taken down, or its time is taken back: its text is
    a draft from then on.
    """
    shown = or_(Document.live_revision_id.is_not(None), Document.scheduled_revision_id.is_not(None))
    of_readers = Revision.id == Document.live_revision_id
    to_come = Document.live_revision_id.is_(None) & (Revision.id == Document.scheduled_revision_id)
    rows = (
        select(Document, Revision.content["category"].as_string())
        .join(Revision, or_(of_readers, to_come))
        .where(Document.kind == TopicContent.kind, shown)
        .order_by(Document.live_revision_id.is_(None), Document.id)
    )
    led_on = session.execute(select(Category.slug, Category.leads_to).where(Category.leads_to != EVERYTHING))
    ways = {row.slug: row.leads_to for row in led_on}
    for document, category in session.execute(rows).all():
        slug = ways.get(category, category)
        if slug != document.slug:
            _move(session, document, slug)


def _move(session: Session, document: Document, slug: str) -> None:
    here = (Document.kind == document.kind, Document.language == document.language, Document.slug == slug)
    other = session.scalar(select(Document).where(*here))
    if other is not None and (other.live_revision_id or other.scheduled_revision_id):
        if document.live_revision_id:
            take_down(session, document, MERGED)
        document.scheduled_revision_id = document.go_live_at = None
        return
    if other is not None:  # nobody sees it; published again, it would be refused the address anyway
        other.slug = None
        session.flush()
    move_to(session, document, slug)
    session.flush()
