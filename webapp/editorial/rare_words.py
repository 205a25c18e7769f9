"""Words that few readers know: those the pronouncing dictionary of 126,000 words does not have, and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from webapp.editorial.readability import is_pronounced, plain

MOST = 50
"""Rare words of one text that are told: a list that was pasted holds thousands, and each takes a look at the whole."""
_LONG_WORD = re.compile(r"(?<![\w-])[a-z]{8,60}(?![\w-])")
"""What is longer is no word."""
_ABBREVIATION = re.compile(r"(?<![\w-])(?:(?![IVX]+\b)[A-Z]{2,6})(?![\w-])")
_KNOWN_TO_ALL = {"US", "UK", "EU", "AM", "PM", "OK"}
_ENDINGS = [
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""),
    ("ly", ""), ("ness", ""), ("er", "e"), ("er", ""),
]  # fmt: skip
_BEGINNINGS = ("un", "non", "re", "over", "under", "inter", "post", "pre")
_BRITISH = (
    ("ysed", "yzed"), ("yse", "yze"), ("isation", "ization"), ("ised", "ized"), ("ise", "ize"), ("ising", "izing"),
    ("our", "or"), ("lment", "llment"), ("aemi", "emi"), ("oed", "ed"),
)  # fmt: skip


def rare_words(text: str, explained: Collection[str]) -> list[str]:
    """Rare words and abbreviations of a text that it does not explain itself, each once, in its order; the first of
    them, where they are many.

    `explained`: words that are explained elsewhere, in lower case. A text explains a word by brackets before or behind
    it: "the AIS (a scale)", "a scale (AIS)", or by a comma and an article: "baclofen, a medicine for".
    """
    candidates = (word for word in _candidates(plain(text)) if word.lower() not in explained)
    return list(islice((word for word in candidates if not _explains(text, word)), MOST))


def _candidates(text: str) -> dict[str, None]:
    places = [(match.start(), match[0]) for match in _rare(text)]
    places += [(match.start(), match[0]) for match in _ABBREVIATION.finditer(text) if match[0] not in _KNOWN_TO_ALL]
    return dict.fromkeys(word for _, word in sorted(places))


def _rare(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _LONG_WORD.finditer(text) if not _is_known(match[0]))


def _is_known(word: str) -> bool:
    forms = [word, *(word.replace(*pair) for pair in _BRITISH if pair[0] in word)]
    return any(is_pronounced(one) for form in forms for one in _roots(form)) or _is_compound(word)


def _roots(word: str) -> Iterator[str]:
    """The word, and what is left without a usual ending or beginning."""
    yield word
    yield from (word.removesuffix(ending) + instead for ending, instead in _ENDINGS if word.endswith(ending))
    yield from (word.removeprefix(beginning) for beginning in _BEGINNINGS if word.startswith(beginning))


def _is_compound(word: str) -> bool:
    """Two words of at least four letters, written as one: wheelchair."""
    cuts = range(4, len(word) - 3)
    return any(is_pronounced(word[:cut]) and any(map(is_pronounced, _roots(word[cut:]))) for cut in cuts)


def _explains(text: str, word: str) -> bool:
    name = re.escape(word)
    return re.search(rf"\({name}\)|\b{name} \(|\b{name}, (?:an?|the|which|or) |\b{name} (?:is|are) ", text) is not None
