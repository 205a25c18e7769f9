"""A glossary term in plain words."""

from __future__ import annotations

from sqlalchemy import JSON, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class Term(Base):
    __tablename__ = "terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(70), unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    also: Mapped[list[str]] = mapped_column(JSON)
    definition: Mapped[str]
    source: Mapped[str | None]
    is_checked: Mapped[bool]
    """Whether the definition was held against its source."""
    leads_to: Mapped[str | None] = mapped_column(String(70))
    """Slug of the term that has taken its place, and has its names; None of a term that readers see."""

    @classmethod
    def listed(cls) -> Select[Term]:
        """Those that readers see, from A to Z."""
        return select(cls).where(cls.leads_to.is_(None)).order_by(func.lower(cls.name))

    @property
    def names(self) -> list[str]:
        """The term and its other names."""
        return [self.name, *self.also]
