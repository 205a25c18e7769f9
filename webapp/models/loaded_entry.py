"""The lists beside the documents as files had them: held against what is here, they tell what the owner changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class LoadedEntry(Base):
    """A category or a term as the last file had it. One that is here and not in its list was deleted by the owner."""

    __tablename__ = "loaded_entries"

    list_name: Mapped[str] = mapped_column(String(10), primary_key=True)
    """categories or terms"""
    slug: Mapped[str] = mapped_column(String(70), primary_key=True)
    position: Mapped[int]
    entry: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Its columns, but for slug and position."""
