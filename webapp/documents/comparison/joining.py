"""Two versions of a document that were written on one and the same: joined where they do not touch the same thing.

What only one side changed is taken without asking, field by field and row by row. What both changed is a conflict
with all three versions of it. Nothing is lost: whatever either side wrote is in the content or in a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_with
from typing import Any, Literal, NamedTuple

from webapp.documents.comparison.fields import Field, Place
from webapp.documents.comparison.names import document_of
from webapp.documents.comparison.rows import alike, matched, moved
from webapp.documents.comparison.runs import Run, runs_between
from webapp.documents.comparison.values import MISSING, is_same, with_value
from webapp.documents.problems import Loc
from webapp.documents.schema import JsonContent

Whose = Literal["mine", "theirs"]
ONE_THING = 0.8
"""From this likeness on two rows that both sides put in are one, on which they do not agree."""
Id = int | tuple[Whose, int]
"""A row: its place in the base, or who put it in and where."""


class Taken(NamedTuple):
    """What only one side changed, and is in already."""

    name: str
    whose: Whose


@dataclass(frozen=True)
class Conflict:
    """What both changed. A side is MISSING where it has no such thing, or took it out."""

    place: Place
    """Where it stands in the joined content."""
    field: Field
    base: Any
    mine: Any
    theirs: Any

    @property
    def loc(self) -> Loc:
        return self.place.loc

    @property
    def name(self) -> str:
        return self.place.name

    @property
    def runs(self) -> list[Run]:
        """Mine against theirs: what is only in mine is `out`, what is only in theirs is `in`."""
        return runs_between(self.worded(self.mine), self.worded(self.theirs))

    def worded(self, value: Any) -> str:
        """One side in words; nothing where it is missing."""
        return "" if value is MISSING else value if isinstance(value, str) else self.field.worded(value)


@dataclass
class Joined:
    """Three versions made one. `content` holds mine where both changed, and theirs where mine is missing."""

    content: JsonContent
    taken: list[Taken] = made_with(default_factory=list)
    conflicts: list[Conflict] = made_with(default_factory=list)

    def settled(self, choices: Sequence[Any]) -> JsonContent:
        """The content with a choice for each conflict, in their order; MISSING takes the thing out."""
        content: Any = self.content
        # From the last to the first: a row that goes moves those below it.
        for conflict, choice in reversed(list(zip(self.conflicts, choices, strict=True))):
            content = with_value(content, conflict.loc, choice)
        return dict(content)


def joined(kind: str, base: JsonContent, mine: JsonContent, theirs: JsonContent) -> Joined:
    """What became of `base` on both sides, as one content."""
    joining = _Joining([], [])
    content = joining.part(Place(), document_of(kind), base, mine, theirs)
    return Joined(content, joining.taken, joining.conflicts)


class _Joining(NamedTuple):
    """What is found on the way."""

    taken: list[Taken]
    conflicts: list[Conflict]

    def whole(self, place: Place, field: Field, base: Any, mine: Any, theirs: Any) -> Any:
        """One value of the three; MISSING when it is gone."""
        if is_same(mine, theirs):
            return mine
        is_of_both = not (is_same(mine, base) or is_same(theirs, base))
        if field.shape == "noted" and is_of_both and any(isinstance(value, dict) for value in (mine, theirs)):
            base, mine, theirs = (value if value is MISSING else field.whole(value) for value in (base, mine, theirs))
        old = None if base is MISSING else base
        if all(isinstance(value, dict) for value in (old or {}, mine, theirs)):
            return self.part(place, field, old or {}, mine, theirs)
        if all(isinstance(value, list) for value in (old or [], mine, theirs)):
            return self.rows(place, field, old or [], mine, theirs)
        if is_same(mine, base):
            self.taken.append(Taken(place.name, "theirs"))
            return theirs
        if is_same(theirs, base):
            self.taken.append(Taken(place.name, "mine"))
            return mine
        self.conflicts.append(Conflict(place, field, base, mine, theirs))
        return theirs if mine is MISSING else mine

    def part(
        self, place: Place, field: Field, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """A mapping, field by field."""
        found = {}
        for part in field.inside(base, mine, theirs):
            sides = (side.get(part.key, MISSING) for side in (base, mine, theirs))
            found[part.key] = self.whole(place.at(part), part, *sides)
        return {key: value for key, value in found.items() if value is not MISSING}

    def rows(self, place: Place, field: Field, base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
        """A list, row by row, in the order of the side that changed the order; of mine, if both did."""
        in_mine, in_theirs = _ids(base, mine, "mine"), _ids(base, theirs, "theirs")
        in_theirs = _known_to_both(in_mine, in_theirs, mine, theirs)
        rows = [dict(zip(ids, side, strict=True)) for ids, side in ((in_mine, mine), (in_theirs, theirs))]
        found: list[Any] = []
        for id_ in self._order(place, in_mine, in_theirs):
            old = base[id_] if isinstance(id_, int) else MISSING
            my, their = (side.get(id_, MISSING) for side in rows)
            if isinstance(id_, int) and (gone := _taken_out(old, my, their)):
                self.taken.append(Taken(f"{place.at_row(field, id_, old).name}, taken out", gone))
                continue
            here = place.at_row(field, len(found), their if my is MISSING else my)
            found.append(self.whole(here, field.of_row, old, my, their))
        return found

    def _order(self, place: Place, in_mine: list[Id], in_theirs: list[Id]) -> list[Id]:
        """All rows of both sides in one order."""
        if moved(_old(in_mine)):
            self.taken.append(Taken(f"{place.name}, order", "mine"))
            return _woven(in_mine, in_theirs)
        if moved(_old(in_theirs)):
            self.taken.append(Taken(f"{place.name}, order", "theirs"))
        return _woven(in_theirs, in_mine)


def _taken_out(base: Any, mine: Any, theirs: Any) -> Whose | None:
    """Who took a row out that the other left as it was."""
    if mine is MISSING:
        return "mine" if is_same(theirs, base) else None
    return "theirs" if theirs is MISSING and is_same(mine, base) else None


def _ids(base: list[Any], side: list[Any], whose: Whose) -> list[Id]:
    """Each row of a side by what it is."""
    was = {new: old for old, new in matched(base, side).items()}
    return [was.get(place, (whose, place)) for place in range(len(side))]


def _known_to_both(in_mine: list[Id], in_theirs: list[Id], mine: list[Any], theirs: list[Any]) -> list[Id]:
    """The rows of theirs, those that both put in by one name."""
    new_in_mine, new_in_theirs = ([id_[1] for id_ in ids if not isinstance(id_, int)] for ids in (in_mine, in_theirs))
    same = alike(mine, theirs, new_in_mine, new_in_theirs, least=ONE_THING)
    names: dict[Id, Id] = {("theirs", place): ("mine", other) for other, place in same.items()}
    return [names.get(id_, id_) for id_ in in_theirs]


def _old(ids: list[Id]) -> list[int]:
    return [id_ for id_ in ids if isinstance(id_, int)]


def _woven(ids: list[Id], others: list[Id]) -> list[Id]:
    """The rows of `ids`, and each of `others` that is not among them behind the one it stands behind there."""
    order, known = list(ids), set(ids)
    at = 0
    for id_ in others:
        if id_ in known:
            at = order.index(id_) + 1
        else:
            order.insert(at, id_)
            at += 1
    return order
