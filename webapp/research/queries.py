"""The newest summaries, and one summary with all it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, load_only

from webapp.documents.schema import SummaryContent, parse_as
from webapp.extensions import db
from webapp.models import Category, CategoryLink, Document, Revision, Summary
from webapp.models.summary import ordered_by
from webapp.site import site_language


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
        joinedload(Summary.watched),
        load_only(Revision.content, Revision.schema_version, raiseload=True),
    )
    .where(Summary.slug == bindparam("slug"))
    .order_by((Summary.language == bindparam("language")).desc())
)


def cards_by_key(keys: Sequence[str]) -> dict[str, Summary]:
    """The public summaries with these keys, in their order, as cards show them; no statement where there are none."""
    if not keys:
        return {}
    rows = Summary.cards().where(Summary.key.in_(keys), Summary.language == site_language())
    found = {summary.key: summary for summary in db.session.scalars(rows)}
    return {key: found[key] for key in keys if key in found}
