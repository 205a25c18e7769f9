"""Summaries for tests: a valid one to begin with, and what a test changes about it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from webapp.library import queries
from webapp.library.actions import LoadReport, load_library
from webapp.library.checking import CATEGORIES, GLOSSARY
from webapp.library.files import write
from webapp.library.lists import CategorySchema, GroupSchema, TermSchema, write_list
from webapp.library.schema import FrontMatter, SummaryFile
from webapp.models import Summary

STUDY: dict[str, Any] = {
    "title": "A trial of arm training",
    "design": "rct",
    "participants": 40,
    "population": "people with a neck injury",
    "compared_with": "Usual care",
    "sources": [{"where": "example.org", "seen": "abstract"}],
}
FRONT: dict[str, Any] = {
    "title": "Arm training was tried in 40 people",
    "description": "In 40 people, arm training was followed by a little more strength.",
    "date": dt.date(2026, 1, 15),
    "lastmod": dt.date(2026, 1, 15),
    "author": "A Writer",
    "categories": ["hand-and-arm-use"],
    "rests_on": "The abstract.",
}
TEXT: dict[str, Any] = {
    "simple_explanation": "Forty people took part. Half of them trained their arms.\n\nThey got a bit stronger.",
    "key_findings": ["Arms got a bit stronger.", "Nobody was hurt."],
    "research_summary": "This was a trial. Chance made the groups.",
    "implications": [{"title": "Ask your team", "text": "They know which training fits you."}],
    "limitations": ["Few people took part."],
}


def make_summary_file(key: str = "arm-training", study: dict[str, Any] | None = None, **changes: Any) -> SummaryFile:
    """A valid summary as a file. `study` changes facts of the paper; the other words are fields of the
    front matter or sections (`title`, `date`, `categories`, `limitations`, ...).

    The paper's title, and so the address, holds the key: two summaries never share one.
    """
    front = {name: changes.pop(name) for name in list(changes) if name in FrontMatter.model_fields}
    paper = STUDY | {"title": f"{STUDY['title']}: {key}"} | (study or {})
    return SummaryFile.model_validate(TEXT | changes | {"key": key, "front": FRONT | front | {"study": paper}})


def make_text(key: str = "arm-training", **changes: Any) -> str:
    """The text of such a file."""
    return write(make_summary_file(key, **changes))


def write_files(folder: Path, *files: SummaryFile) -> None:
    for file in files:
        (folder / f"{file.key}.md").write_text(write(file), encoding="utf-8")


def make_categories(*slugs: str) -> None:
    """Load categories, all in the group "Topics". Needs an application context."""
    parts = [
        CategorySchema(slug=slug, name=slug.replace("-", " ").capitalize(), description=f"All about {slug}.")
        for slug in slugs or FRONT["categories"]
    ]
    _load(CATEGORIES, write_list([GroupSchema(name="Topics", categories=parts)]))


def make_terms(**definitions: str) -> None:
    """Load glossary terms: `make_terms(spasticity="Tight muscles.")`. Needs an application context."""
    terms = [TermSchema(term=term, definition=words) for term, words in definitions.items()]
    _load(GLOSSARY, write_list(terms))


def make_summaries(*files: SummaryFile) -> LoadReport:
    """Load files through the library. Needs an application context; their categories must be loaded."""
    with TemporaryDirectory() as folder:
        write_files(Path(folder), *files)
        return load_library([Path(folder)])


def make_summary(key: str = "arm-training", **changes: Any) -> Summary:
    """Load one summary and return it whole, with study and categories."""
    make_summaries(make_summary_file(key, **changes))
    return next(summary for summary in queries.every_summary() if summary.key == key)


def _load(name: str, text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        load_library([path])
