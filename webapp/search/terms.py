"""What a reader typed, as groups of words that mean the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

MAX_QUERY_LENGTH = 200
"""Characters of a query that are looked at; the rest cannot make a search better."""
MAXWORDS = 12
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True)
class Query:
    """A search, understood: each group is one thing asked for, in all the words that mean it."""

    text: str
    groups: tuple[tuple[str, ...], ...]

    @property
    def is_blank(self) -> bool:
        return not self.text

    @property
    def words(self) -> list[str]:
        """The words as typed, without those that only join the others."""
        return [group[0] for group in self.groups]


def words_in(text: str) -> list[str]:
    """Lower-case words of a text; punctuation, quotes, operators and emoji fall away."""
    return [word.replace("’", "'") for word in WORD.findall(text.lower())]


def parse_query(text: str) -> Query:
    """Read a query. The longest phrase that has other names is taken as one thing; common words are left out,
    unless nothing else was typed.
    """
    text = " ".join(text[:MAX_QUERY_LENGTH].split())
    synonyms = _own_synonyms()
    typed = words_in(text)
    groups: list[tuple[str, ...]] = []
    place = 0
    while place < len(typed) and len(groups) < MAXWORDS:
        for length in range(min(4, len(typed) - place), 0, -1):
            phrase = " ".join(typed[place : place + length])
            if phrase in synonyms or length == 1:
                break
        if length > 1 or phrase not in ignored_words():
            groups.append((phrase, *sorted(synonyms.get(phrase, set()) - {phrase})))
        place += length
    if not groups:
        groups = [(word,) for word in typed[:MAXWORDS]]
    return Query(text, tuple(dict.fromkeys(groups)))


@cache
def _data() -> Mapping[str, list[list[str]] | list[str]]:
    text = (files("webapp.search") / "synonyms.yml").read_text(encoding="utf-8")
    loaded: Mapping[str, list[list[str]] | list[str]] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (only texts)
    return loaded


@cache
def ignored_words() -> frozenset[str]:
    return frozenset(str(word) for word in _data()["ignored"])


@cache
def words_of_synonyms() -> frozenset[str]:
    """Every word that has another of the same meaning."""
    return frozenset(word for phrase in _own_synonyms() for word in phrase.split())


@cache
def _own_synonyms() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for group in _data()["groups"]:
        _add(found, list(group))
    return found


def _add(synonyms: dict[str, set[str]], group: list[str]) -> None:
    names = [" ".join(words_in(name)) for name in group]
    for name in names:
        synonyms[name] = synonyms.get(name, set()) | {other for other in names if len(other) > 1}
