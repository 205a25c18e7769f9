"""What the sitemap lists, the category of a feed, and the corrections and news of trials in it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Category, CategoryLink, Correction, Document, Summary, Term, TrialChange, TrialLink


def category_at(slug: str) -> Category | None:
    return db.session.scalar(select(Category).where(Category.slug == slug))


def latest_corrections(limit: int, category: str | None = None) -> list[tuple[Correction, Summary]]:
    """The last corrections of public summaries, each with its summary; of one category if its slug is given."""
    rows = Summary.public().join(Correction, Correction.document_id == Summary.document_id).add_columns(Correction)
    if category is not None:
        rows = rows.where(Summary.category_links.any(CategoryLink.category.has(Category.slug == category)))
    newest = rows.order_by(Correction.corrected_at.desc(), Correction.id.desc()).limit(limit)
    return [(correction, summary) for summary, correction in db.session.execute(newest)]


def latest_trial_changes(limit: int, category: str | None = None) -> list[tuple[TrialChange, Summary]]:
    """The last changes of the status of trials, each once, with the first public summary that names the trial; of one
    category if its slug is given. A paper that was withdrawn invites nobody, and a summary that came later has no news.
    """
    first = (
        select(func.min(Summary.document_id))
        .join(TrialLink, TrialLink.document_id == Summary.document_id)
        .where(TrialLink.number == TrialChange.number, Summary.notice.is_distinct_from("retraction"))
    )
    if category is not None:
        first = first.where(Summary.category_links.any(CategoryLink.category.has(Category.slug == category)))
    is_first = Summary.document_id == first.correlate(TrialChange).scalar_subquery()
    rows = Summary.public().join(TrialChange, is_first).add_columns(TrialChange)
    newest = rows.order_by(TrialChange.told_at.desc(), TrialChange.id.desc()).limit(limit)
    found = db.session.execute(newest)
    return [(change, summary) for summary, change in found if summary.published_on <= change.told_at.date()]


def sitemap_parts(size: int) -> list[tuple[int, int]]:
    """The public summaries in parts of about so many: the first and the last number of each, at least one part."""
    last = db.session.scalar(select(func.max(Summary.document_id))) or 0
    return [(first, first + size - 1) for first in range(1, max(last, 1) + 1, size)]


def summary_dates(part: tuple[int, int]) -> list[tuple[str, dt.date]]:
    """Slug and day of the last check of the public summaries in a part."""
    rows = select(Summary.slug, Summary.checked_on).where(Summary.document_id.between(*part))
    return [(slug, day) for slug, day in db.session.execute(rows.order_by(Summary.document_id))]


def newest_check() -> dt.date | None:
    """The day on which a summary was checked last."""
    return db.session.scalar(select(func.max(Summary.checked_on)))


def category_dates() -> list[tuple[str, dt.date | None]]:
    """Each category's slug and the day its newest public summary was checked."""
    newest = (
        select(func.max(Summary.checked_on))
        .join(Summary.category_links)
        .where(CategoryLink.category_id == Category.id)
        .scalar_subquery()
    )
    return [
        (slug, day)
        for slug, day in db.session.execute(
            select(Category.slug, newest).where(Category.leads_to.is_(None)).order_by(Category.position)
        )
    ]


def term_slugs() -> list[str]:
    return list(db.session.scalars(select(Term.slug).where(Term.leads_to.is_(None)).order_by(Term.slug)))


def page_slugs() -> list[str]:
    """Of the standing pages."""
    return list(db.session.scalars(select(Document.slug).where(Document.kind == "page", Document.is_public())))
