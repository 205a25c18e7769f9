"""How a document changes: a revision is saved, and one revision is what readers see.

These steps commit nothing: an action (documents/actions.py, library/actions.py) puts them into one commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.documents.problems import InvalidDocumentError, Problem
from webapp.documents.projection import Projection, Words, lock
from webapp.documents.schema import VERSION, Content, JsonContent, SummaryContent, TopicContent, digest_of
from webapp.edition import raise_edition
from webapp.models import Category, Document, Redirect, Revision, Study, Summary
from webapp.models.category import EVERYTHING
from webapp.urls import is_free_for_pages

Origin = Literal["file", "desk", "watch", "restore"]


class Ready(NamedTuple):
    """A revision that can be published, its content checked."""

    document: Document
    revision: Revision
    content: Content
    words: Words | None = None
    """What was read of it already (Projection.read)."""
    brings_back: bool = True
    """Whether it is published also when the document was taken down."""


def add_revision(
    session: Session,
    document: Document,
    content: JsonContent,
    *,
    number: int,
    by: str,
    origin: Origin,
    version: int = VERSION,
    editing_session: str | None = None,
) -> Revision:
    """Save the text of a document, as it is."""
    if document.id is None:
        session.add(document)
        session.flush()
    revision = Revision(
        document_id=document.id,
        number=number,
        content=content,
        schema_version=version,
        digest=digest_of(content),
        saved_at=clock.now(),
        saved_by=by,
        origin=origin,
        editing_session=editing_session,
    )
    session.add(revision)
    session.flush()
    return revision


def make_live(session: Session, ready: Sequence[Ready], projection: Projection | None = None) -> None:
    """Let readers see these revisions: one event for lists, search, counts and pages.

    Raises InvalidDocumentError when an address, or a paper, is another document's.
    """
    if not ready:
        return
    lock(session, [one.document for one in ready])
    ready = [one for one in ready if one.brings_back or one.document.unpublished_at is None]
    now = clock.now()
    for document, revision, content, *_ in ready:
        refuse_twins(session, document, content)
        move_to(session, document, slug_for(session, document, content))
        if document.first_published_at is None:
            document.first_published_at = min(_midnight(content.date), now)
        if _is_superseded(session, document, revision):
            document.scheduled_revision_id = document.go_live_at = None
        document.live_revision_id, document.published_at = revision.id, now
        document.unpublished_at = document.unpublished_sentence = None
    session.flush()
    read = {one.document.id: one.words for one in ready if one.words}
    (projection or Projection(session)).write([one.document for one in ready], read)
    raise_edition(session)


def _is_superseded(session: Session, document: Document, revision: Revision) -> bool:
    """Whether what is scheduled is this text or an older one: on its day it would undo what is published now."""
    if document.scheduled_revision_id is None:
        return False
    scheduled = session.get_one(Revision, document.scheduled_revision_id)
    return scheduled.number <= revision.number


def take_down(session: Session, document: Document, sentence: str) -> None:
    """Let readers see a document no more; who comes for it is told why."""
    lock(session, [document])
    document.live_revision_id = document.scheduled_revision_id = document.go_live_at = None
    document.unpublished_at, document.unpublished_sentence = clock.now(), sentence
    session.flush()
    Projection(session).write([document])
    raise_edition(session)


def reserve(session: Session, document: Document, revision: Revision, content: Content, at: dt.datetime) -> None:
    """Have a revision published at a time; the address of a document that never was public is kept free for it."""
    lock(session, [document])
    refuse_twins(session, document, content)
    if document.first_published_at is None:
        document.slug = slug_for(session, document, content)
    document.scheduled_revision_id, document.go_live_at = revision.id, at


def slug_for(session: Session, document: Document, content: Content) -> str:
    """Where a document stands once this is published."""
    slug = content.slug_at(document.key, document.slug if document.first_published_at else None)
    return category_led_to(session, slug) if isinstance(content, TopicContent) else slug


def category_led_to(session: Session, slug: str) -> str:
    """The slug of the category that has taken the place of one; its own, if none has."""
    leads_to = session.scalar(select(Category.leads_to).where(Category.slug == slug))
    return leads_to if leads_to and leads_to != EVERYTHING else slug


def refuse_twins(session: Session, document: Document, content: Content) -> None:
    """Raise InvalidDocumentError when an address, or a paper, is another document's or the site's own."""
    slug = slug_for(session, document, content)
    others = select(Document).where(
        Document.kind == document.kind, Document.language == document.language, Document.id != document.id
    )
    if other := session.scalar(others.where(Document.slug == slug)):
        problem = f"is {slug}, which {other.key} has already"
        raise InvalidDocumentError([Problem(("slug",), problem, "Write another `slug:`")])
    if document.kind == "page" and not is_free_for_pages(slug):
        problem = f"is {slug}, an address that the site itself uses"
        raise InvalidDocumentError([Problem(("slug",), problem, "Write another `slug:`")])
    if isinstance(content, SummaryContent) and content.study.doi:
        _refuse_twin_paper(session, document, content.study.doi)


def _refuse_twin_paper(session: Session, document: Document, doi: str) -> None:
    """One paper has one summary. Where an older site holds two, both stay: only a DOI that is new here is refused."""
    papers = (
        select(Summary.key)
        .join(Study, Study.document_id == Summary.document_id)
        .where(Study.doi == doi, Summary.language == document.language)
    )
    keys = set(session.scalars(papers))
    if keys and document.key not in keys:
        key = min(keys)
        problem = f"is that of {key}: one paper has one summary"
        raise InvalidDocumentError([Problem(("study", "doi"), problem, f"Change {key}, or correct the DOI")])


def move_to(session: Session, document: Document, slug: str) -> None:
    """Let an old address lead to the new one."""
    here = and_(Redirect.kind == document.kind, Redirect.language == document.language)
    old = document.slug if document.slug != slug and document.first_published_at else None
    session.execute(delete(Redirect).where(here, or_(Redirect.slug == slug, Redirect.slug == old)))
    if old:
        session.add(Redirect(kind=document.kind, language=document.language, slug=old, document_id=document.id))
    document.slug = slug


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
