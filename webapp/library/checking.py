"""Reads every file of a library before anything is changed: one by one, and together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from webapp.documents.checking import problems_in, unknown_names
from webapp.documents.schema import Content, SummaryContent, canonical
from webapp.library import list_rows, queries
from webapp.library.diagnostics import Diagnostic, Reading, Wish
from webapp.library.files import read, report_problem
from webapp.library.list_joining import Entries
from webapp.library.lists import GroupSchema, TermSchema, read_list
from webapp.library.source import failures_reported
from webapp.urls import is_free_for_pages

Progress = Callable[[list[Path]], Iterable[Path]]
CATEGORIES, GLOSSARY = "categories.yml", "glossary.yml"


class LibraryError(Exception):
    """The files cannot be loaded; `diagnostics` says why, each with its remedy."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = sorted(diagnostics)


@dataclass
class Checked:
    """What the files of a library hold."""

    documents: list[Reading] = field(default_factory=list)
    groups: list[GroupSchema] | None = None
    terms: list[TermSchema] | None = None
    lists: dict[str, Reading] = field(default_factory=dict)
    """The files of these two, with the line of each slug, by their name."""
    hints: list[Diagnostic] = field(default_factory=list)
    """What drafts lack before they can be published."""


def _files(paths: Iterable[Path]) -> list[Path]:
    """Every file named, and every document and list inside every folder named."""
    found: list[Path] = []
    for path in paths:
        found += sorted([*path.rglob("*.md"), *path.rglob("*.yml")]) if path.is_dir() else [path]
    return found


def check_library(
    paths: Iterable[Path], progress: Progress = iter, *, language: str | None = None, overwrite: bool = False
) -> Checked:
    """Read and check every file. Raises LibraryError with all faults of all files at once.

    `language`: of files whose name says none; without it, that of the site. `overwrite`: whether the lists are to be
    as the files have them, whatever the owner changed.
    """
    checked, diagnostics = read_library(paths, progress, language=language)
    if not diagnostics:  # else a list may be read in part
        diagnostics += check_lists(checked, overwrite=overwrite)
    check_together(checked.documents, _brought(checked, overwrite=overwrite), queries.Known.load())
    diagnostics += [diagnostic for reading in checked.documents for diagnostic in reading.diagnostics]
    if diagnostics:
        raise LibraryError(diagnostics)
    checked.hints = sorted(hint for reading in checked.documents for hint in reading.hints)
    return checked


def read_library(
    paths: Iterable[Path],
    progress: Progress = iter,
    *,
    language: str | None = None,
    called: Callable[[Path], str] = str,
    as_drafts: bool = False,
) -> tuple[Checked, list[Diagnostic]]:
    """Read every file, and check each by itself; and the faults of the lists.

    `called`: what a file is called in faults. `as_drafts`: they are only saved, whatever they say.
    """
    checked, diagnostics = Checked(), []
    for path in progress(_files(paths)):
        if path.name == CATEGORIES:
            checked.lists[CATEGORIES], checked.groups = read_list(path, GroupSchema, called(path))
            diagnostics += checked.lists[CATEGORIES].diagnostics
        elif path.name == GLOSSARY:
            checked.lists[GLOSSARY], checked.terms = read_list(path, TermSchema, called(path))
            diagnostics += checked.lists[GLOSSARY].diagnostics
        else:
            reading = read(path, called(path), as_draft=as_drafts)
            reading.language = reading.language or language
            with failures_reported(reading):
                check_content(reading)
            reading.pack()
            checked.documents.append(reading)
    return checked, diagnostics


def check_lists(checked: Checked, *, overwrite: bool) -> list[Diagnostic]:
    """The faults of the lists as they will be with what is here: names that two terms have, ways that lead nowhere."""
    found = []
    for name, list_name, file in _lists_of(checked):
        reading = checked.lists[name]
        for slug, field_name, problem, remedy in list_rows.faults_in(list_name, file, overwrite=overwrite):
            line = reading.lines.get(slug, 1)
            found.append(Diagnostic(reading.path, line, f"{slug}.{field_name}", problem, remedy))
    return found


def lost_changes(checked: Checked) -> list[Diagnostic]:
    """Entries of the lists that the owner changed here, where the file has something new for them too."""
    found = []
    for name, list_name, file in _lists_of(checked):
        reading = checked.lists[name]
        for slug, field_name in list_rows.conflicts_with(list_name, file):
            where = f"{slug}.{field_name}" if field_name else slug
            problem = f"was {'changed' if field_name else 'deleted'} on this site since it was loaded"
            remedy = "Export it first, or load with --overwrite to replace it"
            found.append(Diagnostic(reading.path, reading.lines.get(slug, 1), where, problem, remedy))
    return found


def _lists_of(checked: Checked) -> Iterable[tuple[str, str, Entries]]:
    """The lists among the files: the name of the file, that of the list, and its entries."""
    if checked.groups is not None:
        yield CATEGORIES, list_rows.CATEGORIES, list_rows.entries_of_groups(checked.groups)
    if checked.terms is not None:
        yield GLOSSARY, list_rows.TERMS, list_rows.entries_of_terms(checked.terms)


def _brought(checked: Checked, *, overwrite: bool) -> list[GroupSchema]:
    """The groups of the files, without categories that the owner has deleted: no document may name those."""
    groups = checked.groups or []
    gone = set() if overwrite or not groups else set(list_rows.slugs_left_out(groups))
    return [
        group.model_copy(update={"categories": [one for one in group.categories if one.slug not in gone]})
        for group in groups
    ]


def check_content(reading: Reading) -> None:
    """Add the faults of a text of the right shape; keep of it, from here on, what is stored."""
    if reading.content is None:
        return
    for problem in problems_in(reading.content, reading.version):
        report_problem(problem, reading)
    reading.typed = canonical(reading.content, reading.key)


def check_together(readings: Iterable[Reading], groups: Sequence[GroupSchema], known: queries.Known) -> None:
    """Add the faults that only show among several files: names that lead nowhere, twins."""
    readings = [reading for reading in readings if reading.key]
    categories = known.categories | {category.slug for group in groups for category in group.categories}
    summaries = {language: set(keys) for language, keys in known.summaries.items()}
    for reading in readings:
        if reading.kind == SummaryContent.kind:
            summaries.setdefault(reading.language or known.language, set()).add(reading.key)
    known.led_on |= {one.slug: one.leads_to for group in groups for one in group.categories if one.leads_to}
    taken = Taken(known)
    for reading in readings:
        taken.name(reading)
        reading.unpack()
        if reading.content is not None:
            here = summaries.get(reading.language or known.language, set())
            for problem in unknown_names(reading.content, categories, here):
                report_problem(problem, reading)
            if reading.wish != Wish.SAVE:
                taken.slug(reading, reading.content)
                taken.paper(reading, reading.content)
        reading.pack()


class Taken:
    """Names, addresses and papers that are some document's, here or in a file read before."""

    def __init__(self, known: queries.Known) -> None:
        self.known = known
        self.names: dict[tuple[str, ...], str] = {}
        self.slugs, self.papers = dict(known.slugs), {paper: set(keys) for paper, keys in known.papers.items()}

    def name(self, reading: Reading) -> None:
        """A document has one file for each thing that can be asked for: what is public, what is to come, a draft."""
        name = (*self._here(reading), reading.key, reading.wish.name)
        if name in self.names:
            reading.report(1, "file name", f"is used by {self.names[name]} too", "Give each document its own name")
        self.names.setdefault(name, reading.path)
        held = self.known.languages.get((reading.kind, reading.key), set())
        if reading.language is None and held and self.known.language not in held:
            problem = f"names no language, and {reading.key} is here in {', '.join(sorted(held))}"
            remedy = f"Write {reading.key}.{min(held)}.md, or {reading.key}.{self.known.language}.md for another text"
            reading.report(1, "file name", problem, remedy)

    def slug(self, reading: Reading, content: Content) -> None:
        here = self._here(reading)
        slug = content.slug_at(reading.key, self.known.frozen.get((*here, reading.key)))
        if reading.kind == "topic":
            slug = self.known.stands_at(slug)
        if reading.kind == "page" and not is_free_for_pages(slug):
            problem = f"is {slug}, an address that the site itself uses"
            reading.report(
                reading.lines.get("slug", 1), "slug", problem, "Write another `slug:`, or name the file anew"
            )
        owner = self.slugs.setdefault((*here, slug), reading.key)
        if owner != reading.key:
            place = next((name for name in ("slug", "study", "title") if name in reading.lines), "")
            problem = f"is {slug}, which {owner} has already"
            reading.report(reading.lines.get(place, 1), "slug", problem, "Write another `slug:`")

    def paper(self, reading: Reading, content: Content) -> None:
        """One paper has one summary; where an older site holds two, both stay."""
        if not isinstance(content, SummaryContent) or not content.study.doi:
            return
        _, language = self._here(reading)
        owners = self.papers.setdefault((language, content.study.doi), {reading.key})
        if reading.key not in owners:
            problem = f"is that of {min(owners)}: one paper has one summary"
            line = reading.lines.get("study", 1)
            reading.report(line, "study.doi", problem, f"Change {min(owners)}, or correct the DOI")

    def _here(self, reading: Reading) -> tuple[str, str]:
        return reading.kind, reading.language or self.known.language
