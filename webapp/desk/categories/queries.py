"""Categories as the owner sees them: which there are, and where each is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import aliased

from webapp.desk.writing.queries import Row, documents_among
from webapp.documents.schema import TopicContent
from webapp.extensions import db
from webapp.library.queries import chose
from webapp.models import Category, Document, Revision, Subscriber
from webapp.site import site_language


@dataclass(frozen=True)
class Uses:
    """Where a category is used, or a name that leads to it."""

    documents: list[Row]
    """The last saved of them; `count` is the number of all."""
    count: int
    public: int
    """How many of them readers see."""
    readers: int
    """How many people chose it for their letters."""
    names: list[Category]
    """Names that lead to it."""

    @property
    def is_used(self) -> bool:
        return bool(self.count or self.readers)


def listed() -> list[Category]:
    """Those that readers choose from, in their order."""
    return list(db.session.scalars(Category.listed()))


def group_names() -> list[str]:
    """The groups, in their order."""
    return list(dict.fromkeys(category.group for category in listed()))


def category_by_id(id_: int) -> Category | None:
    return db.session.get(Category, id_)


def category_at(slug: str) -> Category | None:
    return db.session.scalar(select(Category).where(Category.slug == slug))


def category_called(name: str) -> Category | None:
    """The category that readers know by a name, however its letters are written."""
    return next((one for one in listed() if one.name.casefold() == name.casefold()), None)


def leading_to(category: Category) -> list[Category]:
    return list(db.session.scalars(select(Category).where(Category.leads_to == category.slug)))


def uses_of(category: Category) -> Uses:
    """In four statements, however large the library is."""
    names = leading_to(category)
    slugs = [category.slug, *(name.slug for name in names)]
    ids = _naming(slugs)
    counts = select(func.count(), func.count(Document.live_revision_id)).where(Document.id.in_(ids))
    count, public = db.session.execute(counts).one()
    readers = select(func.count()).select_from(Subscriber).where(or_(*map(chose, slugs)))
    return Uses(documents_among(ids) if count else [], count, public, db.session.scalar(readers) or 0, names)


def _naming(slugs: Sequence[str]) -> Select[int]:
    """Ids of the documents that name one of these: in the text readers see, in the one to come, or in the draft."""
    document, text, newer = aliased(Document), aliased(Revision), aliased(Revision)
    last = select(func.max(newer.number)).where(newer.document_id == text.document_id).scalar_subquery()
    counts = or_(text.id == document.live_revision_id, text.id == document.scheduled_revision_id, text.number == last)
    listed_there = cast(text.content["categories"], String)
    named = [listed_there.contains(f'"{slug}"', autoescape=True) for slug in slugs]
    named.append(text.content["category"].as_string().in_(slugs))
    return (
        select(document.id)
        .join(text, text.document_id == document.id)
        .where(document.kind.in_(["summary", "topic"]), counts, or_(*named))
    )


def answer_to(category: Category) -> Document | None:
    """The answer that readers find at a category."""
    here = (Document.kind == TopicContent.kind, Document.slug == category.slug, Document.is_public())
    own_first = (Document.language == site_language()).desc()
    return db.session.scalar(select(Document).where(*here).order_by(own_first).limit(1))
