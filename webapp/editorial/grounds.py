"""What a summary and its study hold that claims are judged by, and what the study gives no ground to say.

Each reason is half a sentence, so that it can follow "because".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from webapp.editorial import results
from webapp.editorial.designs import DESIGNS, Design
from webapp.editorial.results import Result, result_of

FEW = 100
"""People; fewer, with nobody to compare them with, are too few to show that a treatment is safe. Our own line."""
_INDIRECT = re.compile(r"network|indirect|across (?:the )?trials", re.IGNORECASE)


class Group(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def people(self) -> int | None: ...
    @property
    def count(self) -> int | None: ...
    @property
    def events(self) -> int | None: ...
    @property
    def percent(self) -> Decimal | None: ...


class Effect(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def low(self) -> Decimal | None: ...


class Outcome(results.Outcome, Protocol):
    @property
    def name(self) -> str: ...
    @property
    def groups(self) -> Sequence[Group]: ...
    @property
    def effect(self) -> Effect | None: ...
    @property
    def certainty(self) -> str | None: ...


class Study(Protocol):
    """What of a study counts here (documents/study.py has all of it)."""

    @property
    def design(self) -> str: ...
    @property
    def subjects(self) -> str: ...
    @property
    def participants(self) -> int | None: ...
    @property
    def intervention(self) -> str | None: ...
    @property
    def is_retracted(self) -> bool: ...
    @property
    def own_outcomes(self) -> Sequence[Outcome]: ...


class Implication(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...


class KeyFinding(Protocol):
    @property
    def text(self) -> str: ...


class Summary(Protocol):
    """What of a summary is judged here (documents/schema.py has all of it)."""

    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def simple_explanation(self) -> str: ...
    @property
    def key_findings(self) -> Sequence[KeyFinding]: ...
    @property
    def harms(self) -> str | None: ...
    @property
    def implications(self) -> Sequence[Implication]: ...
    @property
    def limitations(self) -> Sequence[str]: ...
    @property
    def research_summary(self) -> str: ...
    @property
    def study(self) -> Study: ...


def design_of(study: Study) -> Design:
    return DESIGNS[study.design]


def tests_a_treatment_in_people(study: Study) -> bool:
    design = design_of(study)
    return design.stage is not None and not design.is_preclinical and not study.is_retracted


def result_in(study: Study) -> Result | None:
    """Its derived result (results.py)."""
    return result_of(study.design, study.own_outcomes, is_retracted=study.is_retracted)


def main_outcomes(study: Study) -> list[Outcome]:
    """What its planned main test measured, in everybody."""
    return [outcome for outcome in study.own_outcomes if outcome.role == "main" and not outcome.subgroup]


def no_cause(study: Study) -> str:
    """Why it cannot tell what brought a change about; empty where chance made groups that were compared."""
    design = design_of(study)
    if design.is_preclinical:
        return ""
    if design.stage is None:
        return "no treatment was tested"
    if any(outcome.direction == "uncontrolled change" for outcome in main_outcomes(study)):
        return design.not_compared or "the groups were not compared with each other"
    return design.not_compared or design.not_by_chance


def no_safety(study: Study) -> str:
    """Why it cannot show that something is safe; empty where harms were counted in many people, or in two groups."""
    design, people = design_of(study), study.participants
    if design.is_preclinical:
        return f"this was done in {study.subjects}"
    if design.not_compared and not design.is_review and (people is None or people < FEW):
        few = f"{people} people are" if people != 1 else "one person is"
        return f"{few} too few to show it" if people else "it is not known how many people had it"
    return "" if any(counts_harm(outcome) for outcome in study.own_outcomes) else "no counts of harms are known here"


def counts_harm(outcome: Outcome) -> bool:
    """Whether it says in numbers how often something bad happened."""
    if outcome.role != "harm" and outcome.topic != "safety":
        return False
    told = [value for group in outcome.groups for value in (group.count, group.events, group.percent)]
    return any(value is not None for value in told) or bool(outcome.effect and outcome.effect.value is not None)


def no_ranking(study: Study) -> str:
    """Why a review cannot say which treatment is ahead; empty where its main outcomes have ranges, and of no review."""
    if not design_of(study).is_review:
        return ""
    effects = [outcome.effect for outcome in main_outcomes(study)]
    if any(effect and _INDIRECT.search(effect.kind) for effect in effects):
        return "the treatments were not tested against each other"
    has_ranges = any(effect and effect.low is not None for effect in effects)
    return "" if has_ranges else "the main results come without a range"
