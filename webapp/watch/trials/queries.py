"""Which trials are to be looked at, and what is known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import and_, case, exists, func, or_, select

from webapp.extensions import db
from webapp.models import Summary, TrialChange, TrialLink, WatchedTrial
from webapp.scholarly.identifiers import trial_numbers
from webapp.watch.trials.standing import ShownTrial, shown


def due_trials(
    now: dt.datetime, limit: int, *, looked_before: dt.datetime | None = None, only: str | None = None
) -> list[str]:
    """Numbers to ask for now, those that nobody asked for yet first.

    `looked_before`: those too at which nobody looked since then. `only`: this one, whenever it is due. A time that
    lies ahead is one of a wrong clock.
    """
    rows = select(TrialLink.number).outerjoin(WatchedTrial, WatchedTrial.number == TrialLink.number)
    if only is not None:
        return list(db.session.scalars(rows.where(TrialLink.number == only).limit(1)))
    conditions = [
        WatchedTrial.number.is_(None),
        WatchedTrial.looked_at.is_(None),
        WatchedTrial.due_at <= now,
        WatchedTrial.looked_at > now,
    ]
    if looked_before is not None:
        conditions.append(WatchedTrial.looked_at < looked_before)
    rows = rows.where(or_(*conditions)).group_by(TrialLink.number, WatchedTrial.due_at)
    return list(db.session.scalars(rows.order_by(WatchedTrial.due_at.nulls_first(), TrialLink.number).limit(limit)))


def trials_by_number(numbers: Collection[str]) -> dict[str, WatchedTrial]:
    """What is known of these; no statement where there are none."""
    if not numbers:
        return {}
    rows = select(WatchedTrial).where(WatchedTrial.number.in_(numbers))
    return {trial.number: trial for trial in db.session.scalars(rows)}


def shown_trials(registrations: Sequence[str], now: dt.datetime) -> list[ShownTrial]:
    """What readers are told of the trials among these numbers, in their order; nothing of those not known yet."""
    numbers = trial_numbers(registrations)
    known = trials_by_number(numbers)
    found = [shown(known[number], now) for number in numbers if number in known]
    return [one for one in found if one]


class Watched(NamedTuple):
    """A number that summaries name, what is known of the trial, and the summaries."""

    number: str
    trial: WatchedTrial | None
    summaries: Sequence[Summary]

    @property
    def asks(self) -> str:
        """What waits for the owner: what they have looked at waits no more."""
        return self.trial.asks if self.trial and self.trial.asks != self.trial.seen else ""


IS_ASKING = and_(WatchedTrial.asks != "", WatchedTrial.asks != WatchedTrial.seen)


def watched_trials(page: int, per_page: int) -> tuple[list[Watched], bool]:
    """A page of the trials of public summaries, those first that wait for the owner; whether there are more."""
    rows = (
        select(TrialLink.number)
        .outerjoin(WatchedTrial, WatchedTrial.number == TrialLink.number)
        .group_by(TrialLink.number, WatchedTrial.asks, WatchedTrial.seen)
        .order_by(case((IS_ASKING, 0), else_=1), TrialLink.number)
    )
    found = db.session.scalars(rows.offset((page - 1) * per_page).limit(per_page + 1)).all()
    return _with_summaries(found[:per_page]), len(found) > per_page


def watched_trial(number: str) -> Watched | None:
    """One of them; None where no public summary names it."""
    found = _with_summaries([number])[0]
    return found if found.summaries else None


def _with_summaries(numbers: Sequence[str]) -> list[Watched]:
    known = trials_by_number(numbers)
    rows = Summary.public().join(TrialLink, TrialLink.document_id == Summary.document_id).add_columns(TrialLink.number)
    naming: dict[str, list[Summary]] = {}
    for summary, number in db.session.execute(rows.where(TrialLink.number.in_(numbers)).order_by(Summary.document_id)):
        naming.setdefault(number, []).append(summary)
    return [Watched(number, known.get(number), naming.get(number, [])) for number in numbers]


def changes_of(number: str, limit: int = 20) -> list[TrialChange]:
    """What readers were told of a trial, the newest first."""
    rows = select(TrialChange).where(TrialChange.number == number).order_by(TrialChange.id.desc())
    return list(db.session.scalars(rows.limit(limit)))


class Asking(NamedTuple):
    """What waits for the owner: how many trials, and the first of them."""

    how_many: int
    number: str
    asks: str


def asking_trials() -> Asking:
    """Trials of public summaries that wait for the owner."""
    is_named = exists(select(TrialLink.number).where(TrialLink.number == WatchedTrial.number))
    rows = select(WatchedTrial.number, WatchedTrial.asks, func.count().over()).where(IS_ASKING, is_named)
    row = db.session.execute(rows.order_by(WatchedTrial.number).limit(1)).one_or_none()
    return Asking(row[2], row[0], row[1]) if row else Asking(0, "", "")


class LastLook(NamedTuple):
    """When the registry was last asked, and when it last gave an answer that could be read."""

    looked_at: dt.datetime | None
    answered_at: dt.datetime | None


def last_look() -> LastLook:
    return LastLook(
        *db.session.execute(select(func.max(WatchedTrial.looked_at), func.max(WatchedTrial.answered_at))).one()
    )
