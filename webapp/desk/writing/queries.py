"""Documents as the desk lists and opens them."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from webapp.documents.schema import JsonContent
from webapp.extensions import db
from webapp.models import Category, Document, Revision

_NEWEST = aliased(Revision)
PER_PAGE = 50


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


def documents(kind: str | None = None, words: str = "", page: int = 1) -> tuple[list[Row], bool]:
    """A page of them, the last saved first, and whether there are more: of a kind, or with these words in the title."""
    found = _documents()
    if kind:
        found = found.where(Document.kind == kind)
    if words:
        found = found.where(_title().icontains(words, autoescape=True) | Document.key.icontains(words, autoescape=True))
    rows = _rows(found.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1))
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def in_the_works() -> list[Row]:
    """Those that are not simply live: begun, waiting for their day, newer than what readers see, or taken down."""
    is_live = Document.live_revision_id.is_not_distinct_from(_NEWEST.id)
    return _rows(_documents().where(~(is_live & Document.scheduled_revision_id.is_(None))).limit(PER_PAGE))


def _documents() -> Select[Any]:
    number = select(func.max(Revision.number)).where(Revision.document_id == Document.id).scalar_subquery()
    return (
        select(Document, _title(), _NEWEST.id, _NEWEST.saved_at, _NEWEST.saved_by)
        .join(_NEWEST, (_NEWEST.document_id == Document.id) & (_NEWEST.number == number))
        .order_by(_NEWEST.saved_at.desc(), Document.id.desc())
    )


def _title() -> Any:
    return _NEWEST.content["title"].as_string()


def _rows(found: Select[Any]) -> list[Row]:
    return [Row(document, title or document.key, *rest) for document, title, *rest in db.session.execute(found)]


def documents_among(ids: Select[int]) -> list[Row]:
    """Those with these ids, the last saved first; as many as a page holds."""
    return _rows(_documents().where(Document.id.in_(ids)).limit(PER_PAGE))


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


def category_choices(named: object = ()) -> list[tuple[str, str]]:
    """Slug and name of each category that leads nowhere else; and of those `named` that do, with what they lead to."""
    every = {one.slug: one for one in db.session.scalars(select(Category).order_by(Category.position))}
    listed = [(one.slug, one.name) for one in every.values() if not one.leads_to]
    slugs = [slug for slug in named if isinstance(slug, str)] if isinstance(named, list) else []
    led_on = [one for slug in slugs if (one := every.get(slug)) and one.leads_to]
    goals = dict(listed)
    return [*listed, *((one.slug, f"{one.name} (now {goals.get(one.leads_to or '', 'everything')})") for one in led_on)]
