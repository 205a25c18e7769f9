"""Trials: those that summaries name, and the searches for those that look for people."""

from __future__ import annotations

from flask import url_for

from webapp.desk.attention.lines.line import Line, named, others
from webapp.desk.attention.waiting import Attention
from webapp.formats import plural
from webapp.watch.recruiting.queries import Waiting

NAMED = {
    "missing": "The registry knows no trial {}, which a summary names.",
    "moved": "The registry has another trial under the number {}, which a summary names.",
    "unknown": "The trial {} has a status that this site does not know.",
    "silent": "The registry has not said anything that can be read about the trial {} for two weeks.",
}
"""By what the watch asks."""


def named_in_summaries(of: Attention) -> Line | None:
    trials = of.trials
    if not trials.how_many:
        return None
    sentence = NAMED[trials.asks].format(trials.number) + others(trials.how_many, "trial")
    url, link = url_for("desk.trials.index"), "See the trials in summaries"
    if trials.how_many == 1:
        url, link = url_for("desk.trials.show", number=int(trials.number.removeprefix("NCT"))), "See the trial"
    return Line("Trials named in summaries", sentence, url, link)


def unanswered(of: Attention) -> Line | None:
    """No list is shown where nobody could ask for so long."""
    if not of.unanswered.number:
        return None
    topics = _topics(of.unanswered)
    sentence = f"For two weeks nobody could ask which trials look for people, for {topics}. Readers see no list."
    return _of_searches(sentence)


def changed(of: Attention) -> Line | None:
    if not of.changed.number:
        return None
    sentence = f"The new words of a search for trials are not approved yet, for {_topics(of.changed)}."
    return _of_searches(sentence)


def _of_searches(sentence: str) -> Line:
    return Line("Trials looking for people", sentence, url_for("desk.recruiting.index"), "See the searches for trials")


def _topics(waiting: Waiting) -> str:
    return named(waiting.name) if waiting.number == 1 else plural(waiting.number, "topic")
