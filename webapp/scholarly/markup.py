"""Titles and abstracts as services send them (HTML, JATS, MathML, entities), as plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from webapp.editorial.characters import on_one_line

MAX_LENGTH = 50_000
"""Characters of one text that are read. A long abstract has 5,000."""

_KNOWN = (
    "a|abbr|b|bold|br|div|em|h[1-6]|i|italic|li|ol|p|small|span|strong|sub|sup|title|tt|u|ul"
    "|disp-formula|inline-formula|ext-link|label|list|list-item|named-content|sc|sec|styled-content|tex-math|xref"
    "|annotation|annotation-xml|math|mfenced|mfrac|mi|mn|mo|mover|mrow|mspace|msqrt|mstyle|msub|msubsup|msup|mtext|semantics"
)
_ATTRIBUTE = r"""\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+)"""
_TAG = re.compile(rf"<(/?)([A-Z][\w-]*:[A-Z][\w.-]*|{_KNOWN})(?:{_ATTRIBUTE})*\s*/?>", re.IGNORECASE)
"""Any with a prefix, and those we know. "p<0.05 and n>3" holds none."""
_NO_TEXT = re.compile(r"<!--[^<>]*-->|<!\[CDATA\[|\]\]>")
_HEADINGS = {"title", *(f"h{level}" for level in range(1, 7))}
_BLOCKS = _HEADINGS | {"br", "div", "li", "list", "list-item", "ol", "p", "sec", "ul"}
_TWINS = {"annotation", "annotation-xml", "tex-math"}
"""A formula once more, in the language of another program."""
_CHANGING = _TWINS | {"sup"}
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_BREAK, _HEADED = "\x1e", "\x1d"
"""Marks for the end of a block, and of a heading. A text holds neither."""


def plain_line(text: str) -> str:
    """The text on one line, without markup. Powers keep their height: 10<sup>6</sup> is 10⁶, never 106."""
    return on_one_line("".join(_pieces(text)))


def plain_paragraphs(text: str) -> str:
    """The text without markup, an empty line between paragraphs. A heading leads its paragraph: "Methods: We asked"."""
    written, heading = [], ""
    for part in "".join(_pieces(text)).split(_BREAK):
        words = on_one_line(part)
        if words and part.endswith(_HEADED):
            heading += f"{words.rstrip(':.')}: "
        elif words:
            written.append(heading + words)
            heading = ""
    return "\n\n".join([*written, heading.removesuffix(": ")]).strip()


def _pieces(text: str) -> Iterator[str]:
    """What stands between the tags, with the marks."""
    text = _NO_TEXT.sub("", html.unescape(html.unescape(text[:MAX_LENGTH])))
    text = text.replace(_BREAK, " ").replace(_HEADED, " ")
    opened, read = "", 0  # the tag that changes what is read: a power, or a twin of a formula
    for tag in _TAG.finditer(text):
        yield _as_read(text[read : tag.start()], opened)
        read, name, is_end = tag.end(), tag[2].rpartition(":")[2].lower(), bool(tag[1])
        if name in _HEADINGS and is_end:
            yield _HEADED
        if name in _BLOCKS:
            yield _BREAK
        if name in _CHANGING:
            opened = "" if is_end else name
    yield _as_read(text[read:], opened)


def _as_read(text: str, tag: str) -> str:
    if tag == "sup" and all(ord(letter) in _RAISED for letter in text):
        return text.translate(_RAISED)
    return "" if tag in _TWINS else text
