"""The texts of a document one by one, as a reader meets them, each with the steps to its field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from webapp.documents.problems import Loc
from webapp.documents.schema import Content, PageContent, SummaryContent, TopicContent
from webapp.editorial import claims


class Passage(NamedTuple):
    loc: Loc
    text: str


def passages_in(content: Content) -> Iterator[Passage]:
    """The texts of any kind of document."""
    match content:
        case SummaryContent():
            yield from (Passage(passage.loc, passage.text) for passage in claims.passages_of(content))
        case TopicContent():
            yield from _of_topic(content)
        case PageContent():
            yield from _lines_of(content, "title", "description", "lead", "text")


def _of_topic(content: TopicContent) -> Iterator[Passage]:
    yield from _lines_of(content, "title", "description")
    for index, statement in enumerate(content.statements):
        yield Passage(("statements", index, "text"), statement.text)
    for field in ("unknown", "questions"):
        yield from (Passage((field, index), text) for index, text in enumerate(getattr(content, field)))


def _lines_of(content: Content, *fields: str) -> Iterator[Passage]:
    yield from (Passage((field,), getattr(content, field)) for field in fields)
