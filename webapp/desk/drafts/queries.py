"""Which summary there is of a paper already, whichever list of the desk has the paper."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select

from webapp.desk.drafts.facts import Paper
from webapp.documents.queries import document_named
from webapp.documents.schema import SummaryContent
from webapp.extensions import db
from webapp.models import AskedPaper, Document, NewPaper
from webapp.scholarly.identifiers import doi_or_none
from webapp.watch.papers.queries import known_papers


class Names(NamedTuple):
    """What a paper goes by."""

    records: list[str]
    dois: list[str]
    pmids: list[str]

    @property
    def new(self) -> ColumnElement[bool]:
        """Whether a new paper is this one."""
        same = (NewPaper.record.in_(self.records), NewPaper.doi.in_(self.dois), NewPaper.pmid.in_(self.pmids))
        return or_(*same)

    @property
    def asked(self) -> ColumnElement[bool]:
        """Whether a paper that readers asked for is this one."""
        return AskedPaper.doi.in_(self.dois)


def names_of(paper: Paper, study: dict[str, Any]) -> Names:
    """The names it has in the list, and those that a service told."""
    dois = {doi for doi in (paper.doi, doi_or_none(str(study.get("doi") or ""))) if doi}
    pmids = {str(pmid) for pmid in (paper.pmid, study.get("pmid")) if pmid}
    return Names([paper.record] if paper.record else [], sorted(dois), sorted(pmids))


def summary_of(names: Names) -> Document | None:
    """The summary, public or a draft: that was begun for the paper, that has its numbers, or that tells of it."""
    begun = select(NewPaper.document_id).where(names.new, NewPaper.document_id.is_not(None)).limit(1)
    id_ = db.session.scalar(begun) or next((one.document_id for one in known_papers(names.dois, names.pmids)), None)
    if id_ is not None:
        return db.session.get(Document, id_)
    key = db.session.scalar(select(AskedPaper.summary_key).where(names.asked, AskedPaper.summary_key.is_not(None)))
    return document_named(SummaryContent.kind, key) if key else None


def guessed_design(names: Names) -> str:
    """What kind of study it may be, where it was found as a new paper; empty where there is no guess."""
    return db.session.scalar(select(NewPaper.design).where(names.new, NewPaper.design != "").limit(1)) or ""


def is_withdrawn(names: Names) -> bool:
    """Whether it is known already, in either list, that the paper was withdrawn."""
    new = select(NewPaper.id).where(names.new, NewPaper.is_retracted)
    asked = select(AskedPaper.id).where(names.asked, AskedPaper.withdrawn_at.is_not(None))
    return db.session.scalar(select(or_(new.exists(), asked.exists()))) is True
