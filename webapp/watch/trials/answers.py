"""What the registry says of a trial when it is asked, or why it says nothing that can be used."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.scholarly.client import TYPED, Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.trials import STATUSES, TRIALS, Trial, find_trial

PATIENCE = 3
"""Questions in a row without an answer, after which the registry is left alone for the rest of a run."""


@dataclass(frozen=True)
class Said:
    """One answer."""

    trial: Trial | None = None
    problem: str = ""
    asks: str = ""
    """What the owner has to look at: it would be the same tomorrow."""


class Inquiry:
    """One run of questions."""

    def __init__(self, client: Client) -> None:
        self.client, self.silences = client, 0

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody answers any more."""
        return self.silences >= PATIENCE

    def ask(self, number: str) -> Said:
        try:
            trial = find_trial(self.client, number)
        except ScholarlyError as error:
            self.silences += 1
            words = str(error).replace(f" {TYPED}", "").replace(" Try again later.", "").replace(" Try again then.", "")
            return Said(problem=words.removeprefix(f"{TRIALS.name} "))
        self.silences = 0
        return _read(number, trial)


def _read(number: str, trial: Trial | None) -> Said:
    if trial is None:
        return Said(problem="has no trial with this number.", asks="missing")
    if number not in {trial.number, *trial.aliases}:
        return Said(problem=f"told of another trial: {trial.number}.", asks="moved")
    if not trial.status:
        return Said(problem="sent an answer without a status.")
    if trial.status not in STATUSES:
        return Said(problem=f"said a status that this site does not know: {trial.status[:40]}.", asks="unknown")
    return Said(trial)
