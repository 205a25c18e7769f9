"""A category: what a summary is about, in a group of its kind."""

from __future__ import annotations

from sqlalchemy import Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class Category(Base):
    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(70), unique=True)
    name: Mapped[str]
    description: Mapped[str]
    group: Mapped[str]
    position: Mapped[int]
    leads_to: Mapped[str | None] = mapped_column(String(70))
    """Slug of the category that has taken its place, or EVERYTHING; None of a category that is one. Its name stays
    findable, and what named it is found there.
    """

    @classmethod
    def listed(cls) -> Select[Category]:
        """Those that readers choose from, in their order."""
        return select(cls).where(cls.leads_to.is_(None)).order_by(cls.position)


EVERYTHING = "everything"
"""Where a name leads that means the whole field: to Latest Research."""
