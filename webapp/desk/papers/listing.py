"""What the list of new papers is narrowed to, and the choices it offers. Unknown words of an address are dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from webapp.editorial.designs import DESIGNS
from webapp.formats import number
from webapp.watch.papers import queries
from webapp.watch.papers.designs import strength_of
from webapp.watch.papers.queries import NONE, STATES, Choice

MOST_OF_TOPIC = 70


class Option(NamedTuple):
    """One choice of a list to choose from."""

    value: str
    label: str


def choice_in(asked: Mapping[str, str]) -> Choice:
    state, design, topic = (asked.get(name, "") for name in Choice._fields)
    return Choice(
        state if state in STATES else STATES[0],
        design if design in DESIGNS or design == NONE else "",
        topic if len(topic) <= MOST_OF_TOPIC else "",
    )


def asked_of(choice: Choice) -> dict[str, str | None]:
    """The same as words of an address."""
    return {
        "state": choice.state if choice.state != STATES[0] else None,
        "design": choice.design or None,
        "topic": choice.topic or None,
    }


def design_options(choice: Choice) -> list[Option]:
    """The kinds of study there are in the list, the strongest first."""
    counts = queries.counts_by("design", choice)
    keys = sorted({*counts, *([choice.design] if choice.design else [])}, key=lambda key: (-strength_of(key), key))
    names = {key: design.name for key, design in DESIGNS.items()} | {NONE: "No kind guessed"}
    return [Option(key, f"{names.get(key, key)}: {number(counts.get(key, 0))}") for key in keys]


def topic_options(choice: Choice, names: Mapping[str, str]) -> list[Option]:
    """The topics there are in the list, in their order. `names`: of the topics, by slug."""
    counts = queries.counts_by("topic", choice)
    order = [*names, *sorted(counts.keys() - names.keys() - {NONE}), NONE]
    return [
        Option(slug, f"{names.get(slug, 'No topic guessed' if slug == NONE else slug)}: {number(counts.get(slug, 0))}")
        for slug in order
        if slug in counts or slug == choice.topic
    ]
