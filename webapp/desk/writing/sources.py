"""Advice on where things come from: where that is missing, and numbers that do not stand there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from webapp.documents.problems import Loc
from webapp.documents.schema import Content, JsonContent, Statement, SummaryContent, TopicContent
from webapp.editorial.numbers import numbers_in, unsupported

SINCE = 4
"""The version of the schema since which it is asked for: an older text is not told of it until it is written on."""
NOT_A_FACT = "place"
"""The field of a source with numbers that vouch for nothing: of tables and pages."""
Contents = Mapping[str, JsonContent]
"""The newest texts of summaries by their keys."""


class Told(NamedTuple):
    """Advice about a place of the content."""

    loc: Loc
    words: str
    sentence: str


def texts_in(value: Any) -> Iterator[str]:
    """All that is written in facts."""
    if isinstance(value, dict):
        value = [part for name, part in value.items() if name != NOT_A_FACT]
    if isinstance(value, list):
        for one in value:
            yield from texts_in(one)
    elif value is not None:
        yield str(value)


def listed(numbers: Collection[Decimal]) -> str:
    return ", ".join(f"{number:,}" for number in dict.fromkeys(numbers))


def advice_on_sources(
    draft: Content, content: JsonContent, version: int, contents_of: Callable[[Collection[str]], Contents]
) -> Iterator[Told]:
    """`contents_of`: gives the newest texts of some summaries."""
    if isinstance(draft, SummaryContent):
        if version >= SINCE:
            bare = [not finding.source for finding in draft.key_findings]
            yield from _missing("key_findings", "Key finding", [finding.text for finding in draft.key_findings], bare)
        yield from _of_findings(draft, content.get("study"))
    if isinstance(draft, TopicContent):
        if version >= SINCE:
            bare = [not statement.outcomes for statement in draft.statements]
            yield from _missing("statements", "Statement", [one.text for one in draft.statements], bare)
        known = contents_of({key for statement in draft.statements for key in statement.rests_on})
        for place, statement in enumerate(draft.statements):
            yield from _of_statement(statement, ("statements", place), known)


def _missing(field: str, row: str, texts: list[str], bare: list[bool]) -> Iterator[Told]:
    """One line for a whole list: what has numbers and does not say where they come from."""
    places = [str(place) for place, text in enumerate(texts, 1) if bare[place - 1] and numbers_in(text)]
    if len(places) == 1:
        yield Told((field,), "", f"{row} {places[0]} has numbers, and does not say where they come from.")
    elif places:
        rows = f"{', '.join(places[:-1])} and {places[-1]}"
        yield Told((field,), "", f"{row}s {rows} have numbers, and do not say where they come from.")


def _of_findings(draft: SummaryContent, study: Any) -> Iterator[Told]:
    """Numbers that the facts have from another record than the one named. Those that no fact has are told already."""
    facts = study if isinstance(study, dict) else {}
    rows = facts.get("outcomes")
    outcomes = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    general = list(texts_in({name: value for name, value in facts.items() if name not in {"outcomes", "sources"}}))
    every = list(texts_in(facts))
    for place, finding in enumerate(draft.key_findings):
        source = finding.source
        if source is None or not source.where:
            continue
        there = [row for row in outcomes if _where(row.get("source")) == _where(source.where)]
        wrong = unsupported(finding.text, [*general, *texts_in(there), source.quote or ""])
        if wrong := [number for number in wrong if number not in unsupported(finding.text, every)]:
            told = f"What was measured according to {source.where} does not have it. Is this the right record?"
            yield Told(("key_findings", place), listed(wrong), told)


def _where(source: Any) -> str:
    where = source.get("where") if isinstance(source, dict) else source
    return " ".join(str(where or "").split()).casefold()


def _of_statement(statement: Statement, loc: Loc, known: Contents) -> Iterator[Told]:
    """Numbers and names of outcomes that no summary has on which a statement rests."""
    there = [known[key] for key in statement.rests_on if key in known]
    if not there:
        return
    if wrong := unsupported(statement.text, [text for one in there for text in texts_in(one)]):
        yield Told((*loc, "text"), listed(wrong), "The summaries this rests on do not have this. Hold it against them.")
    names = {name for one in there for name in _outcomes_in(one)}
    for name in statement.outcomes:
        if name not in names:
            yield Told((*loc, "outcomes"), name, "No summary this rests on has an outcome of this name.")


def _outcomes_in(content: JsonContent) -> Iterator[str]:
    study = content.get("study")
    rows = study.get("outcomes") if isinstance(study, dict) else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("name"), str):
            yield " ".join(row["name"].split())
