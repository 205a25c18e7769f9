"""Slips of the words a search knows: searched for as they were meant, so only where that is sure.

A word is put right when it is no word of the language (real_words.txt), stands in no text, and is a slip or two away
from one of ours: those of synonyms.yml and questions.yml. Nothing else is guessed: "hypertension" is no slip of
"hypotension", and no medicine one of another.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from functools import cache
from importlib.resources import files

from webapp.search.questions import words_of_topics
from webapp.search.terms import WORD, words_of_synonyms

SHORTEST = 5
"""Letters from which a word is put right: shorter ones are too near to each other."""
LONG = 8
"""Letters from which two slips are allowed, instead of one."""


def spelled(text: str, known: Callable[[], Container[str]]) -> str | None:
    """The text with its slips put right; None when there are none. `known` gives the words that stand in our texts: it
    is asked only where a word looks like a slip.
    """
    replaced = {word: near for word in {found.lower() for found in WORD.findall(text)} if (near := _meant(word, known))}
    if not replaced:
        return None
    return WORD.sub(lambda found: replaced.get(found[0].lower(), found[0]), text)


def _meant(word: str, known: Callable[[], Container[str]]) -> str | None:
    if word in own_words() or word in real_words():
        return None
    near = nearest(word, own_words())
    return near[0] if near and word not in known() else None


def nearest(word: str, among: Iterable[str]) -> list[str]:
    """The word it may be a slip of, as a list of one or none: by the Damerau-Levenshtein distance, the same first
    letter.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    if len(word) < SHORTEST:
        return []
    alike = [other for other in among if other[0] == word[0] and len(other) >= SHORTEST]
    slips = 1 if len(word) < LONG else 2
    found = process.extractOne(word, alike, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
    return [found[0]] if found else []


@cache
def own_words() -> tuple[str, ...]:
    """The words that others can be a slip of, in one order."""
    return tuple(sorted(words_of_synonyms() | words_of_topics()))


@cache
def real_words() -> frozenset[str]:
    """Words of the language that are near to one of ours; a test says when the list is not whole."""
    return frozenset((files("webapp.search") / "real_words.txt").read_text(encoding="utf-8").split())
