"""The newest summaries, and one summary with all it shows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models import Category, CategoryLink, OldSlug, Study, Summary


def newest_summaries(limit: int, category: str | None = None) -> list[Summary]:
    """The newest summaries, their study loaded; of one category if its slug is given."""
    rows = Summary.public()
    if category is not None:
        rows = rows.where(Summary.category_links.any(CategoryLink.category.has(Category.slug == category)))
    ordered = rows.order_by(Summary.published_on.desc(), Study.published.desc(), Summary.id).limit(limit)
    return list(db.session.scalars(ordered))


def summary_at(slug: str) -> Summary | None:
    """The public summary at a slug, with its study and categories; in one statement."""
    with_categories = joinedload(Summary.category_links).joinedload(CategoryLink.category)
    rows = Summary.public().options(with_categories).where(Summary.slug == slug)
    return db.session.scalars(rows).unique().one_or_none()


@dataclass(frozen=True)
class Moved:
    """Where an old slug leads; to None when the summary is gone."""

    to: str | None


def moved_from(slug: str) -> Moved | None:
    """What became of a slug that was once a summary's."""
    rows = (
        select(OldSlug.slug, Summary.slug)
        .outerjoin(Summary, and_(Summary.id == OldSlug.summary_id, Summary.is_public()))
        .where(OldSlug.slug == slug)
    )
    found = db.session.execute(rows).one_or_none()
    return Moved(found[1]) if found else None


def related_summaries(summary: Summary, limit: int = 3) -> list[Summary]:
    """Summaries named as related first, then those that share the most categories, newest first."""
    ids = [link.category_id for link in summary.category_links]
    shared = (
        select(func.count())
        .where(CategoryLink.summary_id == Summary.id, CategoryLink.category_id.in_(ids))
        .scalar_subquery()
    )
    named = Summary.key.in_(summary.related)
    rows = (
        Summary.public()
        .where(Summary.id != summary.id, (shared > 0) | named)
        .order_by(named.desc(), shared.desc(), Study.published.desc(), Summary.id)
        .limit(limit)
    )
    return list(db.session.scalars(rows))
