"""Text that was copied out of a PDF: what nobody can see in it is mended, broken lines can be joined.

A line counts as broken only where a sentence plainly goes on below it. Lists, headings, tables, blank lines and lines
that are short on purpose stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from webapp.editorial.word_breaks import joined_word, words_to_ask_for, words_we_know

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": None}
_INVISIBLE = str.maketrans(_LIGATURES)
_SOFT_BREAK = re.compile(r"(?<=\w)\u00ad[ \t]*\n[ \t]*(?=\w)")

_POINT = re.compile(r"\s*(?:[-*+•‣◦▪·–—]\s|\(?(?:\d{1,3}|[a-z])[.)]\s)")
"""The beginning of a point of a list, which may go on in the line below."""
_OWN_LINE = re.compile(r"\s*(?:#{1,6}\s|[>|]|:::|\{\{|(?:=+|-{2,}|\*{3,})$)|(?: {4}|\t)")
"""A line that is something of its own: a heading, a quotation, a row of a table, a box, a rule, code."""
_FENCE = re.compile(r"\s*(?:```|~~~)")
_PAGE_NUMBER = re.compile(r"\s*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*", re.IGNORECASE)
_GOES_ON = re.compile(r"\s*[a-zà-öø-ÿ]")
_CUT_WORD = re.compile(r"(?<![\w-])(?P<left>\w[\w-]*)[-‐]$")
_FIRST_WORD = re.compile(r"\w(?:[\w-]*\w)?")
_WORD = re.compile(r"\w[\w-]*\w")
_SENTENCE_ENDS = re.compile(r"[.!?:;][\"'”’)\]]*$")
_LONGEST_WORD = 100

SHORTEST = 25
"""Letters of the shortest line that may be one of running text."""
FULL = 0.7
"""Of the longest line around it: a shorter one ends where its writer wanted it to."""


def mended(text: str) -> str:
    """The text without soft hyphens, its ligatures as letters. A word that a soft hyphen broke is whole again."""
    return _SOFT_BREAK.sub("", text).translate(_INVISIBLE)


def is_broken(text: str) -> bool:
    """Whether `broken_lines` has something to join; that alone reads no dictionary."""
    return any(map(_runs_on, _blocks(_without_page_numbers(text.split("\n")))))


def broken_lines(text: str) -> str | None:
    """The text with its broken lines joined into paragraphs; None where no line is broken.

    A word that was cut at the end of a line becomes one word or keeps its hyphen: see `joined_word`. The number of a
    page that stands in the middle of a sentence goes.
    """
    blocks = _blocks(_without_page_numbers(text.split("\n")))
    if not any(map(_runs_on, blocks)):
        return None
    cut = [words for block in blocks if _runs_on(block) for words in _cut_words(block)]
    known = words_we_know({word for left, right in cut for word in words_to_ask_for(left, right)})
    said = set(_WORD.findall(text.lower()))
    return "\n".join(line for block in blocks for line in (_joined(block, said, known) if _runs_on(block) else block))


def _without_page_numbers(lines: list[str]) -> list[str]:
    """The lines without numbers of pages: alone on a line, in the middle of a sentence, with the blank lines around."""
    found: list[str] = []
    above, gap = "", []
    for place, line in enumerate(lines):
        if _PAGE_NUMBER.fullmatch(line) and _is_one_sentence(above, _next_text(lines, place + 1)):
            gap = [line]
        elif line.strip():
            is_torn = any(map(str.strip, gap))
            found += [line] if is_torn else [*gap, line]
            above, gap = line, []
        else:
            gap.append(line)
    return found + gap


def _next_text(lines: list[str], start: int) -> str:
    return next((lines[place] for place in range(start, len(lines)) if lines[place].strip()), "")


def _is_one_sentence(above: str, below: str) -> bool:
    is_open = _left_of(above) != "" or (len(above) >= SHORTEST and not _SENTENCE_ENDS.search(above))
    return is_open and _GOES_ON.match(below) is not None


def _blocks(lines: list[str]) -> list[list[str]]:
    """Lines that may be one paragraph, or one point of a list, together; every other line by itself."""
    blocks: list[list[str]] = []
    is_code = may_go_on = False
    for line in lines:
        is_fence, is_point = _FENCE.match(line) is not None, _POINT.match(line) is not None
        is_text = not (is_code or is_fence or not line.strip() or _OWN_LINE.match(line))
        if may_go_on and is_text and not is_point:
            blocks[-1].append(line)
        else:
            blocks.append([line])
        is_code ^= is_fence
        may_go_on = is_text
    return blocks


def _runs_on(block: list[str]) -> bool:
    """Whether a sentence plainly goes on from one of its lines to the next."""
    return any(_goes_on(above, above, below) for above, below in pairwise(block))


def _goes_on(so_far: str, above: str, below: str) -> bool:
    """Whether a sentence, or a word, goes on below; `so_far`: the line above with all that was joined to it."""
    if above.endswith("\\") or not _GOES_ON.match(below):  # so Markdown breaks a line on purpose
        return False
    return len(so_far) >= SHORTEST or _left_of(above) != ""


def _is_full(line: str, longest: int) -> bool:
    return len(line) >= max(SHORTEST, FULL * longest) and not line.endswith("\\")


def _left_of(line: str) -> str:
    """What stands before the hyphen at the end of a line."""
    found = _CUT_WORD.search(line[-_LONGEST_WORD:])
    return found["left"] if found else ""


def _right_of(line: str) -> str:
    found = _FIRST_WORD.match(line[:_LONGEST_WORD].lstrip())
    return found[0] if found else ""


def _cut_words(block: list[str]) -> list[tuple[str, str]]:
    return [(_left_of(above), _right_of(below)) for above, below in pairwise(block) if _left_of(above)]


def _joined(block: list[str], said: Collection[str], known: Collection[str]) -> list[str]:
    longest = max(map(len, block))
    lines = [block[0]]
    for above, below in pairwise(block):
        if _is_full(above, longest) or _goes_on(lines[-1], above, below):
            lines[-1] = _one_line(lines[-1], below.strip(), said, known)
        elif _SENTENCE_ENDS.search(above) and not _GOES_ON.match(below):
            lines += ["", below]  # the last line of a paragraph
        else:
            lines.append(below)
    return lines


def _one_line(above: str, below: str, said: Collection[str], known: Collection[str]) -> str:
    left, right = _left_of(above), _right_of(below)
    if not (left and right):
        return f"{above.rstrip()} {below}"
    return above[: -len(left) - 1] + joined_word(left, right, said, known) + below[len(right) :]
