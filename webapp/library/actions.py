"""Loading documents from files."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webapp.documents.actions import project_stale
from webapp.documents.projection import BATCH, Projection, Words, mark_stale
from webapp.documents.publishing import Ready, add_revision, make_live, reserve
from webapp.documents.schema import SummaryContent
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.library import queries
from webapp.library.checking import (
    Checked,
    LibraryError,
    Progress,
    check_library,
    check_together,
    lost_changes,
    read_library,
)
from webapp.library.diagnostics import Diagnostic, Reading, Wish
from webapp.library.list_rows import load_categories, load_terms
from webapp.models import Document, Revision
from webapp.site import site_language

log = logging.getLogger(__name__)
Over = Callable[[list[Any]], Iterable[Any]]
"""What shows progress over a list."""


@dataclass
class LoadReport:
    """What a load changed, by kind."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    categories: int = 0
    terms: int = 0
    kept: int = 0
    """Entries of the lists that stay as the owner made them, though a file has them otherwise."""
    hints: list[Diagnostic] = field(default_factory=list)
    """What drafts lack before they can be published."""


def load_library(
    paths: Iterable[Path],
    *,
    overwrite: bool = False,
    progress: Progress = iter,
    writing: Over = iter,
    language: str | None = None,
) -> LoadReport:
    """Bring files into the database. Loading the same files twice changes nothing.

    Everything is checked before anything is written: a fault stops all of it. Then documents are written some at a
    time, so that nobody waits for long; stopped in between, the next load does the rest. A document that was changed
    here since it was loaded is a fault, unless `overwrite`; so is an entry of a list where the file has changed the
    same of it since. What the owner alone changed of a list stays.
    """
    checked = check_library(paths, progress, language=language, overwrite=overwrite)
    states = queries.states()
    if not overwrite:
        _refuse_lost_changes(checked, states)
    return bring_in(checked, states, writing, overwrite=overwrite)


def add_missing_files(paths: Iterable[Path], *, language: str) -> LoadReport:
    """Bring in what the site lacks of the files, and change nothing that is there.

    A file is left out when what it needs is taken, such as its address or, by a summary of the owner's, its paper.
    """
    checked, _ = read_library(paths, language=language)
    states = queries.states()
    missing = [reading for reading in checked.documents if name_of(reading) not in states]
    if not missing:
        return LoadReport()
    check_together(missing, checked.groups or [], queries.Known.load())
    for reading in missing:
        for diagnostic in reading.diagnostics:
            log.warning("Not added: %s", diagnostic)
    checked.documents = [reading for reading in missing if not reading.diagnostics]
    categories = {category.slug for category in queries.every_category()}
    named = {slug for reading in checked.documents for slug in _categories_of(reading)}
    checked.groups = [
        group.model_copy(update={"categories": lacking})
        for group in checked.groups or []
        if (lacking := [one for one in group.categories if one.slug in named - categories])
    ]
    checked.terms = None
    # What is missing is added, also where the owner had deleted it: a document that is added names it.
    return bring_in(checked, states, overwrite=True)


def _categories_of(reading: Reading) -> list[str]:
    reading.unpack()
    typed = reading.typed
    return [*typed.get("categories", []), *filter(None, [typed.get("category")])]


def bring_in(
    checked: Checked,
    states: Mapping[queries.Name, queries.State],
    writing: Over = iter,
    *,
    overwrite: bool = False,
    by: str | None = None,
) -> LoadReport:
    """Write what was checked, some documents at a time; what the session holds already goes with the first commit.

    `overwrite`: whether what was taken down is published again. `by`: who is said to have saved each text; without it,
    its author.
    """
    report = LoadReport(hints=checked.hints)
    session = _session()
    if checked.groups is not None:
        report.categories, kept = load_categories(checked.groups, overwrite=overwrite)
        report.kept += kept
    if checked.terms is not None:
        report.terms, kept = load_terms(checked.terms, overwrite=overwrite)
        report.kept += kept
    if report.categories or report.terms:
        mark_stale(session)  # their names stand in the search index, their words in the links of the glossary
        raise_edition(session)
    db.session.commit()
    projection = Projection(session)
    in_turn = sorted(checked.documents, key=lambda reading: reading.wish)
    for wish, readings in groupby(writing(in_turn), lambda reading: reading.wish):
        if wish != Wish.PUBLISH:
            states = queries.states()  # another file of the same document may have changed it just now
        for some in _in_batches(_changed(readings, states, report)):
            _bring_in_batch(session, some, states, projection, report, overwrite=overwrite, by=by)
    project_stale()
    return report


def _changed(
    readings: Iterable[Reading], states: Mapping[queries.Name, queries.State], report: LoadReport
) -> Iterator[Reading]:
    """The files that ask for something that is not so yet."""
    for reading in readings:
        if is_unchanged(reading, states.get(name_of(reading))):
            report.unchanged += 1
        else:
            yield reading


def _bring_in_batch(
    session: Session,
    readings: Sequence[Reading],
    states: Mapping[queries.Name, queries.State],
    projection: Projection,
    report: LoadReport,
    *,
    overwrite: bool,
    by: str | None,
) -> None:
    """One commit: some files saved, and published if that is what they ask for."""
    for reading in readings:
        reading.unpack()
    words = [_words(projection, reading) for reading in readings]  # before anything is locked
    ready = []
    for reading, known in zip(readings, words, strict=True):
        document, revision = _save(session, reading, states.get(name_of(reading)), report, by)
        # What the owner took down, a file alone does not bring back.
        if reading.content and reading.wish == Wish.PUBLISH:
            ready.append(Ready(document, revision, reading.content, known, brings_back=overwrite))
        elif reading.content and reading.wish == Wish.SCHEDULE and (overwrite or document.unpublished_at is None):
            at = reading.publish_at or _midnight(reading.content.date)
            reserve(session, document, revision, reading.content, at)
    make_live(session, ready, projection)
    db.session.commit()
    session.expunge_all()
    for reading in readings:
        reading.pack()


def _in_batches(readings: Iterable[Reading]) -> Iterable[Sequence[Reading]]:
    batch: list[Reading] = []
    for reading in readings:
        batch.append(reading)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _words(projection: Projection, reading: Reading) -> Words | None:
    return projection.read(reading.content) if isinstance(reading.content, SummaryContent) else None


def is_unchanged(reading: Reading, state: queries.State | None) -> bool:
    """Whether what a file asks for is so: its text is public, to come, or the newest draft. What was taken down with
    this text stays so.
    """
    if state is None:
        return False
    digest, slug = reading.digest, reading.named_slug
    is_newest = digest == state.digest and slug in (None, state.newest_slug)
    match reading.wish:
        case Wish.PUBLISH:
            is_live = digest == state.live_digest and slug in (None, state.slug)
            return is_live or (is_newest and state.is_taken_down)
        case Wish.SCHEDULE:
            is_to_come = digest == state.scheduled_digest and slug in (None, state.scheduled_slug)
            is_then = reading.publish_at in (None, state.go_live_at)
            return (is_to_come and is_then) or digest == state.live_digest or (is_newest and state.is_taken_down)
        case _:
            return is_newest


def _save(
    session: Session, reading: Reading, state: queries.State | None, report: LoadReport, by: str | None
) -> tuple[Document, Revision]:
    """The document with the file's text as its newest revision."""
    if state is None:
        report.added += 1
        kind, language, key = name_of(reading)
        document = Document(kind=kind, key=key, language=language)
    else:
        report.updated += 1
        document = session.get_one(Document, state.document_id)
        if state.digest == reading.digest and reading.named_slug in (None, state.newest_slug):
            return document, session.get_one(Revision, state.revision_id)
    author = reading.typed.get("author")
    revision = add_revision(
        session,
        document,
        reading.typed,
        number=state.number + 1 if state else 1,
        by=by or (author if isinstance(author, str) and author else "a file"),
        origin="file",
        version=reading.version,
    )
    return document, revision


def _refuse_lost_changes(checked: Checked, states: Mapping[queries.Name, queries.State]) -> None:
    diagnostics = lost_changes(checked)
    for reading in checked.documents:
        state = states.get(name_of(reading))
        if state is None or not was_changed_here(reading, state):
            continue
        problem = "was changed on this site since it was loaded"
        remedy = "Export it first, or load with --overwrite to replace it"
        diagnostics.append(Diagnostic(reading.path, 1, reading.kind, problem, remedy))
    if diagnostics:
        raise LibraryError(diagnostics)


def was_changed_here(reading: Reading, state: queries.State) -> bool:
    """Whether a document was written on since it came from a file, so that this one would take the place of that."""
    return state.digest not in (state.file_digest, reading.digest) and not is_unchanged(reading, state)


def list_changes(checked: Checked) -> tuple[int, int]:
    """How many categories and glossary terms the lists would add or change. Nothing is changed."""
    try:
        categories = load_categories(checked.groups)[0] if checked.groups is not None else 0
        return categories, load_terms(checked.terms)[0] if checked.terms is not None else 0
    finally:
        db.session.rollback()


def name_of(reading: Reading) -> queries.Name:
    return reading.kind, reading.language or site_language(), reading.key


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _session() -> Session:
    return db.session()
