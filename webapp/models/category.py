"""A category: what a summary is about, in a group of its kind."""

from __future__ import annotations

from sqlalchemy import String
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
