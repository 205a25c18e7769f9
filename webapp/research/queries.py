"""The newest summaries, and one summary with all it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select, union
from sqlalchemy.orm import joinedload, load_only

from webapp.documents.schema import SummaryContent, parse_as
from webapp.extensions import db
from webapp.models import Category, CategoryLink, Document, RelatedLink, Revision, Summary
from webapp.models.summary import ordered_by
from webapp.site import site_language

NEAR = 12
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


def row_at(slug: str) -> Summary | None:
    """The public summary at a slug as lists know it, without its study, text and categories."""
    return db.session.scalar(_ROW_AT, {"slug": slug, "language": site_language()})


def summary_at(slug: str) -> Shown | None:
    """The public summary at a slug; in one statement. The site's own language comes first."""
    found = db.session.execute(_AT, {"slug": slug, "language": site_language()}).unique().first()
    if found is None:
        return None
    summary, revision = found
    return Shown(summary, parse_as(SummaryContent, revision.content, revision.schema_version))


# Statements are built once: that takes longer than the database does.
_ROW_AT = (
    select(Summary)
    .where(Summary.slug == bindparam("slug"))
    .order_by((Summary.language == bindparam("language")).desc())
    .limit(1)
)
_AT = (
    Summary.public()
    .join(Document, Document.id == Summary.document_id)
    .join(Revision, Revision.id == Document.live_revision_id)
    .add_columns(Revision)  # not its content: that would be read once for each category
    .options(
        joinedload(Summary.category_links).joinedload(CategoryLink.category),
        joinedload(Summary.corrections),
        load_only(Revision.content, Revision.schema_version, raiseload=True),
    )
    .where(Summary.slug == bindparam("slug"))
    .order_by((Summary.language == bindparam("language")).desc())
)


def summaries_by_key(keys: Sequence[str]) -> list[Summary]:
    """The public summaries with these keys, in their order; no statement where there are none."""
    if not keys:
        return []
    rows = select(Summary).where(Summary.key.in_(keys), Summary.language == site_language())
    found = {summary.key: summary for summary in db.session.scalars(rows)}
    return [found[key] for key in keys if key in found]


def related_summaries(summary: Summary, limit: int = 3) -> list[Summary]:
    """Summaries named as related first, then those that share the most categories, newest first.

    Sharing is looked for among the newest of each category: the others are not read.
    """
    categories = {f"category_{place}": link.category_id for place, link in enumerate(summary.category_links)}
    values = {"id": summary.document_id, "limit": limit, **categories}
    return list(db.session.scalars(_related(len(categories)), values))


@cache
def _related(count: int) -> Select[Summary]:
    """The statement for a summary of so many categories."""
    here: Any = bindparam("id")
    categories: list[Any] = [bindparam(f"category_{place}") for place in range(count)]
    named = Summary.key.in_(select(RelatedLink.key).where(RelatedLink.document_id == here))
    near = [select(Summary.document_id).where(named)]
    near += [_newest_in(category) for category in categories]
    candidates = union(*(select(rows.subquery().c.document_id) for rows in near))
    shared = (
        select(func.count())
        .where(CategoryLink.document_id == Summary.document_id, CategoryLink.category_id.in_(categories))
        .correlate(Summary)
        .scalar_subquery()
    )
    return (
        Summary.cards()
        .where(Summary.document_id != here, Summary.document_id.in_(candidates))
        .order_by(named.desc(), shared.desc(), *ordered_by("newest"))
        .limit(bindparam("limit"))
    )


def _newest_in(category_id: Any) -> Select[int]:
    in_it = exists().where(CategoryLink.document_id == Summary.document_id, CategoryLink.category_id == category_id)
    return select(Summary.document_id).where(in_it).order_by(*ordered_by("newest")).limit(NEAR)
