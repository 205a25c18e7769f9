"""Fields of records that take what is there, and survive what is missing or of the wrong type."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from webapp.editorial.characters import without_forbidden
from webapp.editorial.dates import PartialDate
from webapp.scholarly.markup import MAX_LENGTH, plain_line, plain_paragraphs

T = TypeVar("T")

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that nobody sees, and that have a text read in another order than it is written."""


class Record(BaseModel):
    """A part of an answer. What we do not know is left aside; every field has something it is when it is missing."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


def _or_none(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError:
        return None


def _or_empty(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError:
        return handler({})


def _those_that_fit(value: Any, handler: ValidatorFunctionWrapHandler) -> tuple[Any, ...]:
    found: list[Any] = []
    for one in value if isinstance(value, list) else [value]:
        with suppress(ValidationError):
            found += handler([one])
    return tuple(found)


def _line(value: Any) -> str:
    is_text = isinstance(value, str | int) and not isinstance(value, bool)
    return _TURNING.sub("", plain_line(str(value))) if is_text else ""


def _paragraphs(value: Any) -> str:
    return _TURNING.sub("", plain_paragraphs(value)) if isinstance(value, str) else ""


def _written(value: Any) -> str:
    return _TURNING.sub("", without_forbidden(value[:MAX_LENGTH])).strip() if isinstance(value, str) else ""


def _date_in(value: Any) -> PartialDate | None:
    """The date in 2015-08, or in [[2015, 8]], as far as it is one; the second also as Crossref wraps it."""
    if isinstance(value, dict):
        value = value.get("date-parts")
    if isinstance(value, str):
        parts: list[Any] = value[:10].split("-")
    else:
        parts = value[0] if isinstance(value, list) and value and isinstance(value[0], list) else []
    found = None
    for length in range(1, len(parts[:3]) + 1):
        with suppress(ValueError, TypeError, OverflowError):
            written = "-".join(f"{int(part):0{width}d}" for part, width in zip(parts[:length], (4, 2, 2), strict=False))
            found = PartialDate.parse(written)
    return found


Maybe = Annotated[T | None, WrapValidator(_or_none)]
"""One thing, or None."""
Part = Annotated[T, WrapValidator(_or_empty)]
"""A record inside another, empty when it is no record."""
Several = Annotated[tuple[T, ...], WrapValidator(_those_that_fit)]
"""Those of a list that can be read. A single thing where a list should stand is read as well."""
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""How many there are of something: a number that a database takes."""
Line = Annotated[str, BeforeValidator(_line)]
"""Text on one line, without markup; empty when it is no text and no number."""
State = Annotated[Line, AfterValidator(lambda words: words[:40])]
"""A word of a registry for the state of a trial, no longer than a database takes."""
Title = Annotated[Line, AfterValidator(lambda words: words[:300])]
"""A short title, no longer than a database takes; the registry allows no more itself."""
Paragraphs = Annotated[str, BeforeValidator(_paragraphs)]
"""Text without markup, an empty line between paragraphs."""
Written = Annotated[str, BeforeValidator(_written)]
"""Text with its lines, every sign as it was written: no markup is looked for in it."""
KnownDate = Annotated[PartialDate | None, PlainValidator(_date_in)]
"""A date with the precision that the record states."""
