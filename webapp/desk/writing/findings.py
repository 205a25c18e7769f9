"""What is found in a text while it is written: what stops it from being published, and advice. Each at its field.

Nothing else judges here: what stops is said by documents/, what may mislead by editorial/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from webapp.desk.writing.advice import Claim, claims_in
from webapp.desk.writing.fields import Field, Path, paths_in
from webapp.desk.writing.passages import Passage, passages_in
from webapp.desk.writing.problems import id_of, name_at, path_at, standing_at
from webapp.desk.writing.queries import newest_contents
from webapp.desk.writing.sources import advice_on_sources, listed, texts_in
from webapp.desk.writing.typed import Typed, name_of, row_places
from webapp.documents.drafts import draft_of, stops_of
from webapp.documents.problems import Problem
from webapp.documents.schema import Content, JsonContent, SummaryContent
from webapp.editorial import readability
from webapp.editorial.designs import DESIGNS
from webapp.editorial.evidence import appraise
from webapp.editorial.grounds import result_in
from webapp.editorial.numbers import numbers_in, unsupported
from webapp.editorial.rare_words import rare_words
from webapp.editorial.results import as_comparison
from webapp.extensions import db
from webapp.glossary.queries import current_glossary
from webapp.models import Document
from webapp.watch.papers.queries import paper_drafted_as


class Wording(NamedTuple):
    """A sentence that can stand in the place of another, with one press."""

    number: int
    """Counted over the form."""
    press: str
    """The value of its button."""
    text: str


class Finding(NamedTuple):
    """One thing found."""

    path: Path
    """The way to its field."""
    name: str
    """What the field is called."""
    words: str
    """What it is about, as it stands there; empty where something is missing."""
    sentence: str
    stops: bool
    """Whether it stops publishing; else it is advice."""
    wordings: tuple[Wording, ...] = ()
    is_excusable: bool = False
    """Whether a written reason for an exception lifts it."""

    @property
    def anchor(self) -> str:
        return id_of(self.path)


class Findings:
    """All that is found in one text."""

    def __init__(self, stops: Sequence[Finding], advice: Sequence[Finding], lines: dict[str, str]) -> None:
        self.stops, self.advice, self._lines = stops, advice, lines
        self._at: dict[str, list[Finding]] = {}
        for one in (*stops, *advice):
            self._at.setdefault(id_of(standing_at(one.path)), []).append(one)

    def at(self, id_: str) -> list[Finding]:
        """What stands at the field with this id, what stops first."""
        return self._at.get(id_, [])

    def line_at(self, id_: str) -> str:
        """What is said of the field quietly: its reading grade, or what follows from it."""
        return self._lines.get(id_, "")

    def reaches(self, name: str) -> bool:
        """Whether something is found in a field whose name begins like this."""
        return any(name_of(one.path).startswith(name) for one in (*self.stops, *self.advice))

    def within(self, name: str) -> list[Finding]:
        """What is found in one part of the form."""
        return [one for one in (*self.stops, *self.advice) if one.path[:1] == (name,)]


def findings_in(
    document: Document, content: JsonContent, version: int, *, also: Sequence[Problem] = (), abstract: str = ""
) -> Findings:
    """Everything found in a text, whole or half written.

    `also`: why it was just refused. `abstract`: of its paper, where that was just looked up.
    """
    draft = draft_of(document.kind, content)
    problems = dict.fromkeys([*stops_of(db.session(), document, content, version), *also])
    stops = [stop_finding(document.kind, one) for one in problems]
    passages = list(passages_in(draft))
    advice = [
        *_guessed(document, content),
        *_claims(content, draft),
        *_of_wording(document.kind, draft, passages, content, abstract),
        *_of_sources(document, draft, content, version),
    ]
    places = {passage.loc: place for place, passage in enumerate(passages)}
    advice.sort(key=lambda one: places.get(one.path, len(places)))
    return Findings(stops, _numbered(advice), dict(_lines(draft)))


def shown_places(fields: tuple[Field, ...], typed: Typed) -> Iterator[tuple[str, str]]:
    """Each place of the form where findings stand: its id by the content that was typed there, and by the form."""
    for path, _ in paths_in(fields):
        if standing_at(path) == path:
            yield id_of(path), id_of(path)
    for kept, shown in row_places(fields, typed):
        yield (id_of(kept) if kept else ""), id_of(shown)


def stop_finding(kind: str, problem: Problem) -> Finding:
    """What stops publishing, in the words of the form: files are not spoken of here."""
    path = path_at(kind, problem.loc)
    remedy = "" if "`" in problem.remedy else f" {problem.remedy}."
    sentence = f"{problem.problem}.{remedy}"
    return Finding(path, name_at(kind, path), "", sentence, stops=True, is_excusable=problem.is_excusable)


def lifted_by_exception(document: Document, content: JsonContent, version: int) -> list[Finding]:
    """What would stop a summary but for its written reason."""
    bare = {name: value for name, value in content.items() if name != "exception"}
    found = [stop_finding(document.kind, one) for one in stops_of(db.session(), document, bare, version)]
    return [one for one in found if one.is_excusable]


def _guessed(document: Document, content: JsonContent) -> Iterator[Finding]:
    """The kind of study that the program guessed, as long as readers have never seen the summary."""
    kind = (content.get("study") or {}).get("design") if document.kind == SummaryContent.kind else None
    if kind and document.id and document.first_published_at is None:
        paper = paper_drafted_as(document)
        if paper and paper.design == kind:
            path = path_at(document.kind, ("study", "design"))
            sentence = f"This is a guess: {paper.design_why}. Please hold it against the paper."
            yield Finding(path, name_at(document.kind, path), "", sentence, stops=False)


def _claims(content: JsonContent, draft: Content) -> Iterator[Finding]:
    if isinstance(draft, SummaryContent) and draft.study.design in DESIGNS:
        yield from (_claim(claim) for claim in claims_in(content, draft))


def _claim(claim: Claim) -> Finding:
    path = path_at("summary", claim.loc)
    wordings = tuple(Wording(0, *pair) for pair in claim.wordings)
    return Finding(path, name_at("summary", path), claim.words, f"{claim.why}.", stops=False, wordings=wordings)


def _of_wording(
    kind: str, draft: Content, passages: Sequence[Passage], content: JsonContent, abstract: str
) -> Iterator[Finding]:
    """Advice that any kind of text gets: short sentences in a row, rare words, and numbers that no fact has."""
    whole = "\n\n".join(passage.text for passage in passages)
    rare, unknown = set(rare_words(whole, _explained(draft))), set()
    if isinstance(draft, SummaryContent):
        unknown = set(unsupported(whole, [*texts_in(content.get("study")), abstract]))
    for loc, text in passages:
        told = list(_of_passage(text, rare, unknown - _quoted_at(loc, draft)))
        path = path_at(kind, loc)
        yield from (Finding(path, name_at(kind, path), words, sentence, stops=False) for words, sentence in told)


def _quoted_at(loc: Path, draft: Content) -> set[Decimal]:
    """Numbers in the quotation beside a finding: for these its record itself vouches."""
    if not isinstance(draft, SummaryContent) or loc[0] != "key_findings":
        return set()
    source = draft.key_findings[int(loc[1])].source
    return {number for number, _ in numbers_in(source.quote or "")} if source else set()


def _of_sources(document: Document, draft: Content, content: JsonContent, version: int) -> Iterator[Finding]:
    contents = partial(newest_contents, document.language)
    for loc, words, sentence in advice_on_sources(draft, content, version, contents):
        path = path_at(document.kind, loc)
        yield Finding(path, name_at(document.kind, path), words, sentence, stops=False)


def _of_passage(text: str, rare: set[str], unknown: set[Decimal]) -> Iterator[tuple[str, str]]:
    """Words and a sentence about them. `rare` loses the words that were told; `unknown`: numbers no fact has."""
    if runs := readability.short_runs(text):
        yield runs[0], "Three short sentences in a row read like a primer. Join two of them."
    here = [word for word in sorted(rare, key=text.find) if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)]
    rare.difference_update(here)
    for word in here:
        yield word, "Few people know this word. Say what it is here, or add it to the glossary."
    if numbers := [number for number in dict.fromkeys(value for value, _ in numbers_in(text)) if number in unknown]:
        is_one = len(numbers) == 1
        these, them = ("This number is", "it") if is_one else ("These numbers are", "them")
        yield listed(numbers), f"{these} not in the facts of the study. Hold {them} against the paper."


def _explained(draft: Content) -> set[str]:
    """Words that the glossary explains, or that the study itself is about."""
    about = [draft.study.intervention or "", draft.study.title] if isinstance(draft, SummaryContent) else []
    return current_glossary().words | {word.lower() for text in about for word in re.findall(r"\w+", text)}


def _lines(draft: Content) -> Iterator[tuple[str, str]]:
    """What is said of a field quietly, by its id."""
    for heading, text in draft.prose().items():
        if count := len(text.split()):
            grade = readability.grade(text)
            hard = f", aim for {readability.MAX_GRADE} or lower" if grade > readability.MAX_GRADE else ""
            yield id_of(path_at(draft.kind, (heading,))), f"Grade {grade}{hard}. {count} word{'s' * (count > 1)}."
    if isinstance(draft, SummaryContent) and (study := draft.study).design in DESIGNS:
        found = appraise(
            study.design,
            participants=study.participants,
            subjects=study.subjects,
            trial_phase=study.trial_phase,
            is_retracted=study.is_retracted,
        )
        stage = f"How far along: {found.stage.label}." if found.stage else found.off_road
        yield id_of(("study", "design")), f"{stage} {found.level_sentence}"
        if result := result_in(study):
            words = result.words(as_comparison(study.compared_with))
            yield id_of(("study", "outcomes")), f"Result: {words}. {result.caveat}".strip()


def _numbered(advice: Sequence[Finding]) -> list[Finding]:
    """Each wording once at its field, with a number of its own, so that its button has a name of its own."""
    found, count = [], 0
    offered: set[tuple[Path, str]] = set()
    for one in advice:
        new = [wording for wording in one.wordings if (one.path, wording.text) not in offered]
        offered |= {(one.path, wording.text) for wording in new}
        wordings = tuple(wording._replace(number=count + place) for place, wording in enumerate(new, start=1))
        count += len(wordings)
        found.append(one._replace(wordings=wordings))
    return found
