"""What the registry answers to the searches of a run, and what becomes of the list of a topic. Nothing is committed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from webapp.models import TrialSearch
from webapp.scholarly.client import TYPED, Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.trial_search import FoundTrials, find_trials
from webapp.watch.recruiting import queries
from webapp.watch.recruiting.listing import kept, recruiting
from webapp.watch.recruiting.queries import Due

DAY = dt.timedelta(days=1)
AGAIN = dt.timedelta(hours=6)
"""After that a search is asked for again that got no answer that could be read."""
PATIENCE = 3
"""Questions in a row without an answer, after which the registry is left alone for the rest of a run."""


class Inquiry:
    """One run of questions."""

    def __init__(self, client: Client) -> None:
        self.client, self.silences = client, 0

    @property
    def is_hopeless(self) -> bool:
        """Whether the registry does not answer any more."""
        return self.silences >= PATIENCE

    def ask(self, held: Collection[Due], is_stopped: Callable[[], bool]) -> dict[Due, FoundTrials | str]:
        """What the registry says to each, or why it says nothing; as far as there is time and hope."""
        answers: dict[Due, FoundTrials | str] = {}
        for one in held:
            if is_stopped() or self.is_hopeless:
                break
            try:
                answers[one] = find_trials(self.client, *one.asked)
                self.silences = 0
            except ScholarlyError as error:
                answers[one] = str(error).replace(f" {TYPED}", "")
                self.silences += 1
        return answers


def is_new_to_readers(search: TrialSearch, found: FoundTrials, now: dt.datetime) -> bool:
    """Take an answer over; whether readers see more of it than another day."""
    before, was_late = _seen(search, now), search.is_shown_as_late
    take_over(search, found, now)
    return was_late or before != _seen(search, now)


def _seen(search: TrialSearch, now: dt.datetime) -> tuple[object, ...]:
    shown = recruiting(search, queries.hidden_in(search.category_id), now)
    return (shown.total, shown.trials, shown.left_out) if shown else ()


def take_over(search: TrialSearch, found: FoundTrials, now: dt.datetime) -> None:
    """The registry answered: this is the list from now on."""
    search.total, search.trials = found.total, [kept(trial) for trial in found.trials]
    search.answered_at = search.looked_at = now
    search.due_at, search.problem, search.is_shown_as_late = now + DAY, "", False
