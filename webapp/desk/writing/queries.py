"""Documents as the desk lists and opens them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from webapp.documents.schema import JsonContent
from webapp.extensions import db
from webapp.models import Category, Document, KeptText, Revision

_NEWEST = aliased(Revision)
PER_PAGE = 50


class Row(NamedTuple):
    """A document in a list: its newest text, and where it stands."""

    document: Document
    title: str
    revision_id: int
    saved_at: dt.datetime
    saved_by: str
    ready_by: str | None
    """Who says that this text is ready to be looked at."""

    @property
    def is_ready(self) -> bool:
        """Whether it waits to be looked at."""
        document = self.document
        seen = (document.live_revision_id, document.scheduled_revision_id)
        return bool(self.ready_by) and self.revision_id not in seen

    @property
    def state(self) -> str:
        document, where = self.document, "Draft"
        if document.scheduled_revision_id:
            where = "Scheduled"
        elif document.live_revision_id:
            where = "Live" if document.live_revision_id == self.revision_id else "Live, with a newer draft"
        elif document.unpublished_at:
            where = "Unpublished"
        if not self.is_ready:
            return where
        return (
            f"Ready, says {self.ready_by}" if where == "Draft" else f"{where}. The draft is ready, says {self.ready_by}"
        )


def documents(
    kind: str | None = None, words: str = "", page: int = 1, *, is_ready: bool = False
) -> tuple[list[Row], bool]:
    """A page of them, the last saved first, and whether there are more: of a kind, or with these words in the title.

    `is_ready`: only those whose draft somebody says is ready to be looked at.
    """
    found = _documents()
    if is_ready:
        found = found.where(_NEWEST.ready_at.is_not(None), *_is_seen_nowhere())
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
    return (
        select(Document, _title(), _NEWEST.id, _NEWEST.saved_at, _NEWEST.saved_by, _NEWEST.ready_by)
        .join(_NEWEST, _is_newest())
        .order_by(_NEWEST.saved_at.desc(), Document.id.desc())
    )


def _is_newest() -> ColumnElement[bool]:
    number = select(func.max(Revision.number)).where(Revision.document_id == Document.id).scalar_subquery()
    return (_NEWEST.document_id == Document.id) & (_NEWEST.number == number)


def _is_seen_nowhere() -> list[ColumnElement[bool]]:
    """Whether the newest text is neither live nor scheduled."""
    places = (Document.live_revision_id, Document.scheduled_revision_id)
    return [place.is_distinct_from(_NEWEST.id) for place in places]


def _title() -> Any:
    return _NEWEST.content["title"].as_string()


def _rows(found: Select[Any]) -> list[Row]:
    return [Row(document, title or document.key, *rest) for document, title, *rest in db.session.execute(found)]


def documents_among(ids: Select[int]) -> list[Row]:
    """Those with these ids, the last saved first; as many as a page holds."""
    return _rows(_documents().where(Document.id.in_(ids)).limit(PER_PAGE))


def is_ready(document: Document, revision: Revision) -> bool:
    """Whether a text is marked as ready, and waits: of what is live or scheduled nobody need be told."""
    return revision.ready_at is not None and revision.id not in (
        document.live_revision_id,
        document.scheduled_revision_id,
    )


def document_by_id(id_: int) -> Document | None:
    return db.session.get(Document, id_)


def revisions_of(document: Document) -> list[Revision]:
    """The newest first."""
    rows = select(Revision).where(Revision.document_id == document.id)
    return list(db.session.scalars(rows.order_by(Revision.number.desc())))


def revision_of(document: Document, number: int) -> Revision | None:
    rows = select(Revision).where(Revision.document_id == document.id, Revision.number == number)
    return db.session.scalar(rows)


class Kept(NamedTuple):
    """A text that was not saved, and who had saved meanwhile."""

    text: KeptText
    saved_by: str


def kept_texts(document: Document) -> list[Kept]:
    """Those of a document, the newest first."""
    theirs = (Revision.document_id == KeptText.document_id) & (Revision.number == KeptText.newer)
    rows = select(KeptText, Revision.saved_by).join(Revision, theirs).where(KeptText.document_id == document.id)
    return [Kept(*row) for row in db.session.execute(rows.order_by(KeptText.kept_at.desc(), KeptText.id.desc()))]


def kept_text(document: Document, id_: int) -> KeptText | None:
    return db.session.scalar(select(KeptText).where(KeptText.document_id == document.id, KeptText.id == id_))


def newest_contents(language: str, keys: Collection[str]) -> dict[str, JsonContent]:
    """The newest texts of these summaries, by their keys."""
    if not keys:
        return {}
    here = (Document.kind == "summary", Document.language == language, Document.key.in_(keys))
    newest = select(Document.key, _NEWEST.content).join(_NEWEST, _is_newest()).where(*here)
    return {row.key: row.content for row in db.session.execute(newest)}


def writers_of(document: Document, revision: Revision) -> list[str]:
    """Who wrote a text since what readers see, the first first; somebody always did."""
    wrote = select(Revision.saved_by).where(Revision.document_id == document.id, Revision.number <= revision.number)
    seen = select(Revision.number).where(Revision.id == document.live_revision_id).scalar_subquery()
    since = wrote.where(Revision.number > func.coalesce(seen, 0)).order_by(Revision.number)
    return list(dict.fromkeys(db.session.scalars(since))) or [revision.saved_by]


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
