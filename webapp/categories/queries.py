"""Categories and how many summaries each holds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Category, CategoryLink, Summary


@dataclass(frozen=True)
class Counted:
    category: Category
    count: int


def counted_categories() -> dict[str, list[Counted]]:
    """All categories by group, in their order, each with its number of public summaries."""
    count = (
        select(func.count())
        .select_from(CategoryLink)
        .join(Summary, Summary.id == CategoryLink.summary_id)
        .where(CategoryLink.category_id == Category.id, Summary.is_public())
        .scalar_subquery()
    )
    groups: dict[str, list[Counted]] = {}
    for category, number in db.session.execute(select(Category, count).order_by(Category.position)):
        groups.setdefault(category.group, []).append(Counted(category, number))
    return groups
