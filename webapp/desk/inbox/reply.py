"""A reply to a reader, as a link that opens it in the owner's own mail program (RFC 6068)."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from webapp.formats import long_date
from webapp.models import Message

MOST = 1900
"""Characters of the whole link: Windows and some mail programs take no longer one than about 2,000."""
MOST_OF_NAME = 40
"""Letters of it. In other scripts each takes up to twelve characters of the link."""
LEFT_OUT = "> [...]"
WORD_END = 40
"""Characters at the end of a cut line that may go as well, so that it ends with a word."""


class Reply(NamedTuple):
    link: str
    is_cut: bool
    """Whether only the beginning of the message is quoted."""


def reply_to(message: Message, topic: str) -> Reply:
    """A mail to who wrote it, about what they chose, with their words below."""
    beginning = f"mailto:{_encoded(message.address, '@')}?subject={_encoded(f'Re: {topic}')}&body="
    who = message.name[:MOST_OF_NAME] if message.name else "You"
    above = f"\n\n\n{who} wrote on {long_date(message.written_at)}:\n\n"
    quoted, is_cut = _quoted(message.text, MOST - len(beginning) - _length(above))
    return Reply(beginning + _encoded(above + quoted), is_cut)


def _quoted(text: str, room: int) -> tuple[str, bool]:
    """The text with "> " before each line, in so many characters of a link, and whether something had to go."""
    lines = [f"> {line}".rstrip() for line in text.split("\n")]
    if _length("\n".join(lines)) <= room:
        return "\n".join(lines), False
    room -= _length(f"\n{LEFT_OUT}")
    kept: list[str] = []
    for line in lines:
        fitting = _beginning(line, room)
        kept += [fitting] if fitting.strip("> ") or fitting == line else []
        room -= _length(f"{fitting}\n")
        if fitting != line:
            break
    return "\n".join([*kept, LEFT_OUT]), True


def _beginning(line: str, room: int) -> str:
    """As much of a line as has room, to the end of a word if one ends near."""
    used = 0
    for place, letter in enumerate(line):
        used += _length(letter)
        if used > room:
            end = line.rfind(" ", max(place - WORD_END, 2), place + 1)
            return line[: end if end > 0 else place]
    return line


def _length(text: str) -> int:
    """Characters it takes in the link."""
    return len(_encoded(text))


def _encoded(text: str, safe: str = "") -> str:
    """Every character that is no letter, digit or one of -._~ as percent signs, line ends as mail has them."""
    return quote(text.replace("\r\n", "\n").replace("\n", "\r\n"), safe=safe, errors="replace")
