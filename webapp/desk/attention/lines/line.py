"""One thing that waits: a sentence and a link."""

from __future__ import annotations

from typing import NamedTuple

from webapp.formats import plural


class Line(NamedTuple):
    """One thing that waits."""

    kind: str
    sentence: str
    url: str
    link: str


def named(title: str) -> str:
    """A title in quotes; those it has itself become single ones."""
    return f"“{title.translate({ord('“'): '‘', ord('”'): '’'})}”"


def others(number: int, what: str) -> str:
    """A sentence on those besides the first one; nothing where that is the only one."""
    return f" {plural(number - 1, f'more {what}')} {'waits' if number == 2 else 'wait'}." if number > 1 else ""
