"""The paper a public summary is about: its facts, and what it measured. Written by documents/projection.py alone."""

from __future__ import annotations

from typing import Any, TypedDict

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, PartialDateType
from webapp.editorial.dates import PartialDate
from webapp.editorial.evidence import Appraisal, appraise
from webapp.editorial.results import as_comparison


class Pictogram(TypedDict):
    count: int
    of: int
    words: str


class Source(TypedDict):
    where: str
    seen: str


class Study(Base):
    """One published study. Unknown facts are None, never guessed."""

    __tablename__ = "studies"

    document_id: Mapped[int] = mapped_column(ForeignKey("summaries.document_id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str]
    authors: Mapped[list[str]] = mapped_column(JSON)
    authors_complete: Mapped[bool]
    journal: Mapped[str | None]
    published: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    citation: Mapped[str | None]
    doi: Mapped[str | None] = mapped_column(index=True)
    """One summary a language: held when it is published, not here, where an older site may hold two."""
    pmid: Mapped[str | None]
    pmcid: Mapped[str | None]
    registrations: Mapped[list[str]] = mapped_column(JSON)
    countries: Mapped[list[str]] = mapped_column(JSON)
    design: Mapped[str]
    trial_phase: Mapped[str | None]
    subjects: Mapped[str]
    participants: Mapped[int | None]
    participants_unit: Mapped[str]
    population: Mapped[str]
    compared_with: Mapped[str]
    duration: Mapped[str | None]
    injury_level: Mapped[str | None]
    injury_severity: Mapped[str | None]
    harms: Mapped[str | None]
    pictogram: Mapped[Pictogram | None] = mapped_column(JSON(none_as_null=True))
    funding: Mapped[str | None]
    conflicts: Mapped[str | None]
    notice: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sources: Mapped[list[Source]] = mapped_column(JSON)
    intervention: Mapped[str | None]
    analysed: Mapped[int | None]

    @property
    def is_retracted(self) -> bool:
        return self.notice is not None and self.notice["kind"] == "retraction"

    @property
    def is_corrected(self) -> bool:
        return self.notice is not None and self.notice["kind"] == "correction"

    @property
    def people(self) -> str:
        """How many took part, in words; empty when that is not known."""
        if self.participants is None:
            return ""
        is_one_person = self.participants == 1 and self.participants_unit == "people"
        return "1 person" if is_one_person else f"{self.participants:,} {self.participants_unit}"

    @property
    def comparison(self) -> str:
        """What the treatment was compared with, as the end of a sentence: "a dummy drug (placebo)"."""
        return as_comparison(self.compared_with)

    @property
    def evidence(self) -> Appraisal:
        """Level, stage and cautions, derived from the design."""
        return appraise(
            self.design,
            participants=self.participants,
            subjects=self.subjects,
            trial_phase=self.trial_phase,
            is_retracted=self.is_retracted,
        )


class Outcome(Base):
    """One thing a study measured, for tables that put studies beside each other."""

    __tablename__ = "outcomes"

    document_id: Mapped[int] = mapped_column(ForeignKey("studies.document_id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    measure: Mapped[str]
    better: Mapped[str | None] = mapped_column(String(6))
    topic: Mapped[str] = mapped_column(String(30), index=True)
    role: Mapped[str] = mapped_column(String(10))
    subgroup: Mapped[str | None]
    when: Mapped[str | None]
    groups: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    effect: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    direction: Mapped[str] = mapped_column(String(20))
    certainty: Mapped[str | None] = mapped_column(String(10))
    source: Mapped[str]
    """The record in which it can be read."""
    source_read: Mapped[str | None] = mapped_column(String(20))
    """What of it was read."""
    source_place: Mapped[str | None]
