"""All public summaries with what was measured, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from webapp.documents.facets import count_of
from webapp.extensions import db
from webapp.models import CategoryLink, Outcome, PhaseLink, Summary, TrialLink, WatchedTrial

AT_ONCE = 200
"""Summaries that are held at one time."""


class Whole(NamedTuple):
    """A public summary with its study, categories and corrections, and what lies beside them."""

    summary: Summary
    phases: Sequence[str]
    outcomes: Sequence[Outcome]
    trials: Sequence[WatchedTrial] = ()
    """Those it names of which the registry has said something."""


def summary_count() -> int:
    """How many summaries readers can see."""
    return db.session.scalar(select(count_of())) or 0


def whole_summaries() -> Iterator[list[Whole]]:
    """Every public summary, in the order of their numbers; no statement waits for a slow reader."""
    last = 0
    links = selectinload(Summary.category_links).joinedload(CategoryLink.category)
    rows = Summary.public().options(links, selectinload(Summary.corrections)).order_by(Summary.document_id)
    while some := db.session.scalars(rows.where(Summary.document_id > last).limit(AT_ONCE)).all():
        last = some[-1].document_id
        yield list(_with_outcomes(some))
        db.session.expunge_all()


def _with_outcomes(summaries: Sequence[Summary]) -> Iterator[Whole]:
    ids = [summary.document_id for summary in summaries]
    outcomes = _by_document(
        select(Outcome).where(Outcome.document_id.in_(ids)).order_by(Outcome.document_id, Outcome.position)
    )
    phases = _by_document(
        select(PhaseLink).where(PhaseLink.document_id.in_(ids)).order_by(PhaseLink.document_id, PhaseLink.phase)
    )
    named = select(TrialLink.document_id, WatchedTrial).join(WatchedTrial, WatchedTrial.number == TrialLink.number)
    said = named.where(TrialLink.document_id.in_(ids), WatchedTrial.answered_at.is_not(None))
    trials: dict[int, list[WatchedTrial]] = {}
    for document_id, trial in db.session.execute(said.order_by(WatchedTrial.number)):
        trials.setdefault(document_id, []).append(trial)
    for summary in summaries:
        id_ = summary.document_id
        links = [link.phase for link in phases.get(id_, [])]
        yield Whole(summary, links, outcomes.get(id_, []), trials.get(id_, []))


def _by_document(rows: Select[Outcome] | Select[PhaseLink]) -> dict[int, list[Any]]:
    return {id_: list(some) for id_, some in groupby(db.session.scalars(rows), key=lambda row: row.document_id)}
