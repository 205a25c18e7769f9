"""What differs between two versions of a document, field by field, in the order a reader meets them.

Both can be half-written: whatever the form typed is compared, and nothing is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal, NamedTuple

from webapp.documents.comparison.fields import EMPTY, Field, Place
from webapp.documents.comparison.names import document_of
from webapp.documents.comparison.reading import Change, Piece, changes_in, paragraphs, spoken, word_count
from webapp.documents.comparison.rows import matched, moved
from webapp.documents.comparison.runs import Run, after_of, runs_between
from webapp.documents.problems import Loc
from webapp.documents.schema import JsonContent


@dataclass(frozen=True)
class Difference:
    """One field, or one row of a list, that differs."""

    kind: Literal["words", "value", "added", "removed", "moved"]
    """A text word by word; a value as a whole; a row that was put in, taken out, or stands elsewhere now."""
    place: Place
    """Where it stands now; of a row that was taken out, where it stood."""
    runs: tuple[Run, ...] = ()
    """Of `words`, `added`, `removed`."""
    before: str = ""
    after: str = ""
    """Of `value` and `moved`, as the owner reads them."""

    @property
    def loc(self) -> Loc:
        return self.place.loc

    @property
    def name(self) -> str:
        """Outcome 1, people in placebo."""
        return self.place.name

    @property
    def part(self) -> str:
        """The first half of its name: Outcome 1."""
        return self.place.names[0] if self.place.names else self.place.name

    @property
    def label(self) -> str:
        """The second half: people in placebo. Empty where there is none."""
        return ", ".join(self.place.names[1:])

    @property
    def words_out(self) -> int:
        return word_count(self.runs, "out")

    @property
    def words_in(self) -> int:
        return word_count(self.runs, "in")

    @property
    def changes(self) -> list[Change]:
        return changes_in(self.runs)

    @property
    def paragraphs(self) -> list[list[Piece]]:
        return paragraphs(self.runs)

    @property
    def spoken(self) -> str:
        """All of it in words: Headline. Taken out: a quarter. Put in: a third. End of change."""
        if self.kind == "moved":
            return f"{self.name} was {self.before[:1].lower()}{self.before[1:]} before."
        if self.kind == "value":
            return f"{self.name}. Before: {self.before}. Now: {self.after}."
        return f"{self.name}. {spoken(self.runs)}"


class Part(NamedTuple):
    """What differs in one part of a document, such as the headline or one outcome: a section of a page."""

    name: str
    state: Literal["changed", "added", "removed"]
    differences: list[Difference]

    @property
    def loc(self) -> Loc:
        """Where it stands now; where it stood, if it was taken out."""
        return self.differences[0].place.part

    @property
    def words_out(self) -> int:
        return sum(one.words_out for one in self.differences)

    @property
    def words_in(self) -> int:
        return sum(one.words_in for one in self.differences)

    @property
    def summary(self) -> str:
        """24 words out, 54 in; 2 values; put in; taken out."""
        if self.state != "changed":
            return {"added": "put in", "removed": "taken out"}[self.state]
        values = sum(one.kind == "value" for one in self.differences)
        told = [f"{_counted(values, 'value')}"] if values else []
        if out := self.words_out:
            told.append(f"{_counted(out, 'word')} out, {self.words_in:,} in")
        elif put := self.words_in:
            told.append(f"{_counted(put, 'word')} in")
        if any(one.kind == "moved" for one in self.differences):
            told.append("moved")
        return ", ".join(told) or "white space"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def differences(kind: str, before: JsonContent, after: JsonContent) -> list[Difference]:
    """What differs between two contents of a document of one kind."""
    return list(_of_part(Place(), document_of(kind), before, after))


def in_parts(found: Iterable[Difference]) -> list[Part]:
    """Differences by the part of the document in which they are. A row that came or went is a part of its own."""
    parts = []
    for (name, state), some in groupby(found, key=_part_of):
        parts.append(Part(name, state, list(some)))
    return parts


def _part_of(difference: Difference) -> tuple[str, Literal["changed", "added", "removed"]]:
    if difference.label or difference.kind not in {"added", "removed"}:
        return difference.part, "changed"
    return difference.part, "added" if difference.kind == "added" else "removed"


def _of_field(place: Place, field: Field, before: Any, after: Any) -> Iterator[Difference]:
    """What differs in one field, compared by its shape; as a whole where something else was typed."""
    if field.shape == "noted":
        yield from _of_noted(place, field, before, after)
    elif field.shape == "part" and _are(dict, before, after):
        yield from _of_part(place, field, before or {}, after or {})
    elif field.shape == "rows" and _are(list, before, after):
        yield from _of_rows(place, field, before or [], after or [])
    elif field.shape == "lines" and _are(list, before, after):
        yield from _of_text(place, *("\n".join(map(field.worded, value or [])) for value in (before, after)))
    elif field.shape == "text" and not any(isinstance(value, dict | list) for value in (before, after)):
        yield from _of_text(place, _typed(before), _typed(after))
    elif (old := field.worded(before)) != (new := field.worded(after)):
        yield Difference("value", place, before=old, after=new)


def _of_noted(place: Place, field: Field, before: Any, after: Any) -> Iterator[Difference]:
    """What differs in a text, and in what is noted beside it."""
    (old, old_notes), (new, new_notes) = field.apart(before), field.apart(after)
    yield from _of_field(place, replace(field, shape="text"), old, new)
    yield from _of_part(place, field.notes, old_notes, new_notes)


def _are(shape: type, *values: object) -> bool:
    """Whether values have a shape, or are not there at all."""
    return all(not value or isinstance(value, shape) for value in values)


def _typed(value: object) -> str:
    """A text as it counts: without white space around it, its lines ended in one way."""
    return "" if value is None else "\n".join(str(value).strip().splitlines())


def _of_part(place: Place, field: Field, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for part in field.inside(before, after):
        yield from _of_field(place.at(part), part, before.get(part.key), after.get(part.key))


def _of_text(place: Place, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference("words", place, tuple(runs_between(before, after)))


def _of_rows(place: Place, field: Field, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    """Rows in today's order, each that was taken out behind the one it stood behind."""
    now = matched(before, after)
    was = {new: old for old, new in now.items()}
    elsewhere = moved([was[new] for new in sorted(was)])
    yield from _taken_out(place, field, before, now, -1)
    for new, row in enumerate(after):
        here = place.at_row(field, new, row)
        if new not in was:
            yield Difference("added", here, tuple(runs_between("", _told(here, field, row))))
            continue
        old = was[new]
        if old in elsewhere:
            yield Difference("moved", here, before=f"{field.row} {old + 1}", after=f"{field.row} {new + 1}")
        yield from _of_field(here, field.of_row, field.whole(before[old]), field.whole(row))
        yield from _taken_out(place, field, before, now, old)


def _taken_out(
    place: Place, field: Field, before: list[Any], now: Mapping[int, int], above: int
) -> Iterator[Difference]:
    """The rows that were taken out right below the one that stood at `above`."""
    for old in range(above + 1, len(before)):
        if old in now:
            return
        there = place.at_row(field, old, before[old]).old
        yield Difference("removed", there, tuple(runs_between(_told(there, field, before[old]), "")))


def _told(place: Place, field: Field, row: Any) -> str:
    """All that a row says; of one with fields a line for each."""
    row = field.whole(row)
    if not field.parts or not isinstance(row, Mapping):
        return _typed(row) if isinstance(row, str) else field.worded(row)
    lines = []
    for found in _of_field(place, field.of_row, {}, row):
        label = ", ".join(found.place.names[len(place.names) :]) or found.label
        told = found.after or after_of(found.runs)
        lines.append(told if found.loc == place.loc else f"{label}: {told}")
    return "\n".join(lines) or EMPTY
