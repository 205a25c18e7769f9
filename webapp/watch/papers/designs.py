"""What kind of study a new paper may be, guessed from how PubMed files it and from its title. Pure functions.

A guess is made where there is a sign for it, and says which. Of two kinds that fit, the one that claims less is taken.
The owner reads the paper and decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from webapp.editorial.designs import DESIGNS


class Guess(NamedTuple):
    """A key, or nothing; and the sign from which it was guessed, as the end of a sentence."""

    key: str
    why: str


class Paper(NamedTuple):
    """What is known of a paper before anybody has read it."""

    title: str
    filed: frozenset[str]
    """Its types and its subjects, in small letters."""


class Sign(NamedTuple):
    """Words of the title, or ways of being filed, that are a sign of a kind of study."""

    key: str
    """Empty: it is none of our kinds."""
    words: str = ""
    """A pattern."""
    filed: tuple[str, ...] = ()
    within: Sign | None = None
    """What there must be a sign of too."""
    unless: str = ""
    """How it is not filed."""

    def seen(self, paper: Paper) -> str:
        """What was seen, as the end of a sentence; empty where the paper has no such sign."""
        base = self.within.seen(paper) if self.within else "it is"
        if not base or self.unless in paper.filed:
            return ""
        if not self.words and not self.filed:
            return base
        if self.words and (found := re.search(rf"\b(?:{self.words})\b", paper.title, re.IGNORECASE)):
            return f"the title says “{found[0].strip()}”"
        name = next((name for name in self.filed if name in paper.filed), "")
        return f"it is filed under “{name}”" if name else ""


NOT_RESEARCH = {
    "published erratum", "correction", "retraction of publication", "retraction notice", "expression of concern",
    "editorial", "comment", "news", "newspaper article", "biography", "interview", "congress", "personal narrative",
}  # fmt: skip
"""Types of what tells of no study of its own."""

_ANIMALS = (
    "rats?|mouse|mice|murine|rabbits?|zebrafish|pigs?|swine|porcine|dogs?|canine|cats?|feline|sheep|ovine|monkeys?"
    "|macaques?|marmosets?|primates?|rodents?|animal models?|drosophila|xenopus|axolotls?|horses?|equine"
)
_ADDED_UP = Sign(
    "mixed_review",
    r"systematic(?:\w|,|-| )* reviews?|meta-?analys[ie]s|scoping reviews?|umbrella reviews?",
    ("systematic review", "meta-analysis", "network meta-analysis"),
)
_RANDOM = r"(?<!non)(?<!non-)(?<!non )randomi[sz](?:ed|ation)"
_BY_CHANCE = Sign("rct", _RANDOM, ("randomized controlled trial",))
_FOLLOWED = Sign(
    "population_cohort",
    r"cohorts?|longitudinal|retrospective\w*|prospective\w*|registry|follow-?up|database",
    ("cohort studies", "retrospective studies", "longitudinal studies", "observational study"),
)
SIGNS = (
    Sign("", r"(?:(?:study|trial|review) )?protocol", ("clinical trial protocol",)),
    Sign("animal", _ANIMALS),
    Sign("animal", filed=("animals", "disease models, animal"), unless="humans"),
    Sign("laboratory", r"in vitro|ex vivo|organoids?|cell culture|cultured (?:\w+ )?cells"),
    Sign("laboratory", filed=("in vitro techniques", "cells, cultured"), unless="humans"),
    Sign("review_of_surveys", r"prevalence|incidence|epidemiology|epidemiological|burden", within=_ADDED_UP),
    Sign("systematic_review", _RANDOM, within=_ADDED_UP),
    _ADDED_UP,
    Sign("", "reviews?|guidelines?|consensus", ("review", "practice guideline", "guideline", "consensus statement")),
    Sign("case_report", "case reports?|a case of", ("case reports",)),
    Sign("case_series", "case series"),
    Sign("crossover_rct", "cross-?over", ("cross-over studies",), within=_BY_CHANCE),
    _BY_CHANCE,
    Sign("controlled_trial", "non-? ?randomi[sz]ed|controlled trial", ("controlled clinical trial",)),
    Sign("qualitative", r"qualitative|interviews?|focus groups?|lived experiences?|phenomenolog\w+"),
    Sign("qualitative", filed=("qualitative research", "interviews as topic")),
    Sign("cross_sectional", "cross-?sectional|surveys?|questionnaires?", ("cross-sectional studies",)),
    Sign("cohort", "versus|vs|compared|comparison|comparative|effects? of|effectiveness|efficacy", within=_FOLLOWED),
    _FOLLOWED,
    Sign("single_arm_trial", "single-?arm|open-?label|pilot|feasibility|first-in-human"),
    Sign("single_arm_trial", filed=("clinical trial", "clinical trial, phase i", "clinical trial, phase ii")),
)
"""In this order: the first that is seen counts. It is the one that claims less."""


def guess_design(title: str, kinds: Iterable[str], subjects: Iterable[str]) -> Guess:
    """The kind of study; with an empty key where nothing tells it, or where it is none of the list."""
    paper = Paper(title, _small(kinds) | _small(subjects))
    return next((Guess(sign.key, why) for sign in SIGNS if (why := sign.seen(paper))), Guess("", ""))


def is_research(kinds: Iterable[str]) -> bool:
    """Whether a paper is more than a notice, a comment or news."""
    return not NOT_RESEARCH & _small(kinds)


def strength_of(key: str, *, is_retracted: bool = False) -> int:
    """How far up a paper of this kind stands: studies in people by their step, then what is not on the ladder."""
    if is_retracted:
        return 0
    if key not in DESIGNS:
        return 3
    design = DESIGNS[key]
    if design.is_preclinical:
        return 2
    return 10 - design.level if design.level else 4


def _small(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
