"""A draft of the summary of a new paper: the facts that are known, the rest as the form of any new summary has it."""

from __future__ import annotations

from typing import Any

from slugify import slugify

from webapp import clock
from webapp.desk.writing.lookup import look_up
from webapp.documents.queries import document_named
from webapp.documents.schema import JsonContent, SummaryContent
from webapp.models import Account, NewPaper
from webapp.scholarly.client import Client


def facts_of(paper: NewPaper, client: Client) -> tuple[dict[str, Any], bool]:
    """The facts of the study, and whether a service says that the paper was withdrawn.

    What Crossref says comes first: it has the authors in full and the number of the trial. The kind is a guess.
    """
    study: dict[str, Any] = {"doi": paper.doi, "pmid": paper.pmid} if paper.doi else {"pmid": paper.pmid}
    is_withdrawn = paper.is_retracted
    if paper.doi:
        found = look_up({"study": study}, client)
        study, is_withdrawn = dict(found.content["study"]), is_withdrawn or found.is_retracted
    known = {
        "title": paper.title,
        "journal": paper.journal,
        "published": str(paper.published or ""),
        "pmcid": paper.pmcid,
        "design": paper.design,
    }
    study |= {name: value for name, value in known.items() if value and not study.get(name)}
    return {name: value for name, value in study.items() if value}, is_withdrawn


def content_of(account: Account, paper: NewPaper, study: dict[str, Any]) -> JsonContent:
    """The text to begin with; its headline is the title of the paper until the owner writes one."""
    today = clock.today().isoformat()
    return {"title": paper.title, "date": today, "lastmod": today, "author": account.name, "study": study}


def key_of(paper: NewPaper) -> str:
    """The permanent name of the summary: of a paper the same each time, and of no other document."""
    short = slugify(paper.title, max_length=60, word_boundary=True)
    has_number = paper.doi or paper.pmid
    if short and has_number and document_named(SummaryContent.kind, short) is None:
        return short
    return slugify(f"{short[:40]} {paper.record}")
