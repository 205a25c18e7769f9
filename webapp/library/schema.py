"""The schema of a summary file: which fields its front matter has, which sections its text has."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from webapp.editorial.dates import PartialDate
from webapp.editorial.designs import DESIGNS
from webapp.editorial.injury import InjuryPhase
from webapp.editorial.sections import FIELDS, SECTIONS

MAX_TEXT_LENGTH = 20_000
"""Characters of one field or section. The page is drawn from it at each request, so it has to have an end."""
FIRST_YEAR, LAST_YEAR = 1800, 2999
"""The years that a date can lie in; others are slips of the hand."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_LENGTH)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=70)]
Doi = Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")]
Count = Annotated[int, Field(strict=True, le=1_000_000_000)]
"""A number of people. `true`, 40.0 and "40" are none."""


def _paper_date(value: object) -> PartialDate:
    date = PartialDate.parse(value)
    _in_range(date.year)
    return date


def _page_date(value: object) -> object:
    """A day. Without this a number would be taken for the seconds since 1970."""
    if isinstance(value, str | bool | int | float) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        raise ValueError("write a day such as 2024-03-06")
    if isinstance(value, dt.date):
        _in_range(value.year)
    return value


def _in_range(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"write a year between {FIRST_YEAR} and {LAST_YEAR}")


def _known_design(key: object) -> object:
    if not isinstance(key, str) or key not in DESIGNS:
        raise ValueError("use one of: " + ", ".join(DESIGNS))
    return key


def _known_phase(phase: object) -> str:
    # The stage is derived from it, so "Phase I" must not pass for something later than "1".
    if not re.fullmatch(r"[0-4][ab]?(/[0-4][ab]?)?", str(phase)):
        raise ValueError("write the phase as 1, 1/2, 2b or 3")
    return str(phase)


Date = Annotated[PartialDate, BeforeValidator(_paper_date), PlainSerializer(str)]
Day = Annotated[dt.date, BeforeValidator(_page_date)]


class Schema(BaseModel):
    """Unknown fields are faults: most are misspelled known ones."""

    model_config = ConfigDict(
        extra="forbid", coerce_numbers_to_str=True, arbitrary_types_allowed=True, use_enum_values=True, frozen=True
    )


class Source(Schema):
    """Something we read: where it was, and what of the study could be seen there."""

    where: Text
    seen: Text


class Notice(Schema):
    """A retraction or correction issued after the paper came out."""

    kind: Literal["retraction", "correction"]
    issued: Date | None = None
    by: Text | None = None
    citation: Text | None = None
    doi: Doi | None = None
    url: HttpUrl | None = None
    reasons: list[Text] = Field(default_factory=list)


class Pictogram(Schema):
    """So many of so many people, drawn as figures: 4 of 9 people moved a little better."""

    count: Annotated[Count, Field(ge=0)]
    of: Annotated[Count, Field(ge=1, le=100)]
    words: Text

    @model_validator(mode="after")
    def _part_of_the_whole(self) -> Pictogram:
        if self.count > self.of:
            raise ValueError("`count` is at most `of`")
        return self


class Study(Schema):
    """The facts of the paper."""

    title: Text
    authors: list[Text] = Field(default_factory=list)
    authors_complete: bool = False
    journal: Text | None = None
    published: Date | None = None
    citation: Text | None = None
    doi: Doi | None = None
    pmid: Annotated[str, StringConstraints(pattern=r"^\d+$")] | None = None
    pmcid: Annotated[str, StringConstraints(pattern=r"^PMC\d+$")] | None = None
    registrations: list[Text] = Field(default_factory=list)
    countries: list[Text] = Field(default_factory=list)
    design: Annotated[str, BeforeValidator(_known_design)]
    trial_phase: Annotated[str, BeforeValidator(_known_phase)] | None = None
    subjects: Text = "people"
    participants: Annotated[Count, Field(ge=1)] | None = None
    participants_unit: Text = "people"
    population: Text
    compared_with: Text
    duration: Text | None = None
    injury_phases: list[InjuryPhase] = Field(default_factory=list)
    injury_level: Text | None = None
    injury_severity: Text | None = None
    harms: Text | None = None
    pictogram: Pictogram | None = None
    funding: Text | None = None
    conflicts: Text | None = None
    notice: Notice | None = None
    sources: list[Source] = Field(min_length=1)


class FrontMatter(Schema):
    """The page's own fields, named as Hugo and Jekyll name them, and the study's under `study`."""

    title: Text
    description: Text
    slug: Slug | None = None
    date: Day
    lastmod: Day
    draft: bool = False
    author: Text
    reviewer: Text | None = None
    categories: list[Slug] = Field(min_length=1)
    related: list[Slug] = Field(default_factory=list)
    support_note: bool = False
    exception: Text | None = None
    changed_after_feedback: Day | None = None
    rests_on: Text
    study: Study


class Implication(Schema):
    title: Text
    text: Text


class SummaryFile(Schema):
    """One whole summary. `key` is the file's name without `.md` and names the summary for good."""

    key: Slug
    front: FrontMatter
    simple_explanation: Text
    key_findings: list[Text] = Field(min_length=1)
    research_summary: Text
    implications: list[Implication] = Field(min_length=1)
    limitations: list[Text] = Field(default_factory=list)
    harms: Text | None = None

    @property
    def sections(self) -> dict[str, str]:
        """The prose by heading, as a reader meets it."""
        values = self.model_dump(include=set(FIELDS))
        texts = {section.heading: "\n\n".join(section.texts(values[section.field])) for section in SECTIONS}
        return {"In one sentence": self.front.description} | texts
