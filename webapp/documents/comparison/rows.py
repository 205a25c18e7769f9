"""Which row of a list was which before: found by likeness, so that one more finding is one, not ten changed ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from webapp.documents.comparison.values import written

LIKE = 0.6
"""From this likeness on, of 0 to 1, two rows are one that was changed. Two sentences on other things reach 0.5."""
MAX_PAIRS = 2_500
"""Pairs of rows that are held against each other; in longer lists rows that are not the same go by their place."""
_LOOKED_AT = 2_000
"""Characters of a row by which its likeness goes."""
_NAMES = ("name", "title", "where", "summary")
"""The field by which a row is known, where it has one."""


def matched(before: Sequence[Any], after: Sequence[Any]) -> dict[int, int]:
    """Where each row that is still there stands now, by where it stood.

    First the rows that are the same, then those that are most alike. A row that is alone between two neighbours was
    written anew in its place.
    """
    found = _same_rows(before, after)
    found |= alike(before, after, _others(before, found), _others(after, found.values()))
    free = set(_others(after, found.values()))
    for row in _others(before, found):
        if (place := _alone(row, found, len(before), len(after))) in free:
            found[row] = place
    return found


def alike(
    before: Sequence[Any], after: Sequence[Any], old: Sequence[int], new: Sequence[int], least: float = LIKE
) -> dict[int, int]:
    """The rows of `old` and `new` that are like one another, the likest first; each is taken once."""
    if len(old) * len(new) > MAX_PAIRS:
        return dict(zip(old, new, strict=False))
    scored = [(-_likeness(before[i], after[j]), abs(i - j), i, j) for i in old for j in new]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, i, j in sorted(scored):
        if -score >= least and i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def moved(places: Sequence[int]) -> set[int]:
    """Which of these stand out of order, as few as can be. `places`: where each stood before, in today's order."""
    ends: list[int] = []  # the smallest last place of a rising sequence of each length
    links: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(ends, place)
        links[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    staying: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        staying.add(last)
        last = links[last]
    return set(places) - staying


def _same_rows(before: Sequence[Any], after: Sequence[Any]) -> dict[int, int]:
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for place, row in enumerate(after):
        waiting[written(row)].append(place)
    found = {}
    for place, row in enumerate(before):
        if same := waiting.get(written(row)):
            found[place] = same.popleft()
    return found


def _others(rows: Sequence[Any], found: Collection[int]) -> list[int]:
    known = set(found)
    return [place for place in range(len(rows)) if place not in known]


def _alone(row: int, found: Mapping[int, int], old_count: int, new_count: int) -> int:
    """The place of the one new row between the neighbours of an old one; -1 when there are more, or none."""
    above = found.get(row - 1, None if row else -1)
    below = found.get(row + 1, None if row + 1 < old_count else new_count)
    return above + 1 if above is not None and below == above + 2 else -1


def _likeness(one: Any, other: Any) -> float:
    """How alike two rows are, from 0 to 1. Where they have names those count double: two outcomes of one study share
    groups, numbers and source. Texts with a source are known by their texts.
    """
    from rapidfuzz import fuzz

    one, other = _without_source(one), _without_source(other)
    texts = fuzz.ratio(_text(one)[:_LOOKED_AT], _text(other)[:_LOOKED_AT]) / 100
    names = _name(one), _name(other)
    return (texts + 2 * fuzz.ratio(*names) / 100) / 3 if all(names) else texts


def _without_source(row: Any) -> Any:
    return row["text"] if isinstance(row, Mapping) and {"text"} <= row.keys() <= {"text", "source"} else row


def _name(row: Any) -> str:
    names = (row.get(key) for key in _NAMES) if isinstance(row, Mapping) else ()
    return next((name[:_LOOKED_AT] for name in names if isinstance(name, str) and name), "")


def _text(row: Any) -> str:
    return " ".join(_leaves(row))


def _leaves(row: Any) -> Iterable[str]:
    if isinstance(row, Mapping):
        row = [row[key] for key in sorted(row)]
    if isinstance(row, list):
        return [leaf for part in row for leaf in _leaves(part)]
    return [str(row)]
