"""What a draft of the summary of a paper begins with: the facts that are known, the rest as any new summary has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slugify import slugify

from webapp import clock
from webapp.desk.writing.lookup import look_up
from webapp.documents.queries import document_named
from webapp.documents.schema import JsonContent, SummaryContent
from webapp.models import AskedPaper, NewPaper
from webapp.scholarly.client import Client


@dataclass(frozen=True)
class Paper:
    """A paper that may get a summary, as one list of the desk knows it."""

    name: str
    """What the log calls it."""
    mark: str
    """Short, and of no other paper."""
    doi: str | None
    """In its normal form."""
    title: str
    journal: str
    published: str
    pmid: str | None = None
    pmcid: str | None = None
    record: str = ""
    """Of Europe PMC."""


def of_new(paper: NewPaper) -> Paper:
    return Paper(
        name=paper.record,
        mark=paper.record,
        doi=paper.doi,
        title=paper.title,
        journal=paper.journal,
        published=str(paper.published or ""),
        pmid=paper.pmid,
        pmcid=paper.pmcid,
        record=paper.record,
    )


def of_asked(paper: AskedPaper) -> Paper:
    return Paper(
        name=paper.doi,
        mark=f"asked-{paper.id}",
        doi=paper.doi,
        title=paper.title,
        journal=paper.journal,
        published=str(paper.published or ""),
    )


def facts_of(paper: Paper, client: Client) -> tuple[dict[str, Any], bool]:
    """The facts of the study, and whether a service says that the paper was withdrawn.

    What Crossref says comes first: it has the authors in full and the number of the trial.
    """
    study: dict[str, Any] = {"doi": paper.doi, "pmid": paper.pmid}
    is_withdrawn = False
    if paper.doi:
        found = look_up({"study": {name: value for name, value in study.items() if value}}, client)
        study, is_withdrawn = dict(found.content["study"]), found.is_retracted
    for name in ("title", "journal", "published", "pmcid"):
        study[name] = study.get(name) or getattr(paper, name)
    return {name: value for name, value in study.items() if value}, is_withdrawn


def content_of(paper: Paper, study: dict[str, Any], *, by: str) -> JsonContent:
    """The text to begin with; its headline is the title of the paper until the owner writes one."""
    today = clock.today().isoformat()
    return {"title": _title(paper, study), "date": today, "lastmod": today, "author": by, "study": study}


def key_of(paper: Paper, study: dict[str, Any]) -> str:
    """The permanent name of a new summary: made of the title, with the mark of the paper where another has it."""
    short = slugify(_title(paper, study), max_length=60, word_boundary=True)
    if short and document_named(SummaryContent.kind, short) is None:
        return short
    return slugify(f"{short[:40]} {paper.mark}", max_length=70)


def _title(paper: Paper, study: dict[str, Any]) -> str:
    return paper.title or str(study.get("title") or paper.name)
