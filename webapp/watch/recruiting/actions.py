"""Asking the registry which trials look for people, for each topic whose search the owner approved.

A run asks for all that is due and then writes it down in one commit: stopped before, it has done nothing, and the next
run does it. Two runs at once do nothing twice, and an answer to words that are not asked for any more is dropped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import update

from webapp import clock
from webapp.database import UNSEEN
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.formats import plural
from webapp.models import TrialSearch
from webapp.scholarly.client import Client
from webapp.scholarly.trial_search import FoundTrials
from webapp.watch.holding import RunReport, in_batches, let_go, take
from webapp.watch.recruiting import queries
from webapp.watch.recruiting.answers import AGAIN, Inquiry, is_new_to_readers
from webapp.watch.recruiting.queries import Due

AT_ONCE = 20
"""Searches a run has to itself."""


@dataclass
class LookReport(RunReport):
    """What came of a run."""

    silence = "the registry does not answer"
    is_changed: bool = False
    """Whether readers see something new."""

    def parts(self) -> list[str]:
        parts = [f"{plural(self.looked, 'search for trials', 'searches for trials')} asked for"]
        parts += ["readers see something new"] if self.is_changed else []
        parts += [f"no answer for {plural(self.failed, 'search', 'searches')}"] if self.failed else []
        return parts


def look(
    client: Client, is_stopped: Callable[[], bool] = lambda: False, *, looked_before: dt.datetime | None = None
) -> LookReport:
    """Ask for the approved searches that are due. `looked_before`: those too at which nobody looked since then."""
    report, inquiry = LookReport(), Inquiry(client)
    in_batches(
        hold=lambda: _hold(looked_before, report),
        work=lambda held: _note(inquiry.ask(held, is_stopped), report),
        let_go=_let_go,
        goes_on=lambda: not (is_stopped() or inquiry.is_hopeless),
        key_of=lambda one: one.category_id,
    )
    report.is_hopeless = inquiry.is_hopeless
    _say_what_is_late()
    return report


def _hold(looked_before: dt.datetime | None, report: LookReport) -> list[Due]:
    """Searches that are due, and that this run has to itself from now on; none while another run has some."""
    db.session.rollback()
    due = queries.due_searches(clock.now(), looked_before, AT_ONCE)
    db.session.rollback()  # what is written next must not rest on what was read: SQLite would refuse it
    if not due:
        return []
    now = clock.now()
    found = take(TrialSearch.category_id, [one.category_id for one in due], now)
    still = queries.due_searches(now, looked_before, AT_ONCE)  # another run may have looked at some meanwhile
    db.session.commit()
    report.is_other_at_it = not found
    return [one for one in still if one.category_id in found]


def _let_go(held: Collection[Due]) -> None:
    db.session.rollback()
    let_go(TrialSearch.category_id, [one.category_id for one in held])
    db.session.commit()


def _note(answers: Mapping[Due, FoundTrials | str], report: LookReport) -> None:
    """One commit for all of them, and at most one new edition."""
    db.session.rollback()
    session, now = db.session(), clock.now()
    let_go(TrialSearch.category_id, [one.category_id for one in answers])
    is_changed = False
    for one, answer in answers.items():
        search = session.get(TrialSearch, one.category_id, populate_existing=True)
        if search is None or (search.live_condition, search.live_words) != one.asked:
            continue  # it was stopped, or approved with other words, since this moment
        report.looked += 1
        if isinstance(answer, str):
            search.looked_at, search.due_at, search.problem = now, now + AGAIN, answer
            report.failed += 1
        else:
            is_changed |= is_new_to_readers(search, answer, now)
    if is_changed:
        report.is_changed = True
        raise_edition(session)
    session.commit()


def _say_what_is_late() -> None:
    """Have pages made anew where nobody could look for so long that readers have to be told so."""
    db.session.rollback()
    late = queries.late_searches(clock.now())
    db.session.rollback()
    if late:
        theirs = update(TrialSearch).where(TrialSearch.category_id.in_(late)).values(is_shown_as_late=True)
        db.session.execute(theirs, execution_options=UNSEEN)
        raise_edition(db.session())
        db.session.commit()
