"""Words in a summary that claim more than its study can bear, each with the reason and, if it can, a better sentence.

It advises and never blocks: it knows words and not what is meant, so a writer may know better. The kinds stand in
claim_kinds.py (what one sentence shows) and page_claims.py (what takes the whole page).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from webapp.editorial import wordings
from webapp.editorial.assertions import Sentence, is_claimed, sentences_in
from webapp.editorial.claim_kinds import KINDS, Kind
from webapp.editorial.grounds import Study, Summary, design_of, tests_a_treatment_in_people
from webapp.editorial.page_claims import of_headline, of_one_arm
from webapp.editorial.readability import MAX_SENTENCE_WORDS
from webapp.editorial.sections import SUMMARY

Loc = tuple[str | int, ...]
_HEADINGS = {section.field: section.heading for section in SUMMARY}
_TOLD_AT_ONCE = {"title", "description", "key_findings"}
"""Where a number is read without what stands around it."""
_ANIMALS = re.compile(
    r"\b(?:rats?|mice|mouse|animals?|p(?:ig|iglet)s?|dogs?|cats?|monkeys?|primates?|rodents?|rabbits?|sheep|\w*fish"
    r"|cells?|tissues?|lab|laborator\w+|dish|organoids?|test tubes?)\b",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(r"[“\"]significan(?:t|tly|ce)[”\"] (?:here )?means", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """Words that may mislead."""

    loc: Loc
    """The steps to the text they stand in: ("key_findings", 1)."""
    where: str
    """That place as a writer calls it: Key Findings 2."""
    kind: str
    """A slug."""
    start: int
    end: int
    """Of the words in that text, in characters; both 0 where something is missing."""
    words: str
    why: str
    """A sentence without its full stop."""
    sentence: tuple[int, int]
    """Begin and end of the sentence in that text."""
    wordings: tuple[str, ...] = ()
    """Sentences, each of which can stand in its place and claims no more than the study can bear."""

    def replaced(self, text: str, number: int) -> str:
        """The text with wording `number`, counted from 1, in place of the sentence."""
        begin, end = self.sentence
        return f"{text[:begin]}{self.wordings[number - 1]}{text[end:]}"


class Passage(NamedTuple):
    """One text of a summary."""

    loc: Loc
    where: str
    text: str


def findings_in(summary: Summary) -> list[Finding]:
    """Everything that may mislead, in the order of the page: of each kind the first in a sentence."""
    is_explained = any(_EXPLAINED.search(passage.text) for passage in passages_of(summary))
    found = [finding for passage in passages_of(summary) for finding in _judged(passage, summary.study)]
    told = [finding for finding in found if not (is_explained and finding.kind == "significant")]
    return [*told, *_missing_harms(summary)]


def passages_of(summary: Summary) -> Iterator[Passage]:
    """The texts of a summary, as a reader meets them."""
    yield Passage(("title",), "title", summary.title)
    yield Passage(("description",), "description", summary.description)
    yield Passage(("simple_explanation",), _HEADINGS["simple_explanation"], summary.simple_explanation)
    yield from _numbered("key_findings", [finding.text for finding in summary.key_findings])
    yield Passage(("harms",), _HEADINGS["harms"], summary.harms or "")
    for index, part in enumerate(summary.implications):
        where = f"{_HEADINGS['implications']} {index + 1}"
        yield Passage(("implications", index, "title"), where, part.title)
        yield Passage(("implications", index, "text"), where, part.text)
    yield from _numbered("limitations", summary.limitations)
    yield Passage(("research_summary",), _HEADINGS["research_summary"], summary.research_summary)


def _numbered(field: str, texts: Sequence[str]) -> Iterator[Passage]:
    for index, text in enumerate(texts):
        yield Passage((field, index), f"{_HEADINGS[field]} {index + 1}", text)


def _judged(passage: Passage, study: Study) -> list[Finding]:
    """What may mislead in one text, in its order. A sentence is offered only if it does not mislead itself."""
    found = [replace(one, wordings=_honest(better, one, passage, study)) for one, better in _claims(passage, study)]
    return sorted(found, key=lambda one: (one.start, one.kind))


def _honest(better: Iterable[str], finding: Finding, passage: Passage, study: Study) -> tuple[str, ...]:
    begin, end = finding.sentence
    now = passage.text[begin:end]
    shaped = [_like(now, one) for one in better]
    return tuple(
        one
        for one in dict.fromkeys(shaped)
        if one != now
        and len(one.split()) <= MAX_SENTENCE_WORDS
        and next(_claims(passage._replace(text=one), study), None) is None
    )


def _like(sentence: str, better: str) -> str:
    """With a large letter at the start, and a full stop if the sentence has one: a title has none."""
    return better[:1].upper() + (better if sentence.endswith((".", "!", "?")) else better.rstrip("."))[1:]


def _claims(passage: Passage, study: Study) -> Iterator[tuple[Finding, Iterable[str]]]:
    """What may mislead in one text, each with sentences to offer that nobody has judged yet."""
    sentences = sentences_in(passage.text)
    for sentence in sentences:
        for kind in KINDS:
            yield from _of_kind(kind, sentence, passage, study)
    if passage.loc[0] in _TOLD_AT_ONCE:
        yield from _one_arm(sentences, passage, study)
    if passage.loc == ("title",):
        yield from _headline(passage, study)


def _of_kind(kind: Kind, sentence: Sentence, passage: Passage, study: Study) -> Iterator[tuple[Finding, Iterable[str]]]:
    problem = "" if passage.loc[0] in kind.not_in else kind.problem(study)
    if not problem or kind.unless_in(sentence.bare):
        return
    for found in kind.words.finditer(sentence.bare):
        is_other = kind.unless_before and kind.unless_before.search(sentence.bare[: found.start()])
        if not is_other and is_claimed(sentence, *found.span()):
            place = sentence.start + found.start(), sentence.start + found.end()
            better = kind.wording(study, sentence.text)
            yield _finding(passage, kind.slug, place, problem, (sentence.start, sentence.end)), better
            return


def _one_arm(sentences: list[Sentence], passage: Passage, study: Study) -> Iterator[tuple[Finding, Iterable[str]]]:
    for start, end, group, number in of_one_arm(passage.text, study.own_outcomes):
        sentence = next(one for one in sentences if one.start <= start < one.end)
        problem = f"{{}} is the number of one group. The other, {group}, had {number}, and that is not said beside it"
        better = wordings.of_other_arm(sentence.text, group, number)
        yield _finding(passage, "one-arm", (start, end), problem, (sentence.start, sentence.end)), better


def _headline(passage: Passage, study: Study) -> Iterator[tuple[Finding, Iterable[str]]]:
    title, whole = passage.text, (0, len(passage.text))
    if found := of_headline(title, study):
        place = found.start, found.end
        yield _finding(passage, "headline", place, found.problem, whole), wordings.of_main_test(study)
    if design_of(study).is_preclinical and not _ANIMALS.search(title) and study.subjects not in title:
        problem = f"the headline does not say that this was done in {study.subjects}. It reads like a result in people"
        yield (
            _finding(passage, "people-from-animals", whole, problem, whole),
            wordings.of_title_without_animals(study, title),
        )


def _finding(passage: Passage, kind: str, place: tuple[int, int], problem: str, sentence: tuple[int, int]) -> Finding:
    words = passage.text[slice(*place)]
    why = problem.replace("{}", f"“{words}”", 1)
    return Finding(passage.loc, passage.where, kind, *place, words, why, sentence)


def _missing_harms(summary: Summary) -> Iterator[Finding]:
    if tests_a_treatment_in_people(summary.study) and not summary.harms:
        why = "a treatment was tested in people. Nothing is said about harms, not even that they are not known"
        better = tuple(wordings.of_missing_harms(summary.study))
        yield Finding(("harms",), _HEADINGS["harms"], "harms-missing", 0, 0, "", why, (0, 0), better)
