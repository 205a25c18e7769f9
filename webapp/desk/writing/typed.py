"""From what was typed into the form to the content of a document, and rows that are added, moved and taken out.

What is typed is kept as it is: a number that is none stays a text, and publishing says so. Only what is empty goes,
and what nobody can see in a text from a PDF: soft hyphens, and ligatures for letters.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Protocol

from webapp.desk.writing.fields import Field, Path, paths_in
from webapp.documents.origin import Finding, text_of
from webapp.documents.schema import JsonContent
from webapp.editorial.characters import without_forbidden
from webapp.editorial.pasted import mended

MAX_ROWS = 200
"""Rows of one list that are read."""


class Typed(Protocol):
    """What a form sent."""

    def get(self, name: str) -> str | None: ...
    def getlist(self, name: str) -> list[str]: ...


def name_of(path: Path) -> str:
    """Of a control, and of the field it is for: study.outcomes.0.name."""
    return ".".join(str(step) for step in path)


def path_of(name: str) -> Path:
    """The way that a name says."""
    return tuple(int(step) if step.isdecimal() else step for step in name.split("."))


def content_typed(fields: tuple[Field, ...], typed: Typed, path: Path = ()) -> JsonContent:
    """The content of the form; empty fields are left out."""
    found = {field.name: _value(field, typed, (*path, field.name)) for field in fields}
    return {name: value for name, value in found.items() if value is not False and value not in (None, "", [], {})}


def _value(field: Field, typed: Typed, path: Path) -> Any:
    name = name_of(path)
    found: Any = _text(typed, name)
    match field.shape:
        case "group":
            found = content_typed(field.parts, typed, path)
        case "rows":
            rows = (_row(field, typed, (*path, place)) for place in range(_count(typed, name)))
            found = [row for row in rows if row]
        case "lines":
            found = [line for line in (part.strip() for part in found.split("\n")) if line]
        case "ticks":
            found = typed.getlist(name)
        case "tick":
            found = typed.get(name) is not None
        case "number":
            found = _number(found)
    return _with_notes(field, found, typed, path) if field.text and field.shape != "rows" else found


def _row(field: Field, typed: Typed, path: Path) -> Any:
    if field.parts:
        return content_typed(field.parts, typed, path)
    return _with_notes(field, _text(typed, name_of(path)), typed, path)


def _with_notes(field: Field, text: str, typed: Typed, path: Path) -> Any:
    """A text with what was noted beside it; the text alone where nothing was."""
    notes = content_typed(field.notes, typed, path)
    return ({field.text: text} if text else {}) | notes if notes else text


def row_places(fields: tuple[Field, ...], typed: Typed) -> Iterator[tuple[Path, Path]]:
    """Of each row of an outermost list of the form: where it stands in the content, and where in the form.

    A row that is empty is in the content no more: its place there is ().
    """
    for path, field in paths_in(fields):
        kept = 0
        for place in range(_count(typed, name_of(path)) if field.shape == "rows" else 0):
            is_kept = bool(_row(field, typed, (*path, place)))
            yield ((*path, kept) if is_kept else ()), (*path, place)
            kept += is_kept


def _count(typed: Typed, name: str) -> int:
    """How many rows of a list the form had."""
    count = typed.get(f"{name}.rows") or "0"
    return min(int(count), MAX_ROWS) if count.isdecimal() and len(count) < 5 else 0


def _text(typed: Typed, name: str) -> str:
    text = mended(without_forbidden(typed.get(name) or ""))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _number(text: str) -> int | str:
    """A whole number as one; everything else as it was typed."""
    return int(text) if text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 10 else text


def list_at(content: JsonContent, path: Path) -> list[Any]:
    """The list at a path of the content; an empty one where there is none."""
    found: Any = content
    for step in path:
        if isinstance(found, dict):
            found = found.get(str(step))
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return []
    return found if isinstance(found, list) else []


def text_at(content: JsonContent, path: Path) -> str | None:
    """The text at a path of the content; None where there is none."""
    found: Any = content
    for step in path:
        if isinstance(found, list):
            found = found[step] if isinstance(step, int) and step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return text_of(found) or None


def with_text(content: JsonContent, path: Path, text: str | None) -> JsonContent:
    """The content with another text at a path, where there is one."""
    if not text or text_at(content, path) is None:
        return content
    changed: Any = copy.deepcopy(content)
    *way, last = path
    place = changed
    for step in way:
        place = place[step]
    if isinstance(place[last], dict):  # what is noted beside it stays
        place[last][Finding.alone] = text
    else:
        place[last] = text
    return changed  # type: ignore[no-any-return]


def without_row(content: JsonContent, path: Path, place: int) -> JsonContent:
    """The content without one row of a list."""
    changed = copy.deepcopy(content)
    rows = list_at(changed, path)
    if place < len(rows):
        del rows[place]
    return changed


def with_row_moved(content: JsonContent, path: Path, place: int, by: int) -> JsonContent:
    """The content with one row a place further up (-1) or down (1)."""
    changed = copy.deepcopy(content)
    rows = list_at(changed, path)
    if 0 <= place < len(rows) and 0 <= place + by < len(rows):
        rows.insert(place + by, rows.pop(place))
    return changed


def with_row(content: JsonContent, path: Path, place: int, row: Any) -> JsonContent:
    """The content with a row put back where it was."""
    changed = copy.deepcopy(content)
    rows = list_at(changed, path)
    if not rows:
        _make_list(changed, path)
        rows = list_at(changed, path)
    rows.insert(min(place, len(rows)), row)
    return changed


def _make_list(content: Any, path: Path) -> None:
    """Nothing is made in a row that is gone."""
    for step, following in zip(path, (*path[1:], None), strict=True):
        if isinstance(content, dict):
            content = content.setdefault(str(step), [] if following is None or isinstance(following, int) else {})
        elif isinstance(step, int) and step < len(content):
            content = content[step]
        else:
            return
