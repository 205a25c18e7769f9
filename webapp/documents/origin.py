"""Where something that a document says comes from: which record, what of it was read, and the place in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from webapp.documents.fields import Schema, Text

MOST_QUOTED = 25
"""Words of somebody else's text that may be quoted."""
Read = Literal["abstract", "registry", "full paper", "part of the paper", "another text"]
"""What of a record was read; the last is whatever its authors did not write for it, such as a report in the news."""
SOURCE_LABELS = {"where": "Source", "read": "Read", "place": "Place", "quote": "Quote"}
"""What is said of a source in a file: a list right below the text that comes from it, the first always there."""
SOURCE_LINE = re.compile(r"^[-*+] Source:(?: |$)", re.MULTILINE)
"""How such a list begins."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """Without the marks around it: the page sets its own."""
    bare = _one_line(text).strip(" “”„«»\"'‘’")
    if not bare:
        raise ValueError("write the words themselves")
    if (count := len(bare.split())) > MOST_QUOTED:
        raise ValueError(f"a quotation has at most {MOST_QUOTED} words, and this one has {count}; leave some out")
    return bare


class Noted(Schema):
    """A text, and what may be noted beside it. As long as nothing is, it is written as its text alone."""

    alone: ClassVar[str]
    """The field that holds the text."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return value if isinstance(value, Mapping | cls) else {cls.alone: value}

    @model_serializer(mode="wrap")
    def _as_written(self, serialize: SerializerFunctionWrapHandler) -> Any:
        values = {name: value for name, value in serialize(self).items() if value is not None}
        return values[self.alone] if list(values) == [self.alone] else values


class Origin(Noted):
    """Where a finding, or something that was measured, can be read."""

    alone = "where"

    where: Annotated[Text, AfterValidator(_one_line)]
    """The record: its DOI, its number in PubMed or a registry, or in words."""
    read: Read | None = None
    place: Annotated[Text, Field(max_length=120), AfterValidator(_one_line)] | None = None
    """A section, table or page of it, in words: Results; Table 2."""
    quote: Annotated[Text, Field(max_length=300), AfterValidator(_quoted)] | None = None
    """Its own words, few of them."""


class Finding(Noted):
    """Something that a study found."""

    alone = "text"

    text: Text
    source: Origin | None = None


def text_of(row: object) -> str:
    """The text of a row of prose as JSON, with or without something noted beside it."""
    text = row.get(Finding.alone) if isinstance(row, Mapping) else row
    return text if isinstance(text, str) else ""
