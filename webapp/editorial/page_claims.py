"""Claims that take a whole page to see: a headline beside the main result, harms left out, one group of two told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from webapp.editorial.assertions import Sentence, is_claimed, sentences_in
from webapp.editorial.grounds import Group, Outcome, Study, main_outcomes, result_in
from webapp.editorial.numbers import numbers_in
from webapp.editorial.results import ResultKind

_GAIN = re.compile(
    r"\b(?:improv(?:es|ed|ing)|better|help(?:s|ed)|eas(?:es|ed)|boost(?:s|ed)|restor(?:es|ed)|reliev(?:es|ed)"
    r"|heal(?:s|ed)|work(?:s|ed)|effective|success\w*|beats?|cuts|reduc(?:es|ed)|prevent(?:s|ed)|protect(?:s|ed)"
    r"|faster|stronger|gains?|regain(?:s|ed)?|recover(?:s|ed|y)?)\b",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"\b(?:not|nobody|cannot|unclear|unsure|unknown|whether|neither|mixed|no (?:clear|gain|group|difference|better))\b",
    re.IGNORECASE,
)
_NO_GAIN = {
    ResultKind.NO_DIFFERENCE: "the main test showed no clear difference",
    ResultKind.WORSE: "those with the treatment did worse in the main test",
    ResultKind.CANNOT_TELL: "this study cannot tell whether it helps",
}
_COMMON = re.compile(
    r"with|from|th(?:at|is|an|em|ey|eir)|w(?:ere|hat\w*|ithin|ithout)|have|more|most|less|after|before|during|people"
    r"|persons?|patients?|groups?|scores?|injur\w+|spinal|cord|treat\w+|study|trial|years?|months?|weeks?|hours?"
    r"|better|worse|every\w+|others?"
)
"""Words that tell nothing of what was measured."""
_NOBODY = re.compile(r"\b(?:nobody|no one|none|neither|no)\b", re.IGNORECASE)
_PERCENT = re.compile(r"(?P<value>\d+(?:\.\d+)?)\s?(?:%|per ?cent\b)", re.IGNORECASE)
_COUNT = re.compile(r"\b(?P<value>\w+) (?:out )?of (?:the |all |every )?(?P<people>\w+)\b")


class Place(NamedTuple):
    """Words of a text from `start` to `end`, and why they may mislead."""

    start: int
    end: int
    problem: str


def of_headline(title: str, study: Study) -> Place | None:
    """A headline of a gain that the main test did not show, or of what was not the main test."""
    result = result_in(study)
    if result is None or result.kind not in _NO_GAIN or _ADMITS.search(title):
        return None
    (sentence, *_) = sentences_in(title) or [Sentence(0, len(title), title, title)]
    for found in _GAIN.finditer(sentence.bare):
        if is_claimed(sentence, *found.span()):
            return Place(*found.span(), f"{{}} speaks of a gain. But {_NO_GAIN[result.kind]}")
    return _of_other_outcome(title, study) if result.kind == ResultKind.NO_DIFFERENCE else None


def _of_other_outcome(title: str, study: Study) -> Place | None:
    main = main_outcomes(study)
    others = [one for one in study.own_outcomes if one.role == "secondary" and one.direction in {"better", "mixed"}]
    known = _stems(" ".join([*(one.name for one in main), *_names(study), study.intervention or ""]))
    if _stems(title) & _stems(" ".join(one.name for one in main)):
        return None
    for outcome in others:
        special = _stems(f"{outcome.name} {outcome.subgroup or ''}") - known
        for word in re.finditer(r"\w+", title):
            if _stems(word[0]) & special:
                what = "a subgroup" if outcome.subgroup else "what was not the main test"
                return Place(*word.span(), f"{{}} speaks of {what}. But {_NO_GAIN[ResultKind.NO_DIFFERENCE]}")
    return None


def _names(study: Study) -> list[str]:
    return [group.name for outcome in study.own_outcomes for group in outcome.groups]


def _stems(text: str) -> set[str]:
    """Words that tell what a text is about, without their endings."""
    words = {word for word in re.findall(r"[a-z]{4,}", text.lower()) if not _COMMON.fullmatch(word)}
    return {re.sub(r"(?:iness|y|ing|ed|es|s|e)$", "", word) for word in words}


class Untold(NamedTuple):
    """One group told without the other: where, and what the other had."""

    start: int
    end: int
    group: str
    number: str


def of_one_arm(text: str, outcomes: Sequence[Outcome]) -> Iterator[Untold]:
    """Shares of one group in a paragraph that names the number of no other group of that outcome."""
    numbers = {value for value, _ in numbers_in(text)} | ({Decimal(0)} if _NOBODY.search(text) else set())
    for found in [*_PERCENT.finditer(text), *_COUNT.finditer(text)]:
        for outcome in outcomes:
            told = [group for group in outcome.groups if _is_of(found, group)]
            others = [group for group in outcome.groups if group not in told and _share(group)]
            if told and others and not any(numbers & _forms(group) for group in others):
                yield Untold(*found.span(), others[0].name, _share(others[0]))
                break


def _is_of(found: re.Match[str], group: Group) -> bool:
    """Whether a share in a text is that of a group."""
    values = [number for part in found.groups() for number, _ in numbers_in(part)]
    if "people" not in found.groupdict():
        return values[0] in _percents(group)
    return values == [group.count, group.people]


def _percents(group: Group) -> set[Decimal]:
    """The share of a group in percent, as it can be written."""
    exact = group.percent
    if exact is None and group.count is not None and group.people:
        exact = Decimal(100 * group.count) / group.people
    if exact is None:
        return set()
    return {exact} | {exact.quantize(Decimal(step), ROUND_HALF_UP) for step in ("1", "0.1")}


def _forms(group: Group) -> set[Decimal]:
    return _percents(group) | {Decimal(group.count)} if group.count is not None else _percents(group)


def _share(group: Group) -> str:
    """What is known of a group, in words; empty where nothing is."""
    if group.count is not None:
        return f"{group.count} of {group.people}" if group.people else str(group.count)
    return f"{group.percent}%" if group.percent is not None else ""
