"""The kinds of claim that a sentence can make and its study cannot bear: the words, when they mislead, and why.

A row of KINDS is judged in every sentence; what takes a whole page to see stands in page_claims.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webapp.editorial import claim_words as words
from webapp.editorial import wordings
from webapp.editorial.grounds import Study, design_of, main_outcomes, no_cause, no_ranking, no_safety


@dataclass(frozen=True)
class Kind:
    """A kind of claim."""

    slug: str
    words: re.Pattern[str]
    problem: Callable[[Study], str]
    """Why these words mislead in this study, as a sentence in which {} stands for them; empty where they do not."""
    wording: Callable[[Study, str], Iterable[str]]
    """Sentences that can stand in place of this one."""
    not_in: frozenset[str] = frozenset()
    """Fields in which they are meant in another way."""
    unless_before: re.Pattern[str] | None = None
    """What the words just before must not be."""
    unless_in: Callable[[str], bool] = lambda _: False
    """What a sentence must not have."""


def _says_how_large(sentence: str) -> bool:
    return re.search(r"\d", words.NO_SIZE.sub("", sentence)) is not None


def _animals(study: Study) -> str:
    problem = f"{{}} promises something to people. But this was done in {study.subjects}"
    return problem if design_of(study).is_preclinical else ""


def _cause(study: Study) -> str:
    reason = no_cause(study)
    return f"{{}} says what brought about what. This study cannot tell: {reason}" if reason else ""


def _safety(study: Study) -> str:
    reason = no_safety(study)
    return f"{{}} says that it is safe. But {reason}" if reason else ""


def _ranking(study: Study) -> str:
    reason = no_ranking(study)
    return f"{{}} puts one ahead of the rest. But {reason}" if reason else ""


def _certainty(study: Study) -> str:
    design, main = design_of(study), main_outcomes(study)
    if design.is_review and main and main[0].certainty == "high":
        return ""
    return f"{{}} sounds too sure for a study of this kind ({design.name[:1].lower()}{design.name[1:]})"


KINDS = (
    Kind("people-from-animals", words.FROM_ANIMALS, _animals, lambda study, _: wordings.of_animals(study)),
    Kind(
        "cause",
        words.CAUSE,
        _cause,
        wordings.of_cause,
        not_in=frozenset({"harms"}),
        unless_before=words.MODAL,
    ),
    Kind("safe", words.SAFE, _safety, lambda study, _: wordings.of_safety(study), unless_before=words.TO_KEEP),
    Kind(
        "praise",
        words.PRAISE,
        lambda _: "{} promises more than one study can show",
        wordings.of_praise,
        unless_before=words.SELLERS,
    ),
    Kind(
        "ranking",
        words.RANKING,
        _ranking,
        lambda study, _: wordings.of_ranking(no_ranking(study)),
        unless_before=words.HEART,
    ),
    Kind(
        "too-sure",
        words.SURE,
        _certainty,
        wordings.of_certainty,
        not_in=frozenset({"harms"}),
        unless_before=words.TO_BE,
    ),
    Kind(
        "too-sure",
        words.PROMISE,
        _certainty,
        wordings.of_certainty,
        not_in=frozenset({"harms"}),
        unless_before=words.SOMEBODY,
    ),
    Kind(
        "significant",
        words.SIGNIFICANT,
        lambda _: "{} tells that luck is unlikely. It does not say how large the difference is",
        lambda _, text: wordings.of_significance(text),
        unless_in=_says_how_large,
    ),
)
