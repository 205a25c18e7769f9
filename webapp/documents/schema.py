"""What each kind of document consists of: a summary, a topic answer, a standing page.

The content of a revision, a library file and what publishing demands have this one shape. Its version is a number:
content of an older version is brought up to this one by the steps in UPGRADES, and never rewritten where it is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field, model_serializer, model_validator
from slugify import slugify

from webapp.documents.fields import Day, Schema, Slug, Text
from webapp.documents.origin import Finding
from webapp.documents.study import Certainty, Study
from webapp.editorial.sections import PAGE, SUMMARY, TOPIC, Section, fields_of

VERSION = 4
JsonContent = dict[str, Any]
"""Content as JSON: of a draft, whatever was typed."""
Shape = TypeVar("Shape", bound="Content")


class Content(Schema):
    """What every document has."""

    kind: ClassVar[str]
    body: ClassVar[tuple[Section, ...]]
    """The sections of its text; the other fields are its front matter."""

    title: Text
    description: Text
    slug: Slug | None = None
    date: Day
    lastmod: Day
    author: Text

    def own_slug(self, key: str) -> str:
        """Where a document with this key stands if nothing else is said."""
        return key

    def slug_at(self, key: str, frozen: str | None) -> str:
        """Where it stands once it is published: as its text says, else where it always stood (`frozen`)."""
        return self.slug or frozen or self.own_slug(key)

    def sections(self) -> list[tuple[Section, list[str]]]:
        """The sections of its text, each with its prose part by part."""
        values = self.model_dump(include=set(fields_of(self.body)))
        return [(section, section.texts(values[section.field])) for section in self.body]

    def prose(self) -> dict[str, str]:
        """The texts that are judged, by what they are called: a field or a heading."""
        return {section.heading: "\n\n".join(texts) for section, texts in self.sections()}


class Implication(Schema):
    title: Text
    text: Text


class Related(Schema):
    """Another summary that a reader of this one should know of, and why. Without a reason it is its key alone."""

    summary: Slug
    """Its key."""
    adds: Annotated[Text, Field(max_length=200)] | None = None
    """What it adds, in a sentence."""

    @model_validator(mode="before")
    @classmethod
    def _from_key(cls, value: object) -> object:
        return {"summary": value} if isinstance(value, str) else value

    @model_serializer
    def _as_written(self) -> str | dict[str, str]:
        return {"summary": self.summary, "adds": self.adds} if self.adds else self.summary


class SummaryContent(Content):
    """A plain summary of one study, in the order a reader meets its parts."""

    kind = "summary"
    body = SUMMARY

    reviewer: Text | None = None
    categories: list[Slug] = Field(min_length=1)
    related: list[Related] = Field(default_factory=list)
    support_note: bool = False
    exception: Text | None = None
    changed_after_feedback: Day | None = None
    """The day the summary was changed because of what readers said, when the owner says so."""
    rests_on: Text
    study: Study
    simple_explanation: Text
    key_findings: list[Finding] = Field(min_length=1)
    research_summary: Text
    implications: list[Implication] = Field(min_length=1)
    limitations: list[Text] = Field(default_factory=list)
    harms: Text | None = None

    def own_slug(self, key: str) -> str:
        return slug_of_title(self.study.title)

    def prose(self) -> dict[str, str]:
        return {"description": self.description} | super().prose()


class Statement(Schema):
    """One thing the studies together show, and how sure of it one can be."""

    name: Annotated[Text, Field(max_length=60)]
    """In everyday words: Leaks."""
    certainty: Certainty
    text: Text
    rests_on: list[Slug] = Field(min_length=1)
    """Keys of summaries."""
    outcomes: list[Text] = Field(default_factory=list)
    """What was measured there that it comes from, by the names the summaries give it: Leaks in a day."""


class TopicContent(Content):
    """What the studies together show about one category: its answer."""

    kind = "topic"
    body = TOPIC

    slug: None = None
    reviewer: Text | None = None
    category: Slug
    statements: list[Statement] = Field(min_length=1)
    unknown: list[Text] = Field(min_length=1)
    questions: list[Text] = Field(min_length=1)

    def own_slug(self, key: str) -> str:
        return self.category

    def slug_at(self, key: str, frozen: str | None) -> str:
        """A topic stands at the address of its category, and moves with it."""
        return self.category

    def prose(self) -> dict[str, str]:
        statements = "\n\n".join(statement.text for statement in self.statements)
        return {"description": self.description, "statements": statements} | super().prose()


class PageContent(Content):
    """A standing page, such as /about."""

    kind = "page"
    body = PAGE

    lead: Text
    contents: bool = False
    """Whether a list of its headings stands beside it."""
    text: Text


KINDS: dict[str, type[Content]] = {shape.kind: shape for shape in (SummaryContent, TopicContent, PageContent)}


def _as_it_is(content: JsonContent) -> JsonContent:
    """Older content that still has today's shape: what the next version brought is not asked of it."""
    return content


UPGRADES: dict[int, Callable[[JsonContent], JsonContent]] = {
    1: _as_it_is,  # version 2 brought what a study measured as data
    2: _as_it_is,  # version 3 brought what a related summary adds
    3: _as_it_is,  # version 4 brought where a finding comes from
}
"""Each brings content of a version to the next.

A step leaves content that has its shape already as it is: a file of an older version is kept in today's shape under
its own number, because less is asked of it, and goes through the step again when it is read.
"""


class NewerContentError(Exception):
    """Content was written by a newer version of this program."""

    def __init__(self, version: int) -> None:
        super().__init__(f"This text was written by a newer version of this site (schema {version}, here {VERSION})")


def upgraded(content: JsonContent, version: int) -> JsonContent:
    """The content in today's shape. Raises NewerContentError."""
    if version > VERSION:
        raise NewerContentError(version)
    for step in range(version, VERSION):
        content = UPGRADES[step](content)
    return content


def parse_as(shape: type[Shape], content: Mapping[str, Any], version: int = VERSION) -> Shape:
    """The content of a document of one kind, complete and valid. Raises pydantic's ValidationError."""
    return shape.model_validate(upgraded(dict(content), version))


def parse(kind: str, content: Mapping[str, Any], version: int = VERSION) -> Content:
    """The same of a kind that is only known by its name."""
    return parse_as(KINDS[kind], content, version)


def canonical(content: Content, key: str) -> JsonContent:
    """Content as it is kept: the same for the same document, however its file is laid out."""
    if content.slug == content.own_slug(key):  # written out or not, it says nothing
        content = content.model_copy(update={"slug": None})
    return content.model_dump(mode="json", exclude_defaults=True)


def digest_of(content: Mapping[str, Any]) -> str:
    """Tells one content from another. Where it stands (the slug) is no part of it: an address is frozen."""
    text = json.dumps({name: value for name, value in content.items() if name != "slug"}, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def slug_of_title(title: str) -> str:
    """The slug of a title: lower-case words and hyphens, at most 70 characters, cut at a word."""
    return slugify(title, max_length=70, word_boundary=True, save_order=True) or "untitled"
