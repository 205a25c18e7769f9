"""What the desk does with a document. All of it goes through documents/actions.py; here it is noted who did it."""

from __future__ import annotations

import datetime as dt

from slugify import slugify

from webapp import clock
from webapp.desk.activity.actions import note
from webapp.documents import actions, queries
from webapp.documents.schema import KINDS, JsonContent
from webapp.extensions import db
from webapp.models import Account, Document, Revision
from webapp.site import site_language


class NewDocumentError(Exception):
    """A document that cannot be begun. The text is the sentence for who wanted it."""


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
    """Save a draft. What was saved last in the same sitting never stands in its own way. Raises ConflictError.

    `base`, `digest`: of the version it was written on. `sitting`: None where the save is a version of its own.
    """
    newest = queries.newest_revision(document)
    if newest is not None and sitting and newest.editing_session == sitting:
        base = newest.number
    return actions.save_revision(
        document, content, by=account.name, base=base, base_digest=digest, editing_session=sitting or None
    )


def publish(account: Account, document: Document, revision: Revision) -> None:
    """Raises InvalidDocumentError with everything that is missing."""
    actions.publish(document, revision)
    _note(account, f"Published the {document.kind} {document.key}.")


def schedule(account: Account, document: Document, revision: Revision, at: dt.datetime) -> None:
    """Raises InvalidDocumentError, as `publish` does."""
    actions.schedule(document, revision, at)
    _note(account, f"Had the {document.kind} {document.key} published at {at:%Y-%m-%d %H:%M} UTC.")


def unschedule(account: Account, document: Document) -> None:
    actions.unschedule(document)
    _note(account, f"Took back the time of the {document.kind} {document.key}.")


def unpublish(account: Account, document: Document, sentence: str) -> None:
    """Raises NotPublishedError."""
    actions.unpublish(document, sentence)
    _note(account, f"Took down the {document.kind} {document.key}.")


def correct(account: Account, document: Document, revision: Revision, sentence: str) -> None:
    """Raises NotPublishedError and InvalidDocumentError."""
    actions.correct(document, revision, sentence)
    _note(account, f"Corrected the {document.kind} {document.key}.")


def restore(account: Account, document: Document, revision: Revision) -> Revision:
    newest = queries.newest_revision(document)
    return actions.restore_revision(document, revision, by=account.name, base=newest.number if newest else None)


def _note(account: Account, what: str) -> None:
    note(account.name, what)
    db.session.commit()
