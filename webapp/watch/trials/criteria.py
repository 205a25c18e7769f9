"""Who may join a trial, as the registry words it, in paragraphs and lists: not a word is changed.

The registry sends Markdown of a simple kind, with a stroke before signs that are none of it: "Age \\>= 18". What stands
below a point stays below it: "one of these" must not read as all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

_ITEM = re.compile(r"\s*(?:[*•·-]|(?P<mark>(?:\d{1,2}|[a-z])[.)]))\s+")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>~|=&-])")
_DEEPEST = 3
"""Lists in one another; what stands deeper stands there."""


class Line(NamedTuple):
    """A paragraph, or a point of a list with the points below it."""

    text: str
    mark: str
    """The number or letter that the registry has there; empty for a dot."""
    below: list[Line]


class Block(NamedTuple):
    """Paragraphs, or the points of a list."""

    is_list: bool
    lines: list[Line]


def blocks(text: str) -> list[Block]:
    read = [_read(line) for line in text.splitlines() if line.strip()]
    groups = groupby((one for one in read if one[2].text), key=lambda one: one[0])
    return [Block(is_list, _nested(some) if is_list else [line for *_, line in some]) for is_list, some in groups]


def _read(written: str) -> tuple[bool, int, Line]:
    """Whether it is a point of a list, how far in it stands, and what it says."""
    found = _ITEM.match(written)
    text = _ESCAPED.sub(r"\1", written[found.end() if found else 0 :]).strip()
    indent = len(written) - len(written.lstrip())
    return bool(found), indent, Line(text, (found["mark"] or "") if found else "", [])


def _nested(points: Iterable[tuple[bool, int, Line]]) -> list[Line]:
    top: list[Line] = []
    above: list[tuple[int, Line]] = []
    for _, indent, line in points:
        while above and (above[-1][0] >= indent or len(above) >= _DEEPEST):
            above.pop()
        (above[-1][1].below if above else top).append(line)
        above.append((indent, line))
    return top
