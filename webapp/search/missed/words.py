"""Which words of a search that found nothing may be counted: few, plain ones that can hardly say who asked."""

from __future__ import annotations

import re

from webapp.search.terms import parse_query

MOST_WORDS = 3
"""Longer ones are sentences, and may tell a story."""
SHORTEST, LONGEST = 3, 60
"""Letters of all words together, with the spaces between them."""
PLAIN = re.compile(r"""(?:[^\W\d_]|[ '’"“”?!,-])+""")
"""Letters and what stands between words: no digits, no @, no address of a page, no name of an account. Python takes
signs for numbers, such as ② and ², for letters: they are asked about apart.
"""


def countable_words(typed: str) -> str | None:
    """The words of a search as they are counted, in lower case and without those that only join others; or None."""
    if not PLAIN.fullmatch(typed) or any(letter.isnumeric() and not letter.isalpha() for letter in typed):
        return None
    words = " ".join(parse_query(typed).words)
    is_few = len(words.split()) <= MOST_WORDS and SHORTEST <= len(words) <= LONGEST
    return words if is_few else None
