"""Documents as they are kept, and as readers see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select

from webapp.documents.origin import Origin
from webapp.documents.schema import Content, parse_as
from webapp.extensions import db
from webapp.models import Category, Correction, Document, Redirect, Revision
from webapp.site import site_language

Shape = TypeVar("Shape", bound=Content)


@dataclass(frozen=True)
class Live(Generic[Shape]):
    """A document as readers see it."""

    document: Document
    content: Shape


def document_named(kind: str, key: str, language: str | None = None) -> Document | None:
    """The document with a permanent name; in the language of the site, if none is given."""
    wanted = (Document.kind == kind, Document.key == key, Document.language == (language or site_language()))
    return db.session.scalar(select(Document).where(*wanted))


def live_at(shape: type[Shape], slug: str) -> Live[Shape] | None:
    """The public document at a slug, its content ready; in one statement. The site's own language comes first."""
    own_first = (Document.language == site_language()).desc()
    rows = (
        select(Document, Revision)
        .join(Revision, Revision.id == Document.live_revision_id)
        .where(Document.kind == shape.kind, Document.slug == slug)
        .order_by(own_first, Document.id)
        .limit(1)
    )
    found = db.session.execute(rows).one_or_none()
    return live_of(shape, *found) if found else None


def live_of(shape: type[Shape], document: Document, revision: Revision) -> Live[Shape]:
    """The document with the content of its live revision."""
    return Live(document, parse_as(shape, revision.content, revision.schema_version))


@dataclass(frozen=True)
class Moved:
    """Where a slug leads at which no public document stands: on to another, or with None to words that it is gone."""

    to: str | None
    sentence: str | None = None


def moved_from(kind: str, slug: str) -> Moved | None:
    """What became of a slug; None when it never was one."""
    gone = select(Document.unpublished_sentence).where(
        Document.kind == kind, Document.slug == slug, Document.unpublished_at.is_not(None)
    )
    if found := db.session.execute(gone.limit(1)).one_or_none():
        return Moved(None, found[0])
    redirects = (
        select(Redirect.slug, Document)
        .outerjoin(Document, Document.id == Redirect.document_id)
        .where(Redirect.kind == kind, Redirect.slug == slug)
        .limit(1)
    )
    row = db.session.execute(redirects).one_or_none()
    if row is None:
        return None
    document: Document | None = row[1]
    if document is None:
        return Moved(None)
    return Moved(document.slug if document.live_revision_id else None, document.unpublished_sentence)


def document_once_at(document: Document, slug: str) -> Document | None:
    """The other document that a slug leads on to, since it stood there once."""
    here = (Redirect.kind == document.kind, Redirect.language == document.language, Redirect.slug == slug)
    rows = select(Document).join(Redirect, Redirect.document_id == Document.id)
    return db.session.scalar(rows.where(*here, Document.id.is_distinct_from(document.id)))


def corrections_of(document: Document) -> list[Correction]:
    """Mistakes of ours that were put right in a document, the newest first."""
    rows = select(Correction).where(Correction.document_id == document.id)
    return list(db.session.scalars(rows.order_by(Correction.corrected_at.desc(), Correction.id.desc())))


def correction_told(revision: Revision, sentence: str) -> Correction | None:
    """The correction that said this sentence of this text, if there is one."""
    rows = select(Correction).where(Correction.revision_id == revision.id, Correction.sentence == sentence)
    return db.session.scalar(rows.order_by(Correction.id).limit(1))


def newest_revision(document: Document) -> Revision | None:
    """The draft."""
    if document.id is None:
        return None
    rows = select(Revision).where(Revision.document_id == document.id).order_by(Revision.number.desc()).limit(1)
    return db.session.scalar(rows)


def due_ids(now: dt.datetime) -> list[int]:
    """Documents whose time has come."""
    rows = select(Document.id).where(Document.scheduled_revision_id.is_not(None), Document.go_live_at <= now)
    return list(db.session.scalars(rows.order_by(Document.go_live_at, Document.id)))


def category_slugs() -> set[str]:
    return set(db.session.scalars(select(Category.slug)))


Measured = dict[str, dict[str, Origin]]
"""By the key of a summary and the name of an outcome: where that can be read."""


def measured_in(language: str, keys: Collection[str]) -> Measured:
    """What was measured in these summaries, as readers see them, and where it can be read."""
    if not keys:
        return {}
    outcomes = Revision.content["study"]["outcomes"].as_json()
    rows = select(Document.key, outcomes).join(Revision, Revision.id == Document.live_revision_id)
    here = (Document.kind == "summary", Document.language == language, Document.key.in_(keys))
    return {
        key: {one["name"]: Origin.model_validate(one["source"]) for one in measured or ()}
        for key, measured in db.session.execute(rows.where(*here))
    }


def summary_keys(language: str, among: Collection[str]) -> set[str]:
    """Which of these are keys of summaries in a language, drafts too."""
    rows = select(Document.key).where(Document.kind == "summary", Document.language == language)
    return set(db.session.scalars(rows.where(Document.key.in_(among))))
