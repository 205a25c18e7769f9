"""What a reader may ask that no search for words can answer: questions without an answer, and topics.

The words stand in questions.yml, beside what is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from webapp.search.terms import words_in


@dataclass(frozen=True)
class Question:
    """A question that no study can answer for one person."""

    title: str
    text: str
    search: str
    """What is searched for instead of the words of the question: the studies that bear on it."""
    topic: str
    """Slug of the category that bears on it."""


def question_in(text: str, topic: str | None = None) -> Question | None:
    """The first question whose words stand in a search; none where it asks about another topic: a cure for bed sores.

    `topic`: the slug of what the search is about.
    """
    typed = f" {' '.join(words_in(text))} "
    for phrases, question in _questions():
        if any(phrase in typed for phrase in phrases) and topic in {None, question.topic}:
            return question
    return None


def topic_in(text: str) -> str | None:
    """The slug of the topic that a search is about: of the longest of its words."""
    typed = f" {' '.join(words_in(text))} "
    found = [phrase for phrase in _topics() if phrase in typed]
    return _topics()[max(found, key=len)] if found else None


@cache
def words_of_topics() -> frozenset[str]:
    """Every word that leads to a topic: no slip of another one, also where no summary has it."""
    return frozenset(word for phrase in _topics() for word in phrase.split())


@cache
def _data() -> dict[str, Any]:
    text = (files("webapp.search") / "questions.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (only texts)
    return loaded


def _phrase(text: str) -> str:
    """With a space at both ends, so that it is found only as whole words."""
    return f" {' '.join(words_in(text))} "


@cache
def _questions() -> tuple[tuple[list[str], Question], ...]:
    return tuple(
        (
            [_phrase(words) for words in one["words"]],
            Question(one["title"], one["text"], one.get("search", ""), one["topic"]),
        )
        for one in _data()["questions"]
    )


@cache
def _topics() -> dict[str, str]:
    return {_phrase(words): slug for slug, phrases in _data()["topics"].items() for words in phrases}
