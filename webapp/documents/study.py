"""The schema of a study: the facts of a paper, and what it measured."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, StringConstraints, model_validator

from webapp.documents.fields import Amount, AtLeastOne, Count, Date, DesignKey, Doi, Schema, Slug, Text, TrialPhase
from webapp.documents.origin import Origin
from webapp.editorial.injury import InjuryPhase
from webapp.editorial.results import Direction, Role, Topic

P_VALUE = r"^([<>=≤≥]? ?(0|1|0?\.\d+|1\.0+)|\D{1,40})$"
"""A number between 0 and 1, or words such as "not significant"."""
Certainty = Literal["high", "moderate", "low", "very low"]
"""GRADE's four words for how sure one can be of a result."""


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

    count: Count
    of: Annotated[AtLeastOne, Field(le=100)]
    words: Text

    @model_validator(mode="after")
    def _part_of_the_whole(self) -> Pictogram:
        if self.count > self.of:
            raise ValueError("`count` is at most `of`")
        return self


class Group(Schema):
    """One group of an outcome, and what was measured in it. What is not known is left out."""

    name: Text
    people: AtLeastOne | None = None
    """How many were measured."""
    count: Count | None = None
    """How many of them it happened to."""
    events: Count | None = None
    """How often it happened, where that is not a number of people."""
    percent: Annotated[Amount, Field(ge=0, le=100)] | None = None
    mean: Amount | None = None
    spread: Annotated[Amount, Field(ge=0)] | None = None
    """Standard deviation of the mean or the change."""
    median: Amount | None = None
    change: Amount | None = None
    """Mean change from the start."""

    @model_validator(mode="after")
    def _count_within_people(self) -> Group:
        if self.people is not None and self.count is not None and self.count > self.people:
            raise ValueError("`count` is at most `people`: it is how many of them it happened to")
        return self


class Effect(Schema):
    """The difference between the groups, as the paper gives it."""

    kind: Text
    """Such as mean difference, risk ratio, odds ratio (adjusted)."""
    value: Amount | None = None
    low: Amount | None = None
    high: Amount | None = None
    """The ends of its range, a 95 % confidence interval unless `kind` says otherwise."""
    p: Annotated[str, StringConstraints(strip_whitespace=True, pattern=P_VALUE)] | None = None
    """As it is written: 0.03, <0.001."""
    ours: bool = False
    """Whether we worked the value out from the groups."""

    @property
    def holds_no_difference(self) -> bool:
        """Whether its range holds "no difference" (0, or 1 of a ratio), or its p is above 0.05."""
        if self.low is not None and self.high is not None and re.search("ratio|difference", self.kind):
            return self.low < (1 if "ratio" in self.kind else 0) < self.high
        found = re.fullmatch(r"[=>≥]? ?(\d?\.\d+|1|0)", self.p or "")
        return found is not None and Decimal(found[1]) > Decimal("0.05")

    @model_validator(mode="after")
    def _in_order(self) -> Effect:
        if (self.low is None) != (self.high is None):
            raise ValueError("a range has both `low` and `high`")
        ends: list[Decimal] = [end for end in (self.low, self.value, self.high) if end is not None]
        if ends != sorted(ends):
            raise ValueError("`low`, `value` and `high` stand in this order, the smallest first")
        return self


class Outcome(Schema):
    """One thing the study measured."""

    name: Text
    """In everyday words: Leaks in a day."""
    measure: Text
    better: Literal["higher", "lower"] | None = None
    """Which way of the measure is better for the person; unknown where neither is."""
    topic: Topic
    role: Role
    subgroup: Text | None = None
    """In whom, when it was not everybody."""
    when: Text | None = None
    groups: list[Group] = Field(min_length=1)
    effect: Effect | None = None
    direction: Direction
    """How those with the treatment did beside the others."""
    certainty: Certainty | None = None
    """As the paper itself says it in GRADE's words."""
    source: Origin
    """The record in which it can be read, and what of it was read."""
    from_study: Text | None = None
    """Which other study it was measured in, when it was not this one: told in words, never drawn, never a result."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Outcome:
        if self.subgroup and self.role == "main":
            raise ValueError("a subgroup is never a main outcome; write `role: secondary`, or `harm`")
        if self.direction in {"better", "worse"} and self.effect and self.effect.holds_no_difference:
            raise ValueError(
                f"`direction: {self.direction}` tells more than the study shows: its range or its p could be that of no"
                " difference; write `no clear difference`"
            )
        names = [group.name for group in self.groups]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"the group “{twice}” stands twice; each group of an outcome has its own name")
        return self


class InPeople(Schema):
    """Whether an idea that was tested in animals or cells was tested in people elsewhere, as far as we know."""

    text: Text
    summaries: list[Slug] = Field(default_factory=list)
    """Keys of summaries that tell of it."""


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
    design: DesignKey
    kind_note: Text | None = None
    """How it was done, where the sentence about its kind (editorial/designs.py) is not true of it."""
    in_people: InPeople | None = None
    trial_phase: TrialPhase | None = None
    subjects: Text = "people"
    participants: AtLeastOne | None = None
    participants_unit: Text = "people"
    population: Text
    compared_with: Text
    duration: Text | None = None
    injury_phases: list[InjuryPhase] = Field(default_factory=list)
    injury_level: Text | None = None
    injury_severity: Text | None = None
    harms: Text | None = None
    pictogram: Pictogram | None = None
    """Of older texts. Drawn no more: what is drawn follows from the outcomes (research/pictures.py)."""
    funding: Text | None = None
    conflicts: Text | None = None
    notice: Notice | None = None
    sources: list[Source] = Field(min_length=1)
    intervention: Annotated[Text, StringConstraints(max_length=80)] | None = None
    """A short plain name of what was tested."""
    analysed: AtLeastOne | None = None
    """How many people (or animals) the main result rests on."""
    outcomes: list[Outcome] = Field(default_factory=list)

    @property
    def is_retracted(self) -> bool:
        return self.notice is not None and self.notice.kind == "retraction"

    @property
    def own_outcomes(self) -> list[Outcome]:
        """What was measured in this study, and not in another."""
        return [outcome for outcome in self.outcomes if not outcome.from_study]
