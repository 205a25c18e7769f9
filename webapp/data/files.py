"""The two forms in which all summaries leave, piece by piece: JSON, and CSV for spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from webapp.data.queries import Whole
from webapp.data.record import VERSION, in_words, record, terms
from webapp.site_words import site_words
from webapp.spreadsheets import MARK, lines
from webapp.urls import absolute_url

PARTS = Iterable[Sequence[Whole]]
OF_SUMMARY = (
    "key", "language", "url", "title", "description", "published", "checked", "reading_grade", "categories", "phases",
    "result", "result_words", "result_caveat", "level", "stage", "caution", "corrections", "trials",
)  # fmt: skip
OF_PAPER = (
    "title", "journal", "published", "doi", "pmid", "pmcid", "registrations", "countries", "design", "trial_phase",
    "subjects", "participants", "participants_unit", "analysed", "population", "intervention", "compared_with",
    "funding", "conflicts", "notice",
)  # fmt: skip
OF_OUTCOME = (
    "name", "measure", "better", "topic", "role", "subgroup", "when", "groups", "direction", "certainty", "source",
    "source_read", "source_place",
)  # fmt: skip
OF_EFFECT = ("kind", "value", "low", "high", "p", "ours")
COLUMNS = (
    *OF_SUMMARY,
    *(f"paper_{name}" for name in OF_PAPER),
    *(f"outcome_{name}" for name in OF_OUTCOME),
    *(f"effect_{name}" for name in OF_EFFECT),
    "terms",
)


def as_json(parts: PARTS) -> Iterator[str]:
    """One object: who gives this, and the list of summaries, one a line."""
    about = {
        "version": VERSION,
        "site": site_words().name,
        "documentation": absolute_url("/data"),
        "terms": terms(),
    }
    yield f'{_json(about)[:-1]}, "summaries": ['
    begin = "\n"
    for some in parts:
        yield begin + ",\n".join(_json(record(whole)) for whole in some)
        begin = ",\n"
    yield "\n]}\n"


def as_csv(parts: PARTS) -> Iterator[str]:
    """A row for each thing that was measured; one row of a summary for which nothing is written down."""
    yield MARK + lines([COLUMNS])
    for some in parts:
        yield lines(row for whole in some for row in _rows(record(whole)))


def _rows(summary: dict[str, Any]) -> Iterator[list[str]]:
    first = [summary[name] for name in OF_SUMMARY] + [summary["paper"][name] for name in OF_PAPER]
    for outcome in summary["outcomes"] or [{}]:
        groups = in_words(outcome.get("groups") or [])
        measured = [groups if name == "groups" else outcome.get(name) for name in OF_OUTCOME]
        effect = outcome.get("effect") or {}
        yield [_cell(value) for value in (*first, *measured, *(effect.get(name) for name in OF_EFFECT), terms())]


def _cell(value: object) -> str:
    """What is not known is an empty cell; a list stands in one cell, with semicolons between."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return "; ".join(_cell(one) for one in value)
        case dict():
            return ", ".join(f"{name} {_cell(one)}" for name, one in value.items() if one not in (None, []))
    return str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
