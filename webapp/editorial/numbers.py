"""The numbers in a text, so that a summary can be held against the facts of its study."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

_UNITS = [
    "zero", "one", "two", "three", "four", "five",
    "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: value for value, word in enumerate(_UNITS)} | {
    word: (value + 2) * 10 for value, word in enumerate(_TENS)
}
# A digit right after a letter belongs to a name (C4, NG101, T6), not to a count.
_DIGITS = r"(?<![A-Za-z\d.])(?<![A-Za-z]-)(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\w.])\.\d+"
_SPELLED = rf"\b(?:{'|'.join(_TENS)})-(?:{'|'.join(_UNITS[1:10])})\b|\b(?:{'|'.join(_WORDS)})\b"
_NUMBER = re.compile(rf"(?P<about>\babout\s+)?(?P<number>{_DIGITS}|{_SPELLED})", re.IGNORECASE)


def numbers_in(text: str) -> list[tuple[Decimal, bool]]:
    """Each number in a text, in digits or words, and whether "about" stands before it.

    The word "one" does not count: it is mostly a pronoun.
    """
    found = []
    for match in _NUMBER.finditer(text):
        word = match["number"].lower()
        if word != "one":
            found.append((_value(word), bool(match["about"])))
    return found


def _value(word: str) -> Decimal:
    if word[-1].isdigit():
        return Decimal(word.replace(",", ""))
    return Decimal(sum(_WORDS[part] for part in word.split("-")))


def unsupported(text: str, facts: Iterable[str]) -> list[Decimal]:
    """Numbers in the text that stand nowhere in the facts.

    "about 19" is supported by 19.4: rounding to a whole number is allowed where it is said.
    """
    known = {value for fact in facts for value, _ in numbers_in(fact)}
    known |= {Decimal(digits) for fact in facts for digits in re.findall(r"\d+(?:\.\d+)?", fact)}
    rounded = {value.to_integral_value(ROUND_HALF_UP) for value in known}
    return [value for value, is_about in numbers_in(text) if value not in known and not (is_about and value in rounded)]
