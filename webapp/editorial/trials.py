"""What the status of a trial means for readers, and the news that it changed: never more than the registry says."""

from __future__ import annotations

UNCONFIRMED = "Nobody has confirmed this for two years."
SENTENCES = {
    "RECRUITING": "This trial looks for people now.",
    "NOT_YET_RECRUITING": "This trial does not take people yet. It plans to.",
    "ENROLLING_BY_INVITATION": "This trial takes only people whom it asks itself.",
    "ACTIVE_NOT_RECRUITING": "This trial is still going on, but it takes nobody new.",
    "COMPLETED": "This trial is finished. Nobody can join any more.",
    "SUSPENDED": "This trial is paused. Nobody can join now.",
    "TERMINATED": "This trial was stopped early. Nobody can join any more.",
    "WITHDRAWN": "This trial was called off before anybody took part.",
    "UNKNOWN": f"Whether this trial takes people is not known. {UNCONFIRMED}",
}
"""By the registry's word."""
OPEN = {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION"}
"""Somebody may join, now or soon."""
_BEFORE_JOINING = (
    " This may have changed since. We did not check the trial, and this is no advice to join it. Before you join, talk "
    "with your own doctor. You should never pay to take part."
)


def listed_as(status: str) -> str:
    """The registry's own word, in quotes: “not yet recruiting”."""
    return f"“{status.replace('_', ' ').lower()}”"


def news_of_trial(number: str, *, was: str, became: str, day: str) -> str:
    """That the status changed, in sentences. `day`: when we saw it, in words."""
    told = f"The registry has a new status for the trial {number}, which we saw on {day}: {listed_as(became)}."
    advice = _BEFORE_JOINING if became in OPEN else ""
    return f"{told} {SENTENCES[became]} It was {listed_as(was)} before.{advice}"
