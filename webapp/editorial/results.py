"""The result of a study: what its planned main test showed in everybody analysed. Derived, never typed.

It is neither the stage (how far an idea has come) nor the strength (the kind of study). Safety and subgroups never
make it: a treatment can be safe and not work, and one of many subgroups can look good by luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from webapp.editorial.designs import DESIGNS

Role = Literal["main", "secondary", "harm"]
Direction = Literal["better", "worse", "no clear difference", "mixed", "described", "uncontrolled change"]
Topic = Literal[
    "hand-and-arm-use",
    "walking-and-standing",
    "bladder",
    "bowel",
    "pain",
    "spasticity",
    "skin",
    "breathing",
    "heart-and-blood-pressure",
    "sex-and-family",
    "mood-and-daily-life",
    "injury-grade",
    "safety",
    "survival",
]
"""What an outcome is about: what people want back, the grade of the injury, harm, and to stay alive."""


class ResultKind(StrEnum):
    """One of eight, each with a sign of its own."""

    BETTER = "better"
    NO_DIFFERENCE = "no-clear-difference"
    WORSE = "worse"
    MIXED = "mixed"
    CANNOT_TELL = "cannot-tell"
    PRECLINICAL = "preclinical"
    DESCRIBES = "describes"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Where no comparison is named: in a list to choose from, in a table."""
        return _LABELS[self]

    @property
    def sign(self) -> str:
        return _SIGNS[self]


_LABELS = {
    ResultKind.BETTER: "Did better",
    ResultKind.NO_DIFFERENCE: "No clear difference",
    ResultKind.WORSE: "Did worse",
    ResultKind.MIXED: "Mixed results",
    ResultKind.CANNOT_TELL: "Cannot tell",
    ResultKind.PRECLINICAL: "Animals or cells only",
    ResultKind.DESCRIBES: "Describes, tests no treatment",
    ResultKind.WITHDRAWN: "Withdrawn",
}
_SIGNS = dict(zip(ResultKind, "▲=▼◆?○▤✕", strict=True))
_COMPARED = {ResultKind.BETTER, ResultKind.NO_DIFFERENCE, ResultKind.WORSE, ResultKind.MIXED}
_OF_DIRECTION = {
    "better": ResultKind.BETTER,
    "no clear difference": ResultKind.NO_DIFFERENCE,
    "worse": ResultKind.WORSE,
    "mixed": ResultKind.MIXED,
}


class Outcome(Protocol):
    """What of an outcome counts here (documents/study.py has all of it)."""

    @property
    def topic(self) -> Topic: ...
    @property
    def role(self) -> Role: ...
    @property
    def subgroup(self) -> str | None: ...
    @property
    def direction(self) -> Direction: ...


@dataclass(frozen=True)
class Result:
    """What the main test of a study showed."""

    kind: ResultKind
    why: str = ""
    """Why it cannot tell; empty for every other kind."""
    caveat: str = ""
    """What has to stand beside it."""

    def words(self, comparison: str) -> str:
        """The result in words; `comparison` is what the treatment was compared with."""
        if self.kind in {ResultKind.BETTER, ResultKind.WORSE} and comparison:
            return f"{self.kind.label} than {comparison}"
        return f"{self.kind.label}: {self.why}" if self.why else self.kind.label


def result_of(design: str, outcomes: Sequence[Outcome], *, is_retracted: bool = False) -> Result | None:
    """The result of a study. `design` is a key of DESIGNS.

    None while its outcomes are not written down and the kind of study does not settle it: nothing is said then.
    """
    if is_retracted:
        return Result(ResultKind.WITHDRAWN)
    if settled := _of_design(design):
        return settled
    if not outcomes:
        return None
    found = _of_main(outcomes, is_review=DESIGNS[design].is_review)
    if found.kind in _COMPARED and (caveat := DESIGNS[design].not_by_chance):
        return Result(found.kind, found.why, f"{caveat[0].upper()}{caveat[1:]}.")
    return found


def _of_design(key: str) -> Result | None:
    """What the kind of study settles, whatever was measured."""
    design = DESIGNS[key]
    if design.is_preclinical:
        return Result(ResultKind.PRECLINICAL)
    if design.stage is None:
        return Result(ResultKind.DESCRIBES)
    return Result(ResultKind.CANNOT_TELL, design.not_compared) if design.not_compared else None


def _can_make_a_result(outcome: Outcome) -> bool:
    """Safety never makes one. To live longer can be what a treatment is for: then the groups were compared in it."""
    return outcome.topic != "safety" and (outcome.topic != "survival" or outcome.direction in _OF_DIRECTION)


def _of_main(outcomes: Sequence[Outcome], *, is_review: bool) -> Result:
    main = [outcome for outcome in outcomes if outcome.role == "main" and not outcome.subgroup]
    telling = [outcome for outcome in main if _can_make_a_result(outcome)]
    if not main:
        return Result(ResultKind.CANNOT_TELL, "the planned main test is not known")
    if not telling:
        topics = " and ".join(sorted({outcome.topic for outcome in main}))
        return Result(ResultKind.CANNOT_TELL, f"the main test was of {topics}")
    directions = {outcome.direction for outcome in telling}
    if directions & {"uncontrolled change", "described"}:
        why = "the trials were not added up" if is_review else "the groups were not compared with each other"
        return Result(ResultKind.CANNOT_TELL, why)
    if len(directions) > 1:
        return Result(ResultKind.MIXED)
    return Result(_OF_DIRECTION[directions.pop()])


def as_comparison(compared_with: str) -> str:
    """What the treatment was compared with, as the end of a sentence: "a dummy drug (placebo)"."""
    first = compared_with.partition(":")[0]
    is_name = first[1:2].isupper()  # EMG, AIS
    return first if is_name else first[:1].lower() + first[1:]
