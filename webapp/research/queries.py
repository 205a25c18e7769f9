"""The newest summaries, and one summary with all it shows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select, union
from sqlalchemy.orm import joinedload

from webapp.documents.queries import live_of
from webapp.documents.schema import SummaryContent
from webapp.extensions import db
from webapp.models import Category, CategoryLink, Document, RelatedLink, Revision, Summary
from webapp.models.summary import ordered_by
from webapp.site import site_language

NEAR = 50
"""How many of a category are looked at for those that are related."""


def newest_summaries(limit: int, category: str | None = None) -> list[Summary]:
    """The newest summaries, their study loaded; of one category if its slug is given."""
    rows = Summary.public()
    if category is not None:
        rows = rows.where(Summary.category_links.any(CategoryLink.category.has(Category.slug == category)))
    ordered = rows.order_by(*ordered_by("latest")).limit(limit)
    return list(db.session.scalars(ordered))


@dataclass(frozen=True)
class Shown:
    """One public summary, whole: what lists know of it, with its study and categories, and its text."""

    summary: Summary
    content: SummaryContent


def summary_at(slug: str) -> Shown | None:
    """The public summary at a slug; in one statement. The site's own language comes first."""
    rows = (
        Summary.public()
        .join(Document, Document.id == Summary.document_id)
        .join(Revision, Revision.id == Document.live_revision_id)
        .add_columns(Document, Revision)
        .options(joinedload(Summary.category_links).joinedload(CategoryLink.category), joinedload(Summary.corrections))
        .where(Summary.slug == slug)
        .order_by((Summary.language == site_language()).desc())
    )
    found = db.session.execute(rows).unique().first()
    if found is None:
        return None
    summary, document, revision = found
    return Shown(summary, live_of(SummaryContent, document, revision).content)


def related_summaries(summary: Summary, limit: int = 3) -> list[Summary]:
    """Summaries named as related first, then those that share the most categories, newest first.

    Sharing is looked for among the newest of each category: the others are not read.
    """
    categories = [link.category_id for link in summary.category_links]
    named = Summary.key.in_(select(RelatedLink.key).where(RelatedLink.document_id == summary.document_id))
    near = [select(Summary.document_id).where(named)]
    near += [_newest_in(category) for category in categories]
    candidates = union(*(select(rows.subquery().c.document_id) for rows in near))
    shared = (
        select(func.count())
        .where(CategoryLink.document_id == Summary.document_id, CategoryLink.category_id.in_(categories))
        .correlate(Summary)
        .scalar_subquery()
    )
    rows = (
        Summary.public()
        .where(Summary.document_id != summary.document_id, Summary.document_id.in_(candidates))
        .order_by(named.desc(), shared.desc(), *ordered_by("newest"))
        .limit(limit)
    )
    return list(db.session.scalars(rows))


def _newest_in(category_id: int) -> Select[int]:
    in_it = exists().where(CategoryLink.document_id == Summary.document_id, CategoryLink.category_id == category_id)
    return select(Summary.document_id).where(in_it).order_by(*ordered_by("newest")).limit(NEAR)
