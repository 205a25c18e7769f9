"""What the sitemap lists, and the category of a feed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Category, CategoryLink, Document, Summary, Term


def category_at(slug: str) -> Category | None:
    return db.session.scalar(select(Category).where(Category.slug == slug))


def summary_dates() -> list[tuple[str, dt.date]]:
    """Each public summary's slug and the day it was last checked."""
    rows = select(Summary.slug, Summary.checked_on).order_by(Summary.slug)
    return [(slug, day) for slug, day in db.session.execute(rows)]


def category_dates() -> list[tuple[str, dt.date | None]]:
    """Each category's slug and the day its newest public summary was checked."""
    newest = (
        select(func.max(Summary.checked_on))
        .join(Summary.category_links)
        .where(CategoryLink.category_id == Category.id)
        .scalar_subquery()
    )
    return [(slug, day) for slug, day in db.session.execute(select(Category.slug, newest).order_by(Category.position))]


def term_slugs() -> list[str]:
    return list(db.session.scalars(select(Term.slug).order_by(Term.slug)))


def page_slugs() -> list[str]:
    """Of the standing pages."""
    return list(db.session.scalars(select(Document.slug).where(Document.kind == "page", Document.is_public())))
