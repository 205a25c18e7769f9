"""The form of a document, read from its schema: what can be typed into which field, and how fields lie in each other.

A new field of a schema stands in the form by itself; `labels.py` says what it is called.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from webapp.desk.writing.labels import LONG, LONG_ROWS, choice_words, words_for
from webapp.documents.origin import Noted
from webapp.documents.schema import KINDS
from webapp.editorial.dates import PartialDate
from webapp.editorial.designs import DESIGNS

Shape = Literal["line", "text", "choice", "tick", "number", "amount", "lines", "ticks", "group", "rows"]
Path = tuple[str | int, ...]
EXCEPTION = "exception"
USED_NO_MORE = {"pictogram"}
ABOUT_THE_PAGE = {
    "slug", "date", "lastmod", "author", "reviewer", "categories", "related", "support_note", "exception",
    "changed_after_feedback", "rests_on",
}  # fmt: skip
_SHAPES: dict[Any, Shape] = {bool: "tick", int: "number", Decimal: "amount", dt.date: "line", PartialDate: "line"}


@dataclass(frozen=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    hint: str
    shape: Shape
    choices: tuple[tuple[str, str], ...] = ()
    """Of a choice or ticks: the value and its words; empty where they come from the database (categories)."""
    parts: tuple[Field, ...] = ()
    """Of a group, or of one row."""
    is_needed: bool = False
    row_label: str = ""
    """What one row is called."""
    text: str = ""
    """Of a text with something noted beside it, or of a row of such texts: what holds the text once something is."""
    notes: tuple[Field, ...] = ()
    """What can be noted there."""

    def boxes(self, ticked: object, choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Of ticks: first what is ticked, in its order, also what is no choice any more; then what is not."""
        words = dict(self.choices or choices)
        values = [value for value in ticked if isinstance(value, str)] if isinstance(ticked, list) else []
        return [(value, words.get(value, value)) for value in dict.fromkeys([*values, *words])]

    def text_in(self, value: Any) -> Any:
        """What stands in the box of a text, or of a row that is one."""
        return value.get(self.text, "") if self.text and isinstance(value, Mapping) else value

    def notes_in(self, value: Any) -> Mapping[str, Any]:
        """What is noted beside it."""
        return value if self.text and isinstance(value, Mapping) else {}

    @property
    def is_plain(self) -> bool:
        """Whether a row of this is one text, not a group of fields."""
        return self.shape == "rows" and not self.parts


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """The form of a kind of document, in the order of its page; what is about the page itself comes last."""
    shape = KINDS[kind]
    found = [_field(shape, name, info) for name, info in shape.model_fields.items()]
    return tuple(sorted(found, key=lambda field: field.name in ABOUT_THE_PAGE))


def asked_apart(kind: str, content: Mapping[str, Any]) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The fields that stand in the form, and the reason for an exception, which is asked for where one is needed.

    What is used no more stands there as long as something is in it.
    """
    fields = fields_of(kind)
    asked = (_still_used(one, content.get(one.name)) for one in fields if one.name != EXCEPTION)
    return tuple(asked), tuple(one for one in fields if one.name == EXCEPTION)


def _still_used(field: Field, value: Any) -> Field:
    known = value if isinstance(value, Mapping) else {}
    parts = tuple(part for part in field.parts if part.name not in USED_NO_MORE or known.get(part.name))
    return replace(field, parts=parts) if field.shape == "group" else field


def _field(shape: type[BaseModel], name: str, info: FieldInfo) -> Field:
    words = words_for(shape.__name__, name)
    kind, choices, parts = _kind_of(shape, name, info.annotation)
    found = Field(name, words.label, words.hint, kind, choices, parts, info.is_required(), words.row or words.label)
    noted = _noted_in(info.annotation)
    return replace(found, text=noted.alone, notes=_notes(noted)) if noted else found


def _noted_in(annotation: Any) -> type[Noted] | None:
    """The schema of a text with something noted beside it, where a field or its rows have that."""
    bare = _bare(annotation)
    bare = _bare(get_args(bare)[0]) if get_origin(bare) is list else bare
    return bare if isinstance(bare, type) and issubclass(bare, Noted) else None


def _notes(shape: type[Noted]) -> tuple[Field, ...]:
    return tuple(part for part in _parts(shape) if part.name != shape.alone)


def _kind_of(
    shape: type[BaseModel], name: str, annotation: Any
) -> tuple[Shape, tuple[tuple[str, str], ...], tuple[Field, ...]]:
    bare = _bare(annotation)
    if get_origin(bare) is list:
        return _kind_of_list(shape, name, _bare(get_args(bare)[0]))
    if _noted_in(bare):
        return "line", (), ()
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return "group", (), _parts(bare)
    if name == "design":
        return "choice", tuple((key, design.name) for key, design in DESIGNS.items()), ()
    if choices := _choices(bare):
        return "choice", choices, ()
    return _SHAPES.get(bare) or ("text" if name in LONG else "line"), (), ()


def _kind_of_list(
    shape: type[BaseModel], name: str, row: Any
) -> tuple[Shape, tuple[tuple[str, str], ...], tuple[Field, ...]]:
    if _noted_in(row):
        return "rows", (), ()
    if isinstance(row, type) and issubclass(row, BaseModel):
        return "rows", (), _parts(row)
    if name == "categories":
        return "ticks", (), ()
    if choices := _choices(row):
        return "ticks", choices, ()
    return ("rows" if name in LONG_ROWS else "lines"), (), ()


def _parts(shape: type[BaseModel]) -> tuple[Field, ...]:
    return tuple(_field(shape, name, info) for name, info in shape.model_fields.items())


def _bare(annotation: Any) -> Any:
    """An annotation without Annotated and without "or None"."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    if get_origin(annotation) in {Union, types.UnionType}:
        [one] = [part for part in get_args(annotation) if part is not type(None)]
        return _bare(one)
    return annotation


def _choices(kind: Any) -> tuple[tuple[str, str], ...]:
    if get_origin(kind) is Literal:
        return tuple((value, choice_words(value)) for value in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple((one.value, getattr(one, "label", one.value)) for one in kind)
    return ()


def paths_in(fields: tuple[Field, ...], path: Path = ()) -> Iterator[tuple[Path, Field]]:
    """Every field of the form that is not in a row, with the way to it."""
    for field in fields:
        here = (*path, field.name)
        yield here, field
        if field.shape == "group":
            yield from paths_in(field.parts, here)
