"""Sentences that can stand in place of one that claims too much: its own words made careful, or what the data say.

They use GRADE's verbs: "probably" of moderate certainty, "may" of low, "very unsure" of very low.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.editorial.grounds import Outcome, Study, design_of, main_outcomes, no_cause, no_safety, result_in
from webapp.editorial.results import ResultKind

_AFTER = re.compile(
    r"\b(?P<was>(?:is|are|was|were) )?(?:because of|thanks to|due to|owing to|as a result of)\b", re.IGNORECASE
)
_BEFORE = re.compile(r"\b(?:has |have )?(?:led to|leads? to|resulted in|results? in|brought about|caus(?:ed|es))\b")
_PRAISING = (
    r"(?:(?:very|truly|most) )?(?:promising|revolutionary|ground-?breaking|game[- ]changing|life-?changing|landmark"
    r"|transformative|remarkable|dramatic|astonishing|amazing|stunning|incredible|spectacular|unprecedented"
    r"|extraordinary|exciting|cutting-edge|miraculous)"
)
_SIGNIFICANT = r"(?:(?:statistically|clinically|highly|very) )*significant"
_PREPOSITION = r"(?:for|in|and|or|to|of|as|from|at|with|but|because|by|enough)\b"
_SHOWS = re.compile(
    r"\b(?:conclusively |definitively |clearly )?(?:(?P<one>proves|shows|demonstrates|confirms|establishes"
    r"|has (?:proved|proven|shown|demonstrated|confirmed))"
    r"|prove|show|demonstrate|confirm|have (?:proved|proven|shown|demonstrated|confirmed))"
    r"(?: conclusively| definitively)? that\b"
)
_GENERAL = {
    "works": "work", "is effective": "be effective", "are effective": "be effective", "helps": "help",
    "heals": "heal", "restores": "restore", "improves": "improve", "reduces": "reduce", "relieves": "relieve",
    "lowers": "lower", "reverses": "reverse", "prevents": "prevent",
}  # fmt: skip
_GENERALLY = re.compile(rf"\b({'|'.join(_GENERAL)})\b")


def of_main_test(study: Study) -> Iterator[str]:
    """What the planned main test showed."""
    result, outcomes = result_in(study), main_outcomes(study)
    if result is None:
        return
    if result.kind == ResultKind.PRECLINICAL:
        yield from of_animals(study)
    elif result.kind == ResultKind.CANNOT_TELL and study.intervention:
        yield f"Whether {_low(study.intervention)} can help cannot be told from this study, because {result.why}."
    elif result.kind in _DID and outcomes and len(outcomes[0].groups) == 2:
        yield f"{_compared(outcomes[0], result.kind)}{_but(study)}."


_DID = {ResultKind.BETTER: "better than", ResultKind.WORSE: "worse than", ResultKind.NO_DIFFERENCE: ""}
_CERTAINLY = {"moderate": "probably did", "low": "may have done"}


def _compared(outcome: Outcome, kind: ResultKind) -> str:
    treated, other = (group.name for group in outcome.groups)
    if kind == ResultKind.NO_DIFFERENCE:
        return f"{outcome.name}: no clear difference between {treated} and {other}"
    if outcome.certainty == "very low":
        return f"{outcome.name}: we are very unsure whether {treated} did {_DID[kind]} {other}"
    did = _CERTAINLY.get(outcome.certainty or "", "did")
    return f"{outcome.name}: {treated} {did} {_DID[kind]} {other}" + ("" if outcome.certainty else " in this study")


def _but(study: Study) -> str:
    caveat = design_of(study).not_by_chance
    return f", but {caveat}" if caveat else ""


def of_animals(study: Study) -> Iterator[str]:
    yield f"This was done in {study.subjects}, and it does not show what would happen in people."


def of_title_without_animals(study: Study, title: str) -> Iterator[str]:
    yield f"In {study.subjects}: {_low(title)}"


def of_cause(study: Study, sentence: str) -> Iterator[str]:
    """First what came after what, then that the reason is not known."""
    careful = _AFTER.sub(lambda found: "came after" if found["was"] else "after", sentence)
    careful = _BEFORE.sub("came before", careful)
    if careful != sentence:
        yield f"{_open(careful)}, and the reason is not known."
    what = f"Whether {_low(study.intervention)} had a part in this" if study.intervention else "The reason"
    yield f"{what} cannot be told from this study, because {no_cause(study)}."


def of_safety(study: Study) -> Iterator[str]:
    what = _low(study.intervention) if study.intervention else "the treatment"
    yield f"The safety of {what} cannot be told from this study, because {no_safety(study)}."


def of_praise(study: Study, sentence: str) -> Iterator[str]:
    """The sentence without its praise, where that only adorns another word; then the main test."""
    yield _without(_PRAISING, sentence)
    yield from of_main_test(study)


def _without(words: str, sentence: str) -> str:
    """The sentence without these words where another word follows that they belong to; a stays a, or becomes an."""

    def article(found: re.Match[str]) -> str:
        if not found[1]:
            return ""
        return f"{found[1]}n " if found[2] in "aeiouAEIOU" else f"{found[1]} "

    return re.sub(rf"\b(?:(a)n? )?{words} (?!{_PREPOSITION})(?=(\w))", article, sentence, flags=re.IGNORECASE)


def of_ranking(reason: str) -> Iterator[str]:
    yield f"Nobody can say from this review which treatment is ahead, because {reason}."


def of_certainty(study: Study, sentence: str) -> Iterator[str]:
    """The sentence with the verb that its certainty allows, where groups were compared; then the main test."""
    if not no_cause(study) and not design_of(study).is_preclinical:
        main = main_outcomes(study)
        yield _careful(sentence, is_probable=bool(main) and main[0].certainty == "moderate")
    yield from of_main_test(study)


def _careful(sentence: str, *, is_probable: bool) -> str:
    careful = re.sub(r"\bwill\b", "will probably" if is_probable else "may", sentence)
    found = _SHOWS.search(careful)
    if not found:
        return careful
    verb = "suggests" if found["one"] else "suggest"
    rest = careful[found.end() :]
    if general := _GENERALLY.search(rest):
        hedged = f"probably {general[1]}" if is_probable else f"may {_GENERAL[general[1]]}"
        rest = f"{rest[: general.start()]}{hedged}{rest[general.end() :]}"
    return f"{careful[: found.start()]}{verb} that{rest}"


def of_significance(sentence: str) -> Iterator[str]:
    """What the word means in statistics, in place of the word."""
    plain = re.sub(rf" {_SIGNIFICANT}ly\b", "", _without(_SIGNIFICANT, sentence))
    yield f"{_open(plain)}, and luck alone would rarely bring such a difference."


def of_missing_harms(study: Study) -> Iterator[str]:
    if not any(outcome.role == "harm" for outcome in study.own_outcomes):
        yield "Whether anybody came to harm is not known."


def of_other_arm(sentence: str, group: str, number: str) -> Iterator[str]:
    yield f"{_open(sentence)}; with {_low(group)} it was {number}."


def _open(sentence: str) -> str:
    """A sentence that can go on."""
    return sentence.rstrip(" .!")


def _low(name: str) -> str:
    """A name inside a sentence: Tablets becomes tablets, NG101 stays."""
    return name if name[1:2].isupper() or name[1:2].isdigit() else name[:1].lower() + name[1:]
