"""What the desk does with a document. All of it goes through documents/actions.py; here it is noted who did it."""

from __future__ import annotations

import datetime as dt

from slugify import slugify
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from webapp import clock
from webapp.desk.activity.actions import note
from webapp.desk.writing import queries as desk_queries
from webapp.documents import actions, queries
from webapp.documents.projection import lock
from webapp.documents.schema import KINDS, VERSION, JsonContent
from webapp.extensions import db
from webapp.models import Account, Correction, Document, KeptText, Revision
from webapp.site import site_language


class NewDocumentError(Exception):
    """A document that cannot be begun. The text is the sentence for who wanted it."""


class NotWrittenError(Exception):
    """The database took nothing: its disk is full, or another writer is at it for too long."""

    def __init__(self, why: OperationalError) -> None:
        super().__init__(str(why.orig))
        self.why = why


def begin(account: Account, kind: str, title: str) -> Document:
    """Begin a document with its title; its key, the permanent name, is made of that. Raises NewDocumentError."""
    key = slugify(title, max_length=60, word_boundary=True)
    if kind not in KINDS or not key:
        raise NewDocumentError("Please give it a title in letters or digits.")
    if queries.document_named(kind, key):
        raise NewDocumentError("There is a document with this title already. Please choose another one to begin with.")
    document = Document(kind=kind, key=key, language=site_language())
    today = clock.today().isoformat()
    content: JsonContent = {"title": title, "date": today, "lastmod": today, "author": account.name}
    actions.save_revision(document, content, by=account.name)
    return document


def save(
    account: Account, document: Document, content: JsonContent, *, base: int, digest: str, sitting: str | None
) -> Revision:
    """Save a draft. What was saved last in the same sitting never stands in its own way. Raises ConflictError, when
    the text was kept beside the newer one (`_keep`), and NotWrittenError.

    `base`, `digest`: of the version it was written on. `sitting`: None where the save is a version of its own.
    """
    newest = queries.newest_revision(document)
    if newest is not None and sitting and newest.editing_session == sitting:
        base = newest.number
    try:
        return actions.save_revision(
            document, content, by=account.name, base=base, base_digest=digest, editing_session=sitting or None
        )
    except actions.ConflictError as conflict:
        if content not in (conflict.theirs.content, desk_queries.content_written_on(document, base, digest)):
            _keep(account, conflict, base, digest, sitting or "")
        raise
    except OperationalError as error:
        db.session.rollback()
        raise NotWrittenError(error) from error


def _keep(account: Account, conflict: actions.ConflictError, base: int, digest: str, sitting: str) -> None:
    """Keep a text that was not saved, the last of each sitting: a browser may lose it, and the history has it."""
    theirs = conflict.theirs
    which = {"document_id": theirs.document_id, "kept_by": account.name, "editing_session": sitting}
    db.session.execute(delete(KeptText).filter_by(**which))
    words = {"content": conflict.mine, "schema_version": VERSION, "base": base, "base_digest": digest[:32]}
    db.session.add(KeptText(**which, **words, kept_at=clock.now(), newer=theirs.number))
    db.session.commit()


def forget_kept(account: Account, document: Document, kept: KeptText) -> None:
    """Delete a text that was not saved, for good."""
    _note(account, f"Deleted what {kept.kept_by} wrote and could not save, of the {document.kind} {document.key}")
    db.session.delete(kept)
    db.session.commit()


def mark_ready(account: Account, document: Document, revision: Revision) -> bool:
    """Say that the newest text can be looked at; whether it could be said. What readers see is past that.

    The mark is of this text: whatever is saved later is a draft again.
    """
    is_open = _is_open(document, revision)
    if is_open and revision.ready_at is None:
        revision.ready_at, revision.ready_by = clock.now(), account.name
        _note(account, f"Marked the {document.kind} {document.key} as ready to be looked at")
    db.session.commit()
    return is_open


def unmark_ready(account: Account, document: Document, revision: Revision) -> None:
    """Take that back, whoever said it."""
    if _is_open(document, revision) and revision.ready_at is not None:
        revision.ready_at = revision.ready_by = None
        _note(account, f"Took back that the {document.kind} {document.key} is ready")
    db.session.commit()


def _is_open(document: Document, revision: Revision) -> bool:
    """Whether a text, as it is now, waits for its publication; nobody else saves until this is done."""
    lock(db.session(), [document])
    db.session.refresh(revision)
    return revision.id not in {document.live_revision_id, document.scheduled_revision_id}


def publish(account: Account, document: Document, revision: Revision, agreed: str | None = None) -> None:
    """Raises InvalidDocumentError with everything that is missing.

    `agreed`: the new slug that was agreed to, if any. Raises MoveError when an address would change otherwise.
    """
    _note(account, f"Published the {document.kind} {document.key}", _by(account, document, revision, "published"))
    actions.publish(document, revision, agreed=agreed, by=account.name)


def schedule(
    account: Account, document: Document, revision: Revision, at: dt.datetime, agreed: str | None = None
) -> None:
    """Raises InvalidDocumentError and MoveError, as `publish` does."""
    what = f"Had the {document.kind} {document.key} published at {at:%Y-%m-%d %H:%M} UTC"
    _note(account, what, _by(account, document, revision, "scheduled"))
    actions.schedule(document, revision, at, agreed=agreed, by=account.name)


def unschedule(account: Account, document: Document) -> None:
    _note(account, f"Took back the time of the {document.kind} {document.key}")
    actions.unschedule(document)


def unpublish(account: Account, document: Document, sentence: str) -> None:
    """Raises NotPublishedError."""
    _note(account, f"Took down the {document.kind} {document.key}")
    actions.unpublish(document, sentence)


def correct(
    account: Account, document: Document, revision: Revision, sentence: str, agreed: str | None = None
) -> Correction:
    """Raises NotPublishedError, and InvalidDocumentError and MoveError, as `publish` does."""
    _note(account, f"Corrected the {document.kind} {document.key}", _by(account, document, revision, "published"))
    return actions.correct(document, revision, sentence, agreed=agreed)


def _by(account: Account, document: Document, revision: Revision, done: str) -> str:
    """Who wrote it, where somebody else lets readers see it: two people looked at it, and the log says so."""
    writers = desk_queries.writers_of(document, revision)
    return "" if writers == [account.name] else f", written by {' and '.join(writers)}, {done} by {account.name}"


def _note(account: Account, what: str, by: str = "") -> None:
    """Into the transaction that the action ends, whichever way."""
    note(account.name, f"{what}{by}.")


def restore(account: Account, document: Document, revision: Revision) -> Revision:
    newest = queries.newest_revision(document)
    return actions.restore_revision(document, revision, by=account.name, base=newest.number if newest else None)
