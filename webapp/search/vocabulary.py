"""The words of all summaries, which are no slips: read once for each edition, not for each search."""

from __future__ import annotations

from webapp.edition import edition
from webapp.extensions import db
from webapp.search.engines import index

_kept: tuple[str, frozenset[str]] = ("", frozenset())
"""The edition, and its words: of this process."""


def known_words() -> frozenset[str]:
    """Every word of the index, once."""
    global _kept  # noqa: PLW0603 (two threads may both read the words; the pair is put in its place in one step)
    now = edition()
    if not now or _kept[0] != now:
        _kept = (now, frozenset(db.session.scalars(index().vocabulary())))
    return _kept[1]
