"""What follows from what the registry says of a trial. Nothing is committed here.

A change of status is told when it still stands a day after it was first heard: what is put right overnight is no news.
Nor is a trial that is said to be open, as long as its own page would not say so.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.database import UNSEEN
from webapp.edition import raise_edition
from webapp.models import TrialChange, WatchedTrial
from webapp.scholarly.trials import Trial
from webapp.watch.trials.answers import Said
from webapp.watch.trials.records import kept
from webapp.watch.trials.standing import OPEN, digest, is_open, shown

AGAIN = dt.timedelta(hours=6)
"""After that a trial is asked for again of which there was no answer that could be read."""
NEXT_DAY = dt.timedelta(hours=23)
"""A little less than a day: so the hour at which is looked does not slip."""
STANDS = dt.timedelta(hours=20)
"""For so long a new status has to stand before it is told."""
SILENT = dt.timedelta(days=14)
"""Without an answer for so long, the owner is told."""
FORGOTTEN = dt.timedelta(days=90)
"""A trial at which nobody looked for so long is new: when its status changed cannot be said."""


class Outcome(NamedTuple):
    """What came of one trial."""

    is_told: bool = False
    """Whether a change of status is news now."""
    is_asking: bool = False
    """Whether the owner has to look at something new."""


def judge(session: Session, number: str, said: Said, now: dt.datetime) -> Outcome:
    """Note what was said, and do what follows. Nobody else can write until the caller commits."""
    mine = update(WatchedTrial).where(WatchedTrial.number == number)
    session.execute(mine.values(held_until=None), execution_options=UNSEEN)  # writes first, so that it reads what is so
    row = session.get(WatchedTrial, number, populate_existing=True)
    if row is None:
        return Outcome()
    asked_before = row.asks
    is_told = _note(session, row, said.trial, now) if said.trial else False
    row.asks = said.asks or _asks_still(row, said, now)
    row.seen = row.seen if row.asks else ""
    row.problem, row.looked_at = said.problem, now
    row.due_at = now + (NEXT_DAY if said.trial or said.asks else AGAIN)
    told = digest(shown(row, now))
    if is_told or told != row.shown_digest:
        row.shown_digest = told
        raise_edition(session)
    return Outcome(is_told, bool(row.asks) and row.asks not in {asked_before, row.seen})


def _note(session: Session, row: WatchedTrial, trial: Trial, now: dt.datetime) -> bool:
    """What the registry says now; whether that is news."""
    is_new = not row.told_status or row.looked_at is None or row.looked_at < now - FORGOTTEN
    if trial.status != row.status or row.status_since is None or row.status_since > now:
        row.status, row.status_since = trial.status, now
    row.record, row.answered_at = dict(kept(trial)), now
    if is_new:
        row.told_status = trial.status
    if trial.status == row.told_status or row.status_since > now - STANDS:
        return False
    if trial.status in OPEN and not is_open(row, now):
        return False
    session.add(TrialChange(number=row.number, was=row.told_status, became=trial.status, told_at=now))
    row.told_status = trial.status
    return True


def _asks_still(row: WatchedTrial, said: Said, now: dt.datetime) -> str:
    """What the owner has to look at where this answer asks nothing itself."""
    if said.trial:
        return ""
    if row.asks:
        return row.asks  # no answer takes nothing back
    return "silent" if row.answered_at and row.answered_at < now - SILENT else ""
