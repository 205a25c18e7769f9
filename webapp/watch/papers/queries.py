"""New papers as the desk lists them, what is known of each already, and how far the search has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from webapp.documents.schema import SummaryContent
from webapp.editorial.characters import on_one_line
from webapp.extensions import db
from webapp.models import AskedPaper, Category, Document, NewPaper, PaperSearch, Revision, Study, Term
from webapp.scholarly.identifiers import doi_or_none
from webapp.watch.papers.asked import asked_for, is_asked_for
from webapp.watch.papers.topics import Topic, topics_of

STATES = ("waiting", "asked", "drafted", "declined")
"""What a list of papers can be narrowed to. `asked`: those of the waiting that readers asked for."""
NONE = "none"
"""Stands in an address for papers without a guess."""


class Choice(NamedTuple):
    """What is to be listed; empty text: any."""

    state: str = "waiting"
    design: str = ""
    topic: str = ""


class Listed(NamedTuple):
    """A paper in a list."""

    paper: NewPaper
    asked: AskedPaper | None
    """As readers asked for it."""
    summary: Document | None


class Known(NamedTuple):
    """A summary, public or a draft, and the numbers of its paper."""

    document_id: int
    doi: str | None
    pmid: str | None


def papers(choice: Choice, page: int, per_page: int) -> tuple[list[Listed], bool]:
    """A page of them and whether there are more: those that readers asked for, then the strongest, then the newest."""
    order: list[ColumnElement[Any]] = [
        NewPaper.strength.desc(),
        NewPaper.published.desc().nulls_last(),
        NewPaper.id.desc(),
    ]
    if choice.state == "waiting":
        order.insert(0, is_asked_for().desc())
    rows = select(NewPaper).where(*_narrowed(choice)).order_by(*order).offset((page - 1) * per_page).limit(per_page + 1)
    found = list(db.session.scalars(rows))
    shown = found[:per_page]
    asked = asked_for([paper.doi for paper in shown if paper.doi])
    ids = [paper.document_id for paper in shown if paper.document_id]
    summaries = {one.id: one for one in db.session.scalars(select(Document).where(Document.id.in_(ids)))} if ids else {}
    listed = [Listed(paper, asked.get(paper.doi or ""), summaries.get(paper.document_id or 0)) for paper in shown]
    return listed, len(found) > per_page


def count_of(state: str) -> int:
    """How many papers a list holds, before it is narrowed further."""
    return db.session.scalar(select(func.count()).select_from(NewPaper).where(*_narrowed(Choice(state)))) or 0


def counts_by(column: str, choice: Choice) -> dict[str, int]:
    """How many papers of each guessed `design` or `topic` the list would hold; with NONE for those without."""
    field = {"design": NewPaper.design, "topic": NewPaper.topic}[column]
    rows = select(field, func.count()).where(*_narrowed(choice._replace(**{column: ""}))).group_by(field)
    return {value or NONE: count for value, count in db.session.execute(rows)}


def paper_by_id(id_: int) -> NewPaper | None:
    return db.session.get(NewPaper, id_, populate_existing=True)


def paper_drafted_as(document: Document) -> NewPaper | None:
    """The new paper from which a summary was begun."""
    return db.session.scalar(select(NewPaper).where(NewPaper.document_id == document.id).limit(1))


def the_search() -> PaperSearch | None:
    """How far the search has come; None before the first one."""
    return db.session.scalar(select(PaperSearch).order_by(PaperSearch.id).limit(1))


def topics() -> list[Topic]:
    """What a paper can be about, as the categories and the glossary are now."""
    names = [term.names for term in db.session.scalars(Term.listed())]
    return topics_of([(one.slug, one.name, one.description) for one in categories()], names)


def categories() -> list[Category]:
    return list(db.session.scalars(Category.listed()))


def found_before(records: Iterable[str], dois: Iterable[str], pmids: Iterable[str]) -> list[NewPaper]:
    """The papers with one of these names, whatever was decided about them."""
    same = or_(NewPaper.record.in_(list(records)), NewPaper.doi.in_(list(dois)), NewPaper.pmid.in_(list(pmids)))
    return list(db.session.scalars(select(NewPaper).where(same), execution_options={"populate_existing": True}))


def known_papers(dois: Collection[str], pmids: Collection[str]) -> Iterator[Known]:
    """Summaries of these papers: those readers see, and those that are being written."""
    public = select(Study.document_id, Study.doi, Study.pmid)
    for id_, doi, pmid in db.session.execute(public.where(or_(func.lower(Study.doi).in_(dois), Study.pmid.in_(pmids)))):
        yield Known(id_, doi and doi.lower(), pmid)
    for known in _drafts():
        if known.doi in dois or known.pmid in pmids:
            yield known


class Written(NamedTuple):
    """A paper that waits, and the summary that there is of it."""

    paper_id: int
    document_id: int


def written_meanwhile() -> list[Written]:
    """Waiting papers that got a summary in another way. Nobody else can write meanwhile: each table is read once."""
    names = {
        name: one.document_id for one in (*_drafts(), *_public_of_waiting()) for name in (one.doi, one.pmid) if name
    }
    waiting = select(NewPaper.id, NewPaper.doi, NewPaper.pmid).where(NewPaper.state == "waiting")
    rows = db.session.execute(waiting).all() if names else []
    found = ((id_, names.get(doi or "") or names.get(pmid or "")) for id_, doi, pmid in rows)
    return [Written(id_, document_id) for id_, document_id in found if document_id]


def _public_of_waiting() -> Iterator[Known]:
    """Summaries that readers see of papers that wait. A join of the two would hold each against each."""
    dois, pmids = (select(name).where(NewPaper.state == "waiting") for name in (NewPaper.doi, NewPaper.pmid))
    rows = select(Study.document_id, func.lower(Study.doi), Study.pmid)
    for row in db.session.execute(rows.where(or_(func.lower(Study.doi).in_(dois), Study.pmid.in_(pmids)))):
        yield Known(*row)


def _drafts() -> Iterator[Known]:
    """Summaries that readers do not see, with the numbers that stand in their newest text."""
    other = aliased(Revision)
    newest = select(func.max(other.number)).where(other.document_id == Document.id).scalar_subquery()
    study = Revision.content["study"]
    rows = (
        select(Document.id, study["doi"].as_string(), study["pmid"].as_string())
        .join(Revision, (Revision.document_id == Document.id) & (Revision.number == newest))
        .where(Document.kind == SummaryContent.kind, Document.live_revision_id.is_(None))
    )
    for id_, doi, pmid in db.session.execute(rows):
        yield Known(id_, doi_or_none(str(doi or "")), on_one_line(str(pmid or "")) or None)


def _narrowed(choice: Choice) -> list[ColumnElement[bool]]:
    state = "waiting" if choice.state == "asked" else choice.state
    conditions = [NewPaper.state == state]
    if choice.state == "asked":
        conditions.append(is_asked_for())
    for field, value in ((NewPaper.design, choice.design), (NewPaper.topic, choice.topic)):
        if value:
            conditions.append(field == ("" if value == NONE else value))
    return conditions


def without_plain_answer(most_tries: int, limit: int) -> Select[Any]:
    """Waiting papers of which it is not known whether the authors told them in plain words, the least tried first."""
    unknown = (NewPaper.state == "waiting", NewPaper.plain_summary == "", NewPaper.pmid.is_not(None))
    rows = select(NewPaper).where(*unknown, NewPaper.plain_tries < most_tries)
    return rows.order_by(NewPaper.plain_tries, NewPaper.id).limit(limit)


def days_of_last_search() -> tuple[dt.datetime | None, dt.datetime | None, str]:
    """When the site could first search, when a search last came to its end, and why the last try did not."""
    row = the_search()
    return (row.begun_at, row.done_at, row.problem) if row else (None, None, "")
