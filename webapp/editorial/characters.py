"""Characters that are no part of any text: nobody can see them, and XML, databases or mail stumble over them."""

from __future__ import annotations

import re
import unicodedata

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_FORBIDDEN = re.compile(
    "["
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, save tab and line feed
    "\u2028\u2029"  # line ends that few programs know
    "\ud800-\udfff"  # halves of a character
    "\ufdd0-\ufdef"  # and code points that Unicode promises never to give to a character
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def forbidden_in(text: str) -> str | None:
    """The first character that may not stand in a text, such as U+0001; None when there is none."""
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def without_forbidden(text: str) -> str:
    """The text without them, every kind of line end a line feed."""
    return _FORBIDDEN.sub("", _LINE_END.sub("\n", text))


def on_one_line(text: str) -> str:
    """The text without them, every run of white space one space."""
    return " ".join(without_forbidden(text).split())


def as_typed(text: str) -> str:
    """What was typed, without what nobody sees: letters in their usual form, one space between words."""
    seen = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return " ".join("".join(seen).split())
