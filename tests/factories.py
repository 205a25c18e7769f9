"""Documents for tests: a valid one of each kind to begin with, and what a test changes about it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy.orm import joinedload

from webapp.documents.actions import correct
from webapp.documents.queries import document_named, newest_revision
from webapp.documents.schema import Content, PageContent, SummaryContent, TopicContent, canonical
from webapp.extensions import db
from webapp.library.actions import LoadReport, load_library
from webapp.library.checking import CATEGORIES, GLOSSARY
from webapp.library.files import write
from webapp.library.lists import CategorySchema, GroupSchema, TermSchema, write_list
from webapp.models import CategoryLink, Correction, Document, Summary

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
OUTCOME: dict[str, Any] = {
    "name": "Arm strength",
    "measure": "arm score, 0 to 50",
    "better": "higher",
    "topic": "hand-and-arm-use",
    "role": "main",
    "groups": [{"name": "arm training", "people": 20}, {"name": "usual care", "people": 20}],
    "direction": "better",
    "source": "PubMed 1",
}
TOPIC: dict[str, Any] = {
    "title": "What helps hands and arms",
    "description": "Training may help a little.",
    "date": dt.date(2026, 1, 15),
    "lastmod": dt.date(2026, 1, 15),
    "author": "A Writer",
    "statements": [
        {"name": "Strength", "certainty": "low", "text": "Training may help.", "rests_on": ["arm-training"]}
    ],
    "unknown": ["How long it lasts."],
    "questions": ["Does this fit me?"],
}
PAGE: dict[str, Any] = {
    "title": "About us",
    "description": "What this site is.",
    "lead": "A few words.",
    "date": dt.date(2026, 1, 15),
    "lastmod": dt.date(2026, 1, 15),
    "author": "A Writer",
    "text": "## Who we are\n\nFew people.",
}


class File(NamedTuple):
    """A document as a file. Version 1 of the schema asks for no outcomes."""

    key: str
    content: Content
    is_draft: bool = False
    version: int = 1

    @property
    def text(self) -> str:
        content = canonical(self.content, self.key)
        return write(self.content.kind, content, version=self.version, is_draft=self.is_draft)


def make_summary_file(key: str = "arm-training", study: dict[str, Any] | None = None, **changes: Any) -> File:
    """A valid summary as a file. `study` changes facts of the paper; the other words are fields of its content
    (`title`, `date`, `categories`, `limitations`, ...), `draft`, or `version`.

    The paper's title, and so the address, holds the key: two summaries never share one.
    """
    paper = STUDY | {"title": f"{STUDY['title']}: {key}"} | (study or {})
    is_draft, version = changes.pop("draft", False), changes.pop("version", 1)
    content = SummaryContent.model_validate(FRONT | TEXT | changes | {"study": paper})
    return File(key, content, is_draft, version)


def make_text(key: str = "arm-training", **changes: Any) -> str:
    """The text of such a file."""
    return make_summary_file(key, **changes).text


def make_correction(key: str, sentence: str) -> Correction:
    """Publish the newest text of a summary again, as one that puts a mistake right."""
    document = document_named("summary", key)
    assert document
    revision = newest_revision(document)
    assert revision
    return correct(document, revision, sentence)


def make_outcome(**changes: Any) -> dict[str, Any]:
    """A valid main outcome, in which the treatment did better."""
    return OUTCOME | changes


def make_topic_file(category: str = "hand-and-arm-use", **changes: Any) -> File:
    """A valid topic answer, resting on the summary that `make_summary` makes."""
    return File(category, TopicContent.model_validate(TOPIC | {"category": category} | changes), version=2)


def make_page_file(key: str = "about", **changes: Any) -> File:
    """A valid standing page."""
    return File(key, PageContent.model_validate(PAGE | changes), version=2)


def write_files(folder: Path, *files: File) -> None:
    for file in files:
        (folder / f"{file.key}.md").write_text(file.text, encoding="utf-8")


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


def make_documents(*files: File) -> LoadReport:
    """Load files through the library. Needs an application context; their categories must be loaded."""
    with TemporaryDirectory() as folder:
        write_files(Path(folder), *files)
        return load_library([Path(folder)])


def make_document(file: File) -> Document:
    """Load one file and return its document."""
    make_documents(file)
    found = document_named(file.content.kind, file.key)
    assert found
    return found


def make_summary(key: str = "arm-training", **changes: Any) -> Summary:
    """Load one public summary and return what lists know of it, with study and categories."""
    make_documents(make_summary_file(key, **changes))
    return summary_named(key)


def summary_named(key: str) -> Summary:
    """A public summary with its study and categories."""
    whole = Summary.public().options(joinedload(Summary.category_links).joinedload(CategoryLink.category))
    return db.session.scalars(whole.where(Summary.key == key)).unique().one()


def public_keys() -> list[str]:
    """The keys of all public summaries, from A to Z."""
    return list(db.session.scalars(db.select(Summary.key).order_by(Summary.key)))


def _load(name: str, text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        load_library([path])
