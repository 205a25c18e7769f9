"""Writing the library to files: what is public, and drafts beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from webapp.documents.schema import JsonContent, canonical, parse, slug_of_title
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


class ExportError(Exception):
    """Nothing was written; the text says why."""


def _refuse_older(folder: Path) -> None:
    for name in (*FOLDERS.values(), SCHEDULED, DRAFTS):
        if next((folder / name).rglob("*.md"), None):
            raise ExportError(f"{folder / name} holds files already. Take an empty or a new folder.")


def export_library(folder: Path, progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None) -> int:
    """Write everything to files in `folder` and return how many documents that were.

    A public document is its live revision; what is scheduled lies in scheduled/ with its time, and a newer draft in
    drafts/. Loaded into an empty site, readers see the same texts at the same addresses. The history, addresses of
    before and what was taken down stay here: a backup keeps them.

    Raises ExportError where an older export lies: its files would pass for this one's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_older(folder)
    _write_lists(folder)
    rows: Iterable[Any] = queries.documents_with_texts()
    count = queries.document_count()
    for document, newest, live, scheduled in progress(rows, count) if progress else rows:
        if live is not None:
            _write(folder / FOLDERS[document.kind], document, live)
        if scheduled is not None:
            _write(folder / SCHEDULED / FOLDERS[document.kind], document, scheduled, at=document.go_live_at)
        if newest.id not in {revision.id for revision in (live, scheduled) if revision is not None}:
            _write(folder / DRAFTS / FOLDERS[document.kind], document, newest, is_draft=True)
    return count


def _write(
    folder: Path, document: Document, revision: Revision, *, is_draft: bool = False, at: dt.datetime | None = None
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "" if document.language == site_language() else f".{document.language}"
    content = revision.content if is_draft else _as_it_stands(document, revision, is_live=at is None)
    text = write(document.kind, content, version=revision.schema_version, is_draft=is_draft, publish_at=at)
    (folder / f"{document.key}{suffix}.md").write_text(text, encoding="utf-8")


def _as_it_stands(document: Document, revision: Revision, *, is_live: bool) -> JsonContent:
    """The text with the slug at which it stands, where that would not follow from the text, and the day since which
    readers see it.
    """
    try:
        content = parse(document.kind, revision.content, revision.schema_version)
    except ValidationError:  # as it was published by an older version of this site
        return revision.content
    known: dict[str, object] = {}
    if is_live and document.kind != "topic":
        known["slug"] = document.slug
    if is_live and document.first_published_at:
        known["date"] = document.first_published_at.date()
    return canonical(content.model_copy(update=known), document.key)


def _write_lists(folder: Path) -> None:
    groups: dict[str, list[CategorySchema]] = {}
    for category in queries.every_category():
        one = CategorySchema.model_validate({name: getattr(category, name) for name in CategorySchema.model_fields})
        groups.setdefault(category.group, []).append(one)
    listed = [GroupSchema(name=name, categories=parts) for name, parts in groups.items()]
    (folder / CATEGORIES).write_text(write_list(listed), encoding="utf-8")
    terms = [
        TermSchema(
            term=term.name,
            slug=term.slug if term.slug != slug_of_title(term.name) else None,
            also=term.also,
            definition=term.definition,
            source=term.source,
            checked=term.is_checked,
            leads_to=term.leads_to,
        )
        for term in queries.every_term()
    ]
    (folder / GLOSSARY).write_text(write_list(terms), encoding="utf-8")
