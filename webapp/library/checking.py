"""What makes summary files fit to publish, beyond their schema: one by one, and together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from webapp.editorial import readability
from webapp.library import queries
from webapp.library.diagnostics import Diagnostic, Reading
from webapp.library.files import read
from webapp.library.lists import GroupSchema, TermSchema, read_list
from webapp.library.mapping import slug_of
from webapp.library.schema import SummaryFile
from webapp.library.source import failures_reported

Progress = Callable[[list[Path]], Iterable[Path]]
RETRACTED = "Retracted: "
CATEGORIES, GLOSSARY = "categories.yml", "glossary.yml"


class LibraryError(Exception):
    """The files cannot be loaded; `faults` says why, each with its remedy."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = sorted(diagnostics)


@dataclass
class Checked:
    """Files read and found without fault."""

    summaries: list[SummaryFile] = field(default_factory=list)
    groups: list[GroupSchema] | None = None
    terms: list[TermSchema] | None = None
    paths: dict[str, str] = field(default_factory=dict)


def _files(paths: Iterable[Path]) -> list[Path]:
    """Every file named, and every summary and list inside every folder named."""
    found: list[Path] = []
    for path in paths:
        found += sorted([*path.rglob("*.md"), *path.rglob("*.yml")]) if path.is_dir() else [path]
    return found


def check_library(paths: Iterable[Path], progress: Progress = iter) -> Checked:
    """Read and check every file. Raises LibraryError with all faults of all files at once."""
    checked, readings, diagnostics = Checked(), [], []
    for path in progress(_files(paths)):
        if path.name == CATEGORIES:
            listed, checked.groups = read_list(path, GroupSchema)
            diagnostics += listed.diagnostics
        elif path.name == GLOSSARY:
            listed, checked.terms = read_list(path, TermSchema)
            diagnostics += listed.diagnostics
        else:
            reading = read(path)
            with failures_reported(reading):
                check_prose(reading)
            readings.append(reading)
    known = {category.slug for category in queries.every_category()} | {
        category.slug for group in checked.groups or [] for category in group.categories
    }
    check_together(readings, known, {summary.key for summary in queries.every_summary()})
    diagnostics += [diagnostic for reading in readings for diagnostic in reading.diagnostics] + _twin_slugs(readings)
    if diagnostics:
        raise LibraryError(diagnostics)
    checked.summaries = [reading.summary for reading in readings if reading.summary]
    checked.paths = {reading.summary.key: reading.path for reading in readings if reading.summary}
    return checked


def _twin_slugs(readings: list[Reading]) -> list[Diagnostic]:
    taken = {summary.slug: summary.key for summary in queries.every_summary()}
    diagnostics = []
    for reading in readings:
        if reading.summary:
            slug = slug_of(reading.summary.front)
            if taken.setdefault(slug, reading.summary.key) != reading.summary.key:
                line = reading.lines.get("slug", reading.lines.get("study", 1))
                problem = f"is {slug}, which {taken[slug]} has already"
                diagnostics.append(Diagnostic(reading.path, line, "slug", problem, "Write another `slug:`"))
    return diagnostics


def check_prose(reading: Reading) -> None:
    """Add the faults of the text: reading grade, sentence length, a missing limitation, and
    a retracted paper whose title does not say so.

    A written `exception` in the front matter lifts the grade and the missing limitation: the owner
    answers for it there. Long sentences are always named.
    """
    summary = reading.summary
    if summary is None:
        return
    line = reading.lines.get
    if not summary.front.exception:
        grade = readability.grade(summary.simple_explanation)
        if grade > readability.MAX_GRADE:
            reading.report(
                line("Simple Explanation", 1),
                "Simple Explanation",
                f"has reading grade {grade}, above {readability.MAX_GRADE}",
                "Use shorter sentences and shorter words, or give a reason in `exception:`",
            )
        if not summary.limitations:
            reading.report(
                line("Study Limitations", 1),
                "Study Limitations",
                "names no limitation",
                "Write at least one, or give a reason in `exception:`",
            )
    notice = summary.front.study.notice
    if notice and notice.kind == "retraction" and not summary.front.title.startswith(RETRACTED):
        reading.report(
            line("title", 1),
            "title",
            "does not say that the paper was withdrawn",
            f"Begin it with “{RETRACTED}”: a title is often all that is read",
        )
    for heading, text in summary.sections.items():
        where = heading if heading in reading.lines else "description"
        for sentence in readability.long_sentences(text):
            reading.report(
                line(where, 1),
                where,
                f"has a sentence of {len(sentence.split())} words: “{' '.join(sentence.split()[:8])} …”",
                f"Split it; at most {readability.MAX_SENTENCE_WORDS} words",
            )


def check_together(readings: Iterable[Reading], categories: set[str], keys: set[str]) -> None:
    """Add the faults that only show among several files: unknown categories and relations, twins.

    `categories` and `keys` are the slugs and summary keys known besides these files.
    """
    whole = [(reading, reading.summary) for reading in readings if reading.summary]
    seen: dict[str, str] = {}
    known = keys | {summary.key for _, summary in whole}
    for reading, summary in whole:
        if summary.key in seen:
            reading.report(1, "file name", f"is used by {seen[summary.key]} too", "Give each summary its own name")
        seen.setdefault(summary.key, reading.path)
        listed = summary.front.categories
        for slug in sorted({slug for slug in listed if listed.count(slug) > 1}):
            reading.report(reading.lines.get("categories", 1), "categories", f"“{slug}” stands twice", "Take one out")
        for slug in listed:
            if slug not in categories:
                remedy = f"Use one of: {', '.join(sorted(categories))}" if categories else "Load categories.yml first"
                reading.report(reading.lines.get("categories", 1), "categories", f"“{slug}” is not a category", remedy)
        for key in summary.front.related:
            if key not in known:
                reading.report(
                    reading.lines.get("related", 1),
                    "related",
                    f"“{key}” is not a summary",
                    "Write the file name of another summary, without .md",
                )
