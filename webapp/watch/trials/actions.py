"""Looking what became of the trials that summaries tell of.

Each trial is one commit: stopped at any moment, the next run goes on. Two runs at once do nothing twice: the second
finds that somebody asks.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import insert, literal, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp import clock
from webapp.database import UNSEEN
from webapp.extensions import db
from webapp.formats import plural
from webapp.models import TrialLink, WatchedTrial
from webapp.scholarly.client import Client
from webapp.watch.holding import RunReport, in_batches, let_go, take
from webapp.watch.trials import queries
from webapp.watch.trials.answers import Inquiry
from webapp.watch.trials.judging import AGAIN, judge

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Trials a run has to itself."""


@dataclass
class TrialsReport(RunReport):
    """What came of a run."""

    silence = "the registry does not answer"
    told: int = 0
    """Changes of status that are news now."""
    asks: int = 0
    """Trials of which the owner has to look at something new."""

    def parts(self) -> list[str]:
        parts = [f"{plural(self.looked, 'trial')} looked at"]
        parts += [f"{plural(self.told, 'change')} of status to tell of"] if self.told else []
        parts += [f"{plural(self.asks, 'trial')} to look at on the desk"] if self.asks else []
        parts += [f"no answer about {plural(self.failed, 'trial')}"] if self.failed else []
        return parts


def look(
    client: Client,
    is_stopped: Callable[[], bool] = lambda: False,
    *,
    looked_before: dt.datetime | None = None,
    only: str | None = None,
) -> TrialsReport:
    """Ask the registry about the trials of public summaries, one after the other.

    `looked_before`: trials are due too at which nobody looked since then. `only`: nothing but this one, due or not.
    """
    report, inquiry = TrialsReport(), Inquiry(client)
    in_batches(
        hold=lambda: _hold(looked_before, only, report),
        work=lambda numbers: _look_at(numbers, inquiry, is_stopped, report),
        let_go=_let_go,
        goes_on=lambda: not (is_stopped() or inquiry.is_hopeless),
        key_of=str,
    )
    report.is_hopeless = inquiry.is_hopeless
    return report


def settle(number: str) -> None:
    """The owner has looked at it: what it asks now waits no more. Asked something else, it waits again."""
    mine = update(WatchedTrial).where(WatchedTrial.number == number)
    db.session.execute(mine.values(seen=WatchedTrial.asks), execution_options=UNSEEN)
    db.session.commit()


def _look_at(numbers: Iterable[str], inquiry: Inquiry, is_stopped: Callable[[], bool], report: TrialsReport) -> None:
    for number in numbers:
        if is_stopped() or inquiry.is_hopeless:
            return
        said = inquiry.ask(number)
        try:
            db.session.rollback()
            outcome = judge(db.session(), number, said, clock.now())
            db.session.commit()
        except OperationalError:
            raise  # the database itself: it would fail for every trial
        except Exception:
            db.session.rollback()
            log.exception("What became of the trial %s could not be noted.", number)
            _put_off(number)
        else:
            report.looked += 1
            report.told += outcome.is_told
            report.asks += outcome.is_asking
            report.failed += bool(said.problem)


def _hold(looked_before: dt.datetime | None, only: str | None, report: TrialsReport) -> list[str]:
    """Trials that are due, and that this run has to itself from now on; none while another run has some."""

    def due(now: dt.datetime) -> list[str]:
        return queries.due_trials(now, AT_ONCE, looked_before=looked_before, only=only)

    db.session.rollback()
    numbers = due(clock.now())
    db.session.rollback()  # what is written next must not rest on what was read: SQLite would refuse it
    if not numbers:
        return []
    try:
        _add(numbers)
    except IntegrityError:
        db.session.rollback()
        report.is_other_at_it = True
        return []
    now = clock.now()  # from here on nobody else writes: another run may have looked at some meanwhile
    numbers = due(now)
    found = take(WatchedTrial.number, numbers, now)
    db.session.commit()
    report.is_other_at_it = bool(numbers) and not found
    return [number for number in numbers if number in found]


def _add(numbers: Collection[str]) -> None:
    """Rows for those that have none yet."""
    nobody_yet = ~select(WatchedTrial.number).where(WatchedTrial.number == TrialLink.number).exists()
    empty = {name: literal("") for name in ("status", "told_status", "problem", "asks", "seen", "shown_digest")}
    values = {"number": TrialLink.number, **empty}
    rows = select(*values.values()).where(TrialLink.number.in_(numbers), nobody_yet).distinct()
    db.session.execute(insert(WatchedTrial).from_select(list(values), rows))


def _let_go(numbers: Collection[str]) -> None:
    db.session.rollback()
    let_go(WatchedTrial.number, numbers)
    db.session.commit()


def _put_off(number: str) -> None:
    now = clock.now()
    later = update(WatchedTrial).where(WatchedTrial.number == number)
    db.session.execute(later.values(looked_at=now, due_at=now + AGAIN), execution_options=UNSEEN)
    db.session.commit()
