"""What lists know of a public summary: one row for each, written by documents/projection.py alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import InstrumentedAttribute, Mapped, contains_eager, load_only, mapped_column, relationship

from webapp.database import Base, PartialDateType
from webapp.editorial.dates import PartialDate
from webapp.editorial.results import Result, ResultKind
from webapp.models.category import Category
from webapp.models.document import Correction
from webapp.models.study import Study
from webapp.models.watch import WatchedPaper


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


class Summary(Base):
    """A public summary in a list. Its text is the live revision of its document."""

    __tablename__ = "summaries"
    __table_args__ = (UniqueConstraint("language", "slug"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(70), index=True)
    language: Mapped[str] = mapped_column(String(35))
    slug: Mapped[str] = mapped_column(String(70), index=True)
    title: Mapped[str]
    description: Mapped[str]
    author: Mapped[str]
    published_on: Mapped[dt.date]
    checked_on: Mapped[dt.date]
    changed_after_feedback: Mapped[dt.date | None]
    level: Mapped[int | None]
    """On the Oxford ladder; None when it is not on it."""
    stage: Mapped[str | None] = mapped_column(String(20))
    result: Mapped[str | None] = mapped_column(String(20))
    """A ResultKind; None while the outcomes of the study are not written down."""
    result_why: Mapped[str]
    """Why it cannot tell; empty for other results."""
    result_caveat: Mapped[str]
    paper_date: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    participants: Mapped[int | None]
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
    """Mistakes of ours that were put right, and notices that were put up, the newest first."""
    watched: Mapped[WatchedPaper | None] = relationship(
        lazy="raise",
        primaryjoin="foreign(WatchedPaper.document_id) == Summary.document_id",
        uselist=False,
        viewonly=True,
    )
    """What became of the paper, as far as it was looked for."""
    categories: AssociationProxy[list[Category]] = association_proxy("category_links", "category")

    @classmethod
    def public(cls) -> Select[Summary]:
        """Every public summary with its study, to be narrowed and ordered: the beginning of each list of readers.

        There is a row for each public document and for no other, so nothing is left out here.
        """
        return select(cls).join(cls.study).options(contains_eager(cls.study))

    @classmethod
    def cards(cls, *also: InstrumentedAttribute[Any]) -> Select[Summary]:
        """`public`, with what a card shows, and `also` these columns of the study: anything else of a summary raises
        an error when it is asked for.
        """
        about = (Study.notice, Study.design, Study.trial_phase, Study.subjects, Study.published, Study.compared_with)
        people = (Study.participants, Study.participants_unit)
        result = (cls.result, cls.result_why)
        return cls.public().options(
            load_only(cls.key, cls.slug, cls.title, cls.description, *result, raiseload=True),
            contains_eager(cls.study).load_only(*about, *people, *also, raiseload=True),
        )

    @property
    def result_kind(self) -> ResultKind | None:
        return ResultKind(self.result) if self.result else None

    @property
    def result_sentence(self) -> str:
        """The result where there is no shape: in letters and feeds; empty while it is not known."""
        return f"Result: {self.result_words}." if self.result else ""

    @property
    def result_words(self) -> str:
        """The result in words, with what the treatment was compared with; the study must be loaded."""
        kind = self.result_kind
        return Result(kind, self.result_why).words(self.study.comparison) if kind else ""


_PAPER = ((Summary.paper_date, True), (Summary.document_id, False))
"""The newest paper first; one of which only the year is known stands below the days of that year."""
_ORDERS: dict[str, tuple[tuple[Any, bool], ...]] = {
    "latest": ((Summary.published_on, True), *_PAPER),
    "newest": _PAPER,
    "oldest": ((Summary.paper_date, False), (Summary.document_id, False)),
    "evidence": ((Summary.level, False), *_PAPER),
    "people": ((Summary.participants, True), *_PAPER),
}
"""How lists are ordered: columns, and whether each goes down. Each order has its index, so that a page of it is read
and nothing is sorted.
"""


def ordered_by(name: str, *, is_backwards: bool = False) -> list[ColumnElement[Any]]:
    """An order for a statement; what is not known comes last, or first when read backwards."""
    columns = []
    for column, is_descending in _ORDERS[name]:
        turned = column.desc() if is_descending != is_backwards else column.asc()
        if column.expression.nullable:  # of others SQLite would sort, to be sure
            turned = turned.nulls_first() if is_backwards else turned.nulls_last()
        columns.append(turned)
    return columns


_BY_PAPER = (Summary.paper_date.desc().nulls_last(), Summary.document_id)
_NARROWED = (Summary.stage, Summary.level, Summary.result)
"""What lists are narrowed by stands in each index, so that no row is looked at in vain."""
Index("ix_summaries_latest", Summary.published_on.desc(), *_BY_PAPER)
Index("ix_summaries_newest", *_BY_PAPER, *_NARROWED)
Index("ix_summaries_oldest", Summary.paper_date, Summary.document_id, *_NARROWED)
Index("ix_summaries_evidence", Summary.level, *_BY_PAPER, Summary.stage, Summary.result)
Index("ix_summaries_people", Summary.participants.desc().nulls_last(), *_BY_PAPER, *_NARROWED)


class FacetCount(Base):
    """How many public summaries have these values; '' stands for any."""

    __tablename__ = "facet_counts"

    category: Mapped[str] = mapped_column(String(70), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[str] = mapped_column(String(4), primary_key=True)
    phase: Mapped[str] = mapped_column(String(10), primary_key=True)
    result: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]
