"""A field as it is compared, and the place where it stands, with what the owner calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from webapp.documents.problems import Loc

Shape = Literal["text", "value", "lines", "rows", "part", "noted"]
EMPTY = "empty"
_LONGEST_NAME = 60


def in_words(value: object) -> str:
    """A value as the owner reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, list):
        return "\n".join(map(in_words, value))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {in_words(part)}" for key, part in value.items())
    return str(value).strip() or EMPTY


@dataclass(frozen=True)
class Field:
    """One field of a document, of a part of it, or of a row of a list."""

    key: str
    label: str
    """Its plain name. `{row}` is that of the row in which it stands; without words it goes by those of its parts."""
    shape: Shape = "text"
    """How it is compared: word by word, as a whole, as lines, row by row, or part by part; a text with something noted
    beside it (documents/origin.py) word by word, and then part by part. Its text is the first of its parts."""
    row: str = ""
    """What one row of the list is called."""
    parts: tuple[Field, ...] = ()
    """Of a part, or of each row."""
    row_shape: Shape = "part"
    """Of rows that have parts."""
    worded: Callable[[object], str] = in_words

    def inside(self, *values: object) -> Iterator[Field]:
        """The fields that there are in some values of a part: those with a name, then what else was typed."""
        known = {field.key for field in self.parts}
        typed = {key for value in values if isinstance(value, Mapping) for key in value}
        yield from self.parts
        yield from (Field(key, key.replace("_", " ").strip() or EMPTY) for key in sorted(typed - known))

    @property
    def of_row(self) -> Field:
        """One row as a field of its own."""
        return Field("", self.row, self.row_shape if self.parts else "text", parts=self.parts, worded=self.worded)

    @property
    def notes(self) -> Field:
        """Of a text with something noted beside it: what is noted, as a part."""
        return replace(self, shape="part", parts=self.parts[1:])

    def apart(self, value: object) -> tuple[object, Mapping[str, object]]:
        """The text of such a value, and what is noted beside it."""
        if not isinstance(value, Mapping):
            return value, {}
        text = self.parts[0].key
        return value.get(text), {key: part for key, part in value.items() if key != text}

    def whole(self, row: object) -> object:
        """A row with its fields, also where it was written as its name alone."""
        return {self.parts[0].key: row} if self.parts and isinstance(row, str) else row


@dataclass(frozen=True)
class Place:
    """Where a field stands in a document, and what it is called there."""

    loc: Loc = ()
    names: tuple[str, ...] = ()
    row: str = ""
    """The name of the row in which it stands."""
    part: Loc = ()
    """Where the part of the document begins to which it belongs: that with the first of its names."""

    @property
    def name(self) -> str:
        """Headline; Outcome 1, people in placebo."""
        return ", ".join(self.names) or " ".join(map(str, self.loc[-1:])).capitalize()

    @property
    def old(self) -> Place:
        """The same place of the version before: Old key finding 2. Another row may stand there now."""
        *above, last = self.names
        name = f"old {last[:1].lower()}{last[1:]}"
        return replace(self, names=(*above, name if above else name.capitalize()))

    def at(self, field: Field) -> Place:
        """The place of a field in this part or row."""
        above = self.names[:-1] if "{row}" in field.label else self.names
        label = field.label.replace("{row}", self.row)
        return self._further(field.key, (*above, label) if label else above, self.row)

    def at_row(self, field: Field, index: int, row: object) -> Place:
        """The place of a row of this list. A row within a row goes by what the owner called it."""
        numbered = f"{field.row or field.label} {index + 1}"
        own = row.get("name") if isinstance(row, Mapping) else None
        called = " ".join(own.split())[:_LONGEST_NAME] if isinstance(own, str) and own.strip() else numbered
        names = self.names[:-1] if field.label else self.names
        shown = f"{field.row} {called}" if names and called != numbered else numbered
        return self._further(index, (*names, shown), called)

    def _further(self, step: str | int, names: tuple[str, ...], row: str) -> Place:
        loc = (*self.loc, step)
        return Place(loc, names, row, loc if len(names) < 2 else self.part)
