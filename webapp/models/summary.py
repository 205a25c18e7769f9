"""What lists know of a public summary: one row for each, written by documents/projection.py alone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from webapp.database import Base, PartialDateType
from webapp.editorial.dates import PartialDate
from webapp.editorial.results import Result, ResultKind
from webapp.models.category import Category
from webapp.models.document import Correction
from webapp.models.study import Study


class CategoryLink(Base):
    """A summary's place in a category; the first one names the way back from the page."""

    __tablename__ = "summary_categories"

    document_id: Mapped[int] = mapped_column(ForeignKey("summaries.document_id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(
        ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]
    category: Mapped[Category] = relationship(lazy="raise")


class PhaseLink(Base):
    """A phase of the injury that a summary is about."""

    __tablename__ = "summary_phases"

    document_id: Mapped[int] = mapped_column(ForeignKey("summaries.document_id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(10), primary_key=True, index=True)


class TermLink(Base):
    """A glossary term that the prose of a summary uses."""

    __tablename__ = "summary_terms"

    document_id: Mapped[int] = mapped_column(ForeignKey("summaries.document_id", ondelete="CASCADE"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"), primary_key=True, index=True)


class RelatedLink(Base):
    """A summary that another names as related: by its key, so that it may be written later."""

    __tablename__ = "summary_related"

    document_id: Mapped[int] = mapped_column(ForeignKey("summaries.document_id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(70), primary_key=True, index=True)
    position: Mapped[int]


class Summary(Base):
    """A public summary in a list. Its text is the live revision of its document."""

    __tablename__ = "summaries"
    __table_args__ = (UniqueConstraint("language", "slug"), Index(None, "published_on", "paper_date"))

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(70), index=True)
    language: Mapped[str] = mapped_column(String(35))
    slug: Mapped[str] = mapped_column(String(70))
    title: Mapped[str]
    description: Mapped[str]
    author: Mapped[str]
    published_on: Mapped[dt.date]
    checked_on: Mapped[dt.date]
    changed_after_feedback: Mapped[dt.date | None]
    level: Mapped[int | None] = mapped_column(index=True)
    """On the Oxford ladder; None when it is not on it."""
    stage: Mapped[str | None] = mapped_column(String(20), index=True)
    result: Mapped[str | None] = mapped_column(String(20), index=True)
    """A ResultKind; None while the outcomes of the study are not written down."""
    result_why: Mapped[str]
    """Why it cannot tell; empty for other results."""
    result_caveat: Mapped[str]
    paper_date: Mapped[PartialDate | None] = mapped_column(PartialDateType, index=True)
    participants: Mapped[int | None] = mapped_column(index=True)
    notice: Mapped[str | None] = mapped_column(String(10))
    """retraction or correction of the paper."""
    reading_grade: Mapped[float]
    """Flesch-Kincaid grade of the Simple Explanation."""

    study: Mapped[Study] = relationship(lazy="raise", viewonly=True)
    category_links: Mapped[list[CategoryLink]] = relationship(
        lazy="raise", order_by=CategoryLink.position, viewonly=True
    )
    corrections: Mapped[list[Correction]] = relationship(
        lazy="raise",
        primaryjoin="foreign(Correction.document_id) == Summary.document_id",
        order_by=Correction.corrected_at.desc(),
        viewonly=True,
    )
    """Mistakes of ours that were put right, the newest first."""
    categories: AssociationProxy[list[Category]] = association_proxy("category_links", "category")

    @classmethod
    def public(cls) -> Select[Summary]:
        """Every public summary with its study, to be narrowed and ordered: the beginning of each list of readers.

        There is a row for each public document and for no other, so nothing is left out here.
        """
        return select(cls).join(cls.study).options(contains_eager(cls.study))

    @property
    def result_kind(self) -> ResultKind | None:
        return ResultKind(self.result) if self.result else None

    @property
    def result_words(self) -> str:
        """The result in words, with what the treatment was compared with; the study must be loaded."""
        kind = self.result_kind
        return Result(kind, self.result_why).words(self.study.comparison) if kind else ""


class FacetCount(Base):
    """How many public summaries have these values; '' stands for any."""

    __tablename__ = "facet_counts"

    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    category: Mapped[str] = mapped_column(String(70), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[str] = mapped_column(String(4), primary_key=True)
    phase: Mapped[str] = mapped_column(String(10), primary_key=True)
    result: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]
