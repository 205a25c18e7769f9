"""A summary: our page about one study."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from sqlalchemy import JSON, ColumnElement, ForeignKey, Select, String, and_, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from webapp import clock
from webapp.database import Base
from webapp.models.category import Category
from webapp.models.study import Study


class Implication(TypedDict):
    title: str
    text: str


class CategoryLink(Base):
    """A summary's place in a category; the first one names the way back from the page."""

    __tablename__ = "summary_categories"

    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(
        ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]
    category: Mapped[Category] = relationship(lazy="raise")

    def __init__(self, category: Category, position: int = 0) -> None:
        self.category = category
        self.position = position


class Summary(Base):
    """A plain summary of one study, in the order a reader meets its parts."""

    __tablename__ = "summaries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(70), unique=True)
    slug: Mapped[str] = mapped_column(String(70), unique=True)
    title: Mapped[str]
    description: Mapped[str]
    published_on: Mapped[dt.date] = mapped_column(index=True)
    checked_on: Mapped[dt.date]
    is_draft: Mapped[bool]
    author: Mapped[str]
    reviewer: Mapped[str | None]
    related: Mapped[list[str]] = mapped_column(JSON)
    support_note: Mapped[bool]
    exception: Mapped[str | None]
    rests_on: Mapped[str]
    simple_explanation: Mapped[str]
    key_findings: Mapped[list[str]] = mapped_column(JSON)
    research_summary: Mapped[str]
    implications: Mapped[list[Implication]] = mapped_column(JSON)
    limitations: Mapped[list[str]] = mapped_column(JSON)
    harms: Mapped[str | None]
    reading_grade: Mapped[float]
    """Flesch-Kincaid grade of the Simple Explanation, worked out when the summary is saved."""
    loaded_digest: Mapped[str | None]
    """Digest of the file this summary was last loaded from; tells whether it was changed here since."""

    changed_after_feedback: Mapped[dt.date | None]
    """The day the summary was changed because of what readers said, when the owner says so."""

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), unique=True)
    study: Mapped[Study] = relationship(lazy="raise", cascade="all, delete-orphan", single_parent=True)
    category_links: Mapped[list[CategoryLink]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=CategoryLink.position
    )
    categories: AssociationProxy[list[Category]] = association_proxy("category_links", "category")

    @classmethod
    def is_public(cls) -> ColumnElement[bool]:
        """Whether readers may see a summary: the one condition, in every statement that draws them."""
        return and_(cls.is_draft.is_(False), cls.published_on <= clock.today())

    @classmethod
    def public(cls) -> Select[Summary]:
        """Every public summary with its study, to be narrowed and ordered: the beginning of each list of readers."""
        return select(cls).join(cls.study).options(contains_eager(cls.study)).where(cls.is_public())


class OldSlug(Base):
    """A slug that was once a summary's: it leads to the summary, or says that it is gone."""

    __tablename__ = "old_slugs"

    slug: Mapped[str] = mapped_column(String(70), primary_key=True)
    summary_id: Mapped[int | None] = mapped_column(ForeignKey("summaries.id", ondelete="SET NULL"), index=True)
