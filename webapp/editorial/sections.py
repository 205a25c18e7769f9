"""The sections of each kind of document: the one table that files, pages, the search and the feedback form read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What stands in a section."""

    PROSE = "prose"
    """Text: paragraphs and lists."""
    NUMBERED = "numbered"
    """Texts, one for each point of a numbered list."""
    TITLED = "titled"
    """Mappings of a title and a text."""
    WHOLE = "whole"
    """Everything below the front matter, its headings too."""


@dataclass(frozen=True)
class Section:
    """One section, in the order in which a reader meets it."""

    heading: str
    """In a file, below `##`."""
    field: str
    """Of the content of a document."""
    kind: Kind
    title: str = ""
    """On the page, where it is not the heading."""
    has_sources: bool = False
    """Whether each point can say where it comes from: then it is a mapping of its text and its source."""
    missing: str = ""
    """What the page says when there is nothing in it. A section without such words has to be there."""

    @property
    def anchor(self) -> str:
        """The id of its heading on the page."""
        return self.heading.lower().replace(" ", "-")

    @property
    def page_title(self) -> str:
        return self.title or self.heading

    def texts(self, content: Any) -> list[str]:
        """The prose in the content of the section, part by part."""
        if not content:
            return []
        match self.kind:
            case Kind.PROSE | Kind.WHOLE:
                return [content]
            case Kind.NUMBERED:
                return [part.get("text", "") if isinstance(part, Mapping) else part for part in content]
            case Kind.TITLED:
                return [f"{part['title']}.\n\n{part['text']}" for part in content]


SUMMARY = (
    Section("Simple Explanation", "simple_explanation", Kind.PROSE),
    Section("Key Findings", "key_findings", Kind.NUMBERED, has_sources=True),
    Section(
        "Harms",
        "harms",
        Kind.PROSE,
        title="Side effects and harms",
        missing="Harms were not reported in what we read. That does not mean there were none.",
    ),
    Section("Practical Implications", "implications", Kind.TITLED),
    Section("Study Limitations", "limitations", Kind.NUMBERED),
    Section("Research Summary", "research_summary", Kind.PROSE),
)
TOPIC = (
    Section("What nobody knows yet", "unknown", Kind.NUMBERED),
    Section("What to ask", "questions", Kind.NUMBERED),
)
PAGE = (Section("Text", "text", Kind.WHOLE),)


def fields_of(body: tuple[Section, ...]) -> tuple[str, ...]:
    """The fields in which the sections of a text are kept."""
    return tuple(section.field for section in body)


def texts_of(values: Mapping[str, Any], *, without: str = "") -> list[str]:
    """The prose of every section of a summary, part by part; of all but one when `without` names its field.

    `values`: the content of each section by its field.
    """
    kept = [section for section in SUMMARY if section.field != without]
    return [text for section in kept for text in section.texts(values[section.field])]
