"""A glossary term in plain words."""

from __future__ import annotations

from sqlalchemy import JSON, String
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

    @property
    def names(self) -> list[str]:
        """The term and its other names."""
        return [self.name, *self.also]
