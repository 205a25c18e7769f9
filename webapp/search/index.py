"""The search index: what a database has to offer for searching. sqlite_index.py and postgresql_index.py offer it.

The index holds one row for each summary, its id that of the summary. `matches` and `excerpts` are
selectable, so that a list is searched, filtered and drawn in the same few statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

from markupsafe import Markup, escape
from sqlalchemy import Select, Subquery
from sqlalchemy.orm import Session

from webapp.search.terms import Query, words_in

MARK_OPEN, MARK_CLOSE = "\x02", "\x03"
"""Around matched words in an excerpt, turned into <mark> by `as_html`: characters that no text of the index holds."""


@dataclass(frozen=True)
class Entry:
    """The words of one summary, by how much they say of what it is about."""

    id: int
    title: str
    description: str
    categories: str
    paper: str
    people: str
    findings: str
    body: str
    names: str
    """Every other name of the glossary terms in it."""


COLUMNS = tuple(field.name for field in fields(Entry))[1:]
MOST_HITS = 1_000
"""Hits of a search that are listed and counted: the best. One more is found, which says that there are more."""
WEIGHTS = (10.0, 6.0, 6.0, 4.0, 3.0, 3.0, 1.0, 1.0)
"""How much a match counts, column by column: what a summary is about before what it mentions."""


class SearchIndex(Protocol):
    """What a database has to offer for searching."""

    def replace(self, session: Session, entries: Sequence[Entry]) -> None:
        """Take in these summaries, in the place of what was known of them."""

    def remove(self, session: Session, ids: Iterable[int]) -> None:
        """Forget these summaries."""

    def keep_only(self, session: Session, ids: Select[int]) -> None:
        """Forget every other summary."""

    def matches(self) -> Subquery:
        """Columns id, rank (lower is better), is_loose (only some of the words were found), of a query's `values`: the
        best, and not more of them than `most`.
        """

    def excerpts(self) -> Subquery:
        """Columns id, excerpt: a few words around the best match, marked, of a query's `values` and of `ids`; none
        where the sentence on the card holds a match.
        """

    def values(self, query: Query) -> dict[str, Any]:
        """What a statement that searches is executed with."""

    def vocabulary(self) -> Select[str]:
        """Every word of the index, once."""

    def __hash__(self) -> int:
        """Statements are kept by the index they are for."""


def as_html(excerpt: str) -> Markup:
    """An excerpt with its matched words in <mark>."""
    return Markup(str(escape(excerpt)).replace(MARK_OPEN, "<mark>").replace(MARK_CLOSE, "</mark>"))  # noqa: S704 (escaped)


def is_searchable(query: Query) -> bool:
    """Whether there is a word to look for."""
    return any(words_in(name) for group in query.groups for name in group)
