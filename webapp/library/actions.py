"""Loading summaries from files and writing them to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete

from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.glossary.marking import Glossary
from webapp.library import queries
from webapp.library.checking import CATEGORIES, GLOSSARY, Checked, LibraryError, Progress, check_library
from webapp.library.diagnostics import Diagnostic
from webapp.library.files import write
from webapp.library.lists import CategorySchema, GroupSchema, TermSchema, write_list
from webapp.library.mapping import as_file, digest_of, fill, slug_of, slug_of_title
from webapp.models import Category, OldSlug, Study, Summary, Term
from webapp.search.index import index


@dataclass
class LoadReport:
    """What a load changed, by kind."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    categories: int = 0
    terms: int = 0


def load_library(paths: Iterable[Path], *, overwrite: bool = False, progress: Progress = iter) -> LoadReport:
    """Bring the files into the database, all or nothing. Loading the same files twice changes nothing.

    A summary that was changed here since it was loaded is a fault, unless `overwrite`.
    """
    checked = check_library(paths, progress)
    existing = {summary.key: summary for summary in queries.every_summary()}
    report = LoadReport()
    if not overwrite:
        _refuse_lost_changes(checked, existing)
    if checked.groups is not None:
        report.categories = _load_categories(checked.groups)
    if checked.terms is not None:
        report.terms = _load_terms(checked.terms)
    categories = {category.slug: category for category in queries.every_category()}
    changed = []
    for file in checked.summaries:
        digest, summary = digest_of(file), existing.get(file.key)
        if summary and digest == digest_of(as_file(summary)):
            report.unchanged += 1
            continue
        if summary is None:
            summary = Summary(key=file.key, study=Study())
            db.session.add(summary)
            report.added += 1
        else:
            report.updated += 1
        with db.session.no_autoflush:
            _move_slug(summary, slug_of(file.front))
            fill(summary, file, categories, digest)
        changed.append(summary)
    if changed or report.categories or report.terms:
        db.session.flush()
        everything = queries.every_summary() if report.categories or report.terms else changed
        index.replace(db.session(), everything, Glossary(queries.every_term()))
        raise_edition()
    db.session.commit()
    return report


def _refuse_lost_changes(checked: Checked, existing: dict[str, Summary]) -> None:
    diagnostics = []
    for file in checked.summaries:
        summary = existing.get(file.key)
        if summary is None:
            continue
        here = digest_of(as_file(summary))
        if here not in (summary.loaded_digest, digest_of(file)):
            problem = "was changed on this site since it was loaded"
            remedy = "Export it first, or load with --overwrite to replace it"
            diagnostics.append(Diagnostic(checked.paths[file.key], 1, "summary", problem, remedy))
    if diagnostics:
        raise LibraryError(diagnostics)


def _move_slug(summary: Summary, slug: str) -> None:
    """Let the old slug lead to the new one."""
    if summary.slug and summary.slug != slug:
        db.session.merge(OldSlug(slug=summary.slug, summary_id=summary.id))
    db.session.execute(delete(OldSlug).where(OldSlug.slug == slug))


def _load_categories(groups: list[GroupSchema]) -> int:
    """Add and change categories; those not listed stay. Returns how many changed."""
    existing = {category.slug: category for category in queries.every_category()}
    changed, position = 0, 0
    for group in groups:
        for listed in group.categories:
            position += 1
            category = existing.get(listed.slug) or Category(slug=listed.slug)
            values = {
                "name": listed.name,
                "description": listed.description,
                "group": group.name,
                "position": position,
            }
            changed += _update(category, values)
            db.session.add(category)
    db.session.flush()
    return changed


def _load_terms(terms: list[TermSchema]) -> int:
    """Add and change glossary terms; those not listed stay. Returns how many changed."""
    existing = {term.slug: term for term in queries.every_term()}
    changed = 0
    for listed in terms:
        slug = slug_of_title(listed.term)
        term = existing.get(slug) or Term(slug=slug)
        values = {
            "name": listed.term,
            "also": listed.also,
            "definition": listed.definition,
            "source": listed.source,
            "is_checked": listed.checked,
        }
        changed += _update(term, values)
        db.session.add(term)
    db.session.flush()
    return changed


def _update(row: Category | Term, values: Mapping[str, object]) -> bool:
    """Set what differs, and say whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(row, name, None) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def export_library(folder: Path, progress: Callable[[list[Summary]], Iterable[Summary]] = iter) -> int:
    """Write everything to files in `folder` and return how many summaries that were."""
    (folder / "summaries").mkdir(parents=True, exist_ok=True)
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
    summaries = queries.every_summary()
    for summary in progress(summaries):
        (folder / "summaries" / f"{summary.key}.md").write_text(write(as_file(summary)), encoding="utf-8")
    return len(summaries)
