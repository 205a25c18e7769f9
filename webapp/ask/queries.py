"""Papers that readers asked for: which there are, what became of each, and how many want it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from webapp.database import LARGEST_NUMBER
from webapp.documents.queries import document_named
from webapp.extensions import db
from webapp.models import AskedPaper, Document, PaperWish, Study, Summary
from webapp.site import site_language

PER_PAGE = 20
State = Literal["asked", "planned", "done", "no", "withdrawn"]
"""What became of a paper: nothing yet, or what the owner answered; done, once readers can read about it."""


@dataclass(frozen=True)
class Asked:
    """A paper that somebody asked for."""

    paper: AskedPaper
    summary: Summary | None
    """The public summary that tells of it: by its DOI, or that the owner chose."""
    is_wished: bool = False
    """Whether the reader who looks wants it."""

    @property
    def state(self) -> State:
        if self.summary is not None:
            return "done"
        if self.paper.withdrawn_at is not None:
            return "withdrawn"
        if self.paper.answer == "no":
            return "no"
        return "planned" if self.paper.answer == "planned" else "asked"

    @property
    def is_open(self) -> bool:
        """Whether it can still be wished for."""
        return self.state in {"asked", "planned"}


IS_TOLD = AskedPaper.title != ""
"""Whether a service told the title: a DOI alone is whatever somebody typed, and is shown to nobody but the owner."""
HAS_DOI = AskedPaper.doi.in_(select(func.lower(Study.doi)).where(Study.doi.is_not(None)))
HAS_KEY = and_(
    AskedPaper.summary_key.is_not(None),
    AskedPaper.summary_key.in_(select(Summary.key)),
)
IS_DONE = or_(HAS_DOI, HAS_KEY)
OF_STATE: dict[State, ColumnElement[bool]] = {
    "asked": and_(~IS_DONE, AskedPaper.withdrawn_at.is_(None), AskedPaper.answer == ""),
    "planned": and_(~IS_DONE, AskedPaper.withdrawn_at.is_(None), AskedPaper.answer == "planned"),
    "done": IS_DONE,
    "no": and_(~IS_DONE, AskedPaper.withdrawn_at.is_(None), AskedPaper.answer == "no"),
    "withdrawn": and_(~IS_DONE, AskedPaper.withdrawn_at.is_not(None)),
}
"""As `Asked.state`, for the database."""
ORDERS = {"newest": (AskedPaper.id.desc(),), "wanted": (AskedPaper.wants.desc(), AskedPaper.id.desc())}


def public_papers(order: str, page: int, voter: str | None) -> tuple[list[Asked], bool]:
    """A page of those that readers are shown, and whether there are more. `order`: a key of ORDERS."""
    return _page(select(AskedPaper).where(IS_TOLD).order_by(*ORDERS[order]), page, voter)


def papers_in(state: State | None, page: int) -> tuple[list[Asked], bool]:
    """A page of all of them, the most wanted first; in one state alone."""
    rows = select(AskedPaper).order_by(*ORDERS["wanted"])
    return _page(rows if state is None else rows.where(OF_STATE[state]), page, None)


def counts_of_states() -> dict[State, int]:
    """How many papers are in each state."""
    states = case(*((OF_STATE[state], state) for state in ("done", "withdrawn", "no", "planned")), else_="asked")
    rows = db.session.execute(select(states, func.count()).group_by(states)).all()
    found: dict[State, int] = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in OF_STATE}


def paper_by_id(id_: int, voter: str | None = None) -> Asked | None:
    paper = db.session.get(AskedPaper, id_, populate_existing=True) if id_ <= LARGEST_NUMBER else None
    return _with_summaries([paper], voter)[0] if paper else None


def paper_by_doi(doi: str, voter: str | None = None) -> Asked | None:
    """By its normal DOI; None where nobody asked for it, or no service told of it yet."""
    paper = db.session.scalar(select(AskedPaper).where(AskedPaper.doi == doi, IS_TOLD))
    return _with_summaries([paper], voter)[0] if paper else None


def summary_of(doi: str) -> Summary | None:
    """The public summary of the paper with this normal DOI."""
    return _by_doi([doi]).get(doi)


def summary_named(name: str) -> Summary | None:
    """The public summary with this key, or at this slug."""
    rows = Summary.public().where(or_(Summary.key == name, Summary.slug == name))
    rows = rows.where(Summary.language == site_language()).order_by(Summary.key == name)
    return db.session.scalars(rows).first()


def draft_of(asked: Asked) -> Document | None:
    """The summary that was begun for it, while readers cannot read it."""
    key = asked.paper.summary_key
    return document_named("summary", key) if key and asked.summary is None else None


def has_wishes(voter: str) -> bool:
    """Whether this voter wants any paper."""
    return db.session.scalar(select(PaperWish.asked_id).where(PaperWish.voter == voter).limit(1)) is not None


def untold_papers() -> int:
    """How many wait for a service to tell what they are."""
    return db.session.scalar(select(func.count()).where(~IS_TOLD)) or 0


def waiting_papers() -> tuple[int, AskedPaper | None]:
    """Those that wait for an answer of the owner: how many, and the one that most readers want."""
    is_waiting = and_(IS_TOLD, OF_STATE["asked"])
    number = db.session.scalar(select(func.count()).select_from(AskedPaper).where(is_waiting)) or 0
    most = select(AskedPaper).where(is_waiting).order_by(*ORDERS["wanted"]).limit(1)
    return number, db.session.scalar(most) if number else None


AGAIN = dt.timedelta(days=7)
"""After that the services are asked again whether the paper was withdrawn."""


def is_due(now: dt.datetime) -> ColumnElement[bool]:
    """Whether the services are to be asked. A time far ahead is one of a wrong clock."""
    return or_(AskedPaper.due_at <= now, AskedPaper.due_at > now + 2 * AGAIN)


def due_papers(now: dt.datetime, limit: int) -> list[tuple[int, str]]:
    """Number and DOI of papers to ask the services for: those that may still be written about."""
    rows = select(AskedPaper.id, AskedPaper.doi).where(
        is_due(now), AskedPaper.withdrawn_at.is_(None), AskedPaper.answer != "no"
    )
    rows = rows.order_by(AskedPaper.due_at, AskedPaper.id).limit(limit)
    return [(row[0], row[1]) for row in db.session.execute(rows)]


def _page(rows: Select[AskedPaper], page: int, voter: str | None) -> tuple[list[Asked], bool]:
    found = list(db.session.scalars(rows.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)))
    return _with_summaries(found[:PER_PAGE], voter), len(found) > PER_PAGE


def _with_summaries(papers: list[AskedPaper], voter: str | None) -> list[Asked]:
    """With the summary of each, and whether the voter wants it; in three statements, however many there are."""
    by_doi = _by_doi([paper.doi for paper in papers])
    by_key = _by_key([paper.summary_key for paper in papers if paper.summary_key])
    wished: set[int] = set()
    if voter and papers:
        ids = [paper.id for paper in papers]
        rows = select(PaperWish.asked_id).where(PaperWish.voter == voter, PaperWish.asked_id.in_(ids))
        wished = set(db.session.scalars(rows))
    return [
        Asked(paper, by_doi.get(paper.doi) or by_key.get(paper.summary_key or ""), paper.id in wished)
        for paper in papers
    ]


def _by_doi(dois: Collection[str]) -> dict[str, Summary]:
    if not dois:
        return {}
    rows = Summary.public().where(func.lower(Study.doi).in_(dois)).order_by(Summary.language == site_language())
    return {str(one.study.doi).lower(): one for one in db.session.scalars(rows)}


def _by_key(keys: Collection[str]) -> dict[str, Summary]:
    if not keys:
        return {}
    rows = Summary.public().where(Summary.key.in_(keys)).order_by(Summary.language == site_language())
    return {one.key: one for one in db.session.scalars(rows)}
