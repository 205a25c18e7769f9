"""Who may join a trial, as the registry words it, in paragraphs and lists: not a word is changed.

The registry sends Markdown of a simple kind, with a stroke before signs that are none of it: "Age \\>= 18".
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

_BULLET = re.compile(r"\s*[*•·-]\s+")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>~|=&-])")


class Block(NamedTuple):
    """Paragraphs, or the items of a list."""

    is_list: bool
    lines: list[str]


def blocks(text: str) -> list[Block]:
    lines = [(bool(found := _BULLET.match(line)), line[found.end() if found else 0 :]) for line in text.splitlines()]
    said = [(is_item, _ESCAPED.sub(r"\1", line).strip()) for is_item, line in lines if line.strip()]
    return [
        Block(is_list, [line for _, line in some if line]) for is_list, some in groupby(said, key=lambda one: one[0])
    ]
