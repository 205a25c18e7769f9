"""Writing the library to files: what is public, and drafts beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from webapp.documents.schema import JsonContent, canonical, parse
from webapp.library import queries
from webapp.library.checking import CATEGORIES, GLOSSARY
from webapp.library.files import write
from webapp.library.lists import CategorySchema, GroupSchema, TermSchema, write_list
from webapp.models import Document, Revision
from webapp.site import site_language

FOLDERS = {"summary": "summaries", "topic": "topics", "page": "pages"}
"""Where the files of each kind lie."""
SCHEDULED, DRAFTS = "scheduled", "drafts"
"""Where texts lie that readers are to see later, and those that are newer than both."""


def export_library(folder: Path, progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None) -> int:
    """Write everything to files in `folder` and return how many documents that were.

    Loaded into an empty site, the files make the same one: a public document is its live revision; what is scheduled
    lies in scheduled/ with its day, and a newer draft in drafts/. The history of a document stays here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_lists(folder)
    rows: Iterable[Any] = queries.documents_with_texts()
    count = queries.document_count()
    for document, newest, live, scheduled in progress(rows, count) if progress else rows:
        if live is not None:
            _write(folder / FOLDERS[document.kind], document, live, _with_address(document, live))
        if scheduled is not None:
            content = _with_day(document, _with_address(document, scheduled))
            _write(folder / SCHEDULED / FOLDERS[document.kind], document, scheduled, content)
        if newest.id not in {revision.id for revision in (live, scheduled) if revision is not None}:
            _write(folder / DRAFTS / FOLDERS[document.kind], document, newest, newest.content, is_draft=True)
    return count


def _write(
    folder: Path, document: Document, revision: Revision, content: JsonContent, *, is_draft: bool = False
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "" if document.language == site_language() else f".{document.language}"
    text = write(document.kind, content, version=revision.schema_version, is_draft=is_draft)
    (folder / f"{document.key}{suffix}.md").write_text(text, encoding="utf-8")


def _with_day(document: Document, content: JsonContent) -> JsonContent:
    """The text with the day on which it is to be published: a file knows no hour."""
    day = document.go_live_at and document.go_live_at.date().isoformat()
    return content | {"date": day} if day else content


def _with_address(document: Document, revision: Revision) -> JsonContent:
    """The text with the slug at which it stands, where that would not follow from the text."""
    try:
        content = parse(document.kind, revision.content, revision.schema_version)
    except ValidationError:  # as it was published by an older version of this site
        return revision.content
    return canonical(content.model_copy(update={"slug": document.slug or content.slug}), document.key)


def _write_lists(folder: Path) -> None:
    groups: dict[str, list[CategorySchema]] = {}
    for category in queries.every_category():
        one = CategorySchema(slug=category.slug, name=category.name, description=category.description)
        groups.setdefault(category.group, []).append(one)
    listed = [GroupSchema(name=name, categories=parts) for name, parts in groups.items()]
    (folder / CATEGORIES).write_text(write_list(listed), encoding="utf-8")
    terms = [
        TermSchema(
            term=term.name, also=term.also, definition=term.definition, source=term.source, checked=term.is_checked
        )
        for term in queries.every_term()
    ]
    (folder / GLOSSARY).write_text(write_list(terms), encoding="utf-8")
