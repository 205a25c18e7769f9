"""One sitting of one writer at the desk: its many saves while writing are one revision, the newest text of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp import clock
from webapp.documents.schema import JsonContent, digest_of
from webapp.models import Document, Revision

Sitting = tuple[str, str | None]
"""Who writes, and the name of the sitting; None where each save is a revision of its own."""


def is_base_of(newest: Revision, sitting: Sitting, base: int | None, base_digest: str | None) -> bool:
    """Whether what is to be saved was written on the newest revision.

    A sitting goes on from its own revision also where it has not heard yet that it made one. Anybody else may have
    read a revision before its sitting went on: then the digest is another one.
    """
    if _is_of(newest, sitting):
        return (base or 0) >= newest.number - 1
    return base == newest.number and base_digest in {None, newest.digest}


def goes_on(document: Document, newest: Revision, sitting: Sitting) -> bool:
    """Whether a save takes the place of the newest revision: it is of this sitting, and nobody else can have seen it.

    What is scheduled, was ever published, or is marked as ready is kept as it was.
    """
    was_published = document.published_at is not None and document.published_at >= newest.saved_at
    is_kept = was_published or newest.ready_at is not None or newest.id == document.scheduled_revision_id
    return _is_of(newest, sitting) and not is_kept


def rewrite_revision(session: Session, revision: Revision, content: JsonContent, version: int) -> None:
    """Save a newer text of a sitting in place of its last."""
    revision.content, revision.schema_version, revision.digest = content, version, digest_of(content)
    revision.saved_at = clock.now()
    session.flush()


def _is_of(revision: Revision, sitting: Sitting) -> bool:
    by, name = sitting
    return name is not None and (revision.saved_by, revision.editing_session) == (by, name)
