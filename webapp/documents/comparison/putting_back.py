"""One part of a document put back as it was before, the rest as it is."""

from __future__ import annotations

from typing import Any

from webapp.documents.comparison.differences import Part
from webapp.documents.comparison.rows import matched
from webapp.documents.comparison.values import value_at, with_value
from webapp.documents.problems import Loc
from webapp.documents.schema import JsonContent


def put_back(before: JsonContent, after: JsonContent, part: Part) -> JsonContent:
    """The content `after` with one part as it is in `before`; `part` is one of their differences.

    To put it back in a text that was written on since: `joined(kind, after, newest, put_back(before, after, part))`.
    """
    loc = part.loc
    if isinstance(loc[-1], int):
        rows = _rows_with(_rows_at(before, loc[:-1]), _rows_at(after, loc[:-1]), loc[-1], part)
        return dict(with_value(after, loc[:-1], rows))
    return dict(with_value(after, loc, value_at(before, loc)))


def _rows_with(before: list[Any], after: list[Any], place: int, part: Part) -> list[Any]:
    """The rows of today with one of them as it was, and where it stood if it was moved."""
    rows = list(after)
    if part.state == "removed":
        rows.insert(place, before[place])
        return rows
    del rows[place]
    if part.state == "changed":
        was = next(old for old, new in matched(before, after).items() if new == place)
        is_moved = any(one.kind == "moved" and one.loc == part.loc for one in part.differences)
        rows.insert(was if is_moved else place, before[was])
    return rows


def _rows_at(content: JsonContent, loc: Loc) -> list[Any]:
    rows = value_at(content, loc)
    return rows if isinstance(rows, list) else []
