"""The search index written anew from what is published, and nothing else: for a database that was copied."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.documents.projection import BATCH, Projection
from webapp.documents.schema import SummaryContent, parse_as
from webapp.documents.search_text import entry_of
from webapp.models import Document, Revision, Summary
from webapp.search.engines import index
from webapp.search.index import Entry


def index_anew(session: Session) -> None:
    """Write the words of every public summary into the index of this session's database. Nothing is committed."""
    projection, last = Projection(session), 0
    index(session).keep_only(session, select(Summary.document_id))
    while entries := list(_entries(session, projection, last)):
        index(session).replace(session, entries)
        session.expunge_all()
        last = entries[-1].id


def _entries(session: Session, projection: Projection, last: int) -> Iterator[Entry]:
    """Those of the next summaries after this number."""
    statement = (
        select(Document.id, Revision.content, Revision.schema_version)
        .join(Revision, Revision.id == Document.live_revision_id)
        .where(Document.kind == SummaryContent.kind, Document.id > last)
        .order_by(Document.id)
        .limit(BATCH)
    )
    for id_, said, version in session.execute(statement):
        content = parse_as(SummaryContent, said, version)
        names = [name for _, name in projection.categories_of(content)]
        yield entry_of(id_, content, names, projection.read(content).known)
