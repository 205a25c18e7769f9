"""The groups of an outcome as rows: each with its number in words and, where it can be drawn, so many figures of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.documents.study import Group
from webapp.research.effects import plain

FEWEST_FIGURES, MOST_FIGURES = 3, 30
"""People in a group from which, and up to which, each is a figure; of more, so many of every 100 are drawn."""
UNKNOWN = "Not known to us"
_FORMS = {"count": "{} people", "events": "{} events", "mean": "{}", "change": "{}", "median": "{}"}
"""What can be told of a group without drawing it, the first that is known first."""


@dataclass(frozen=True)
class Row:
    """One group: its number in words, and how many of `of` figures are filled; none are drawn while `of` is 0."""

    words: str
    name: str = ""
    filled: int = 0
    of: int = 0
    is_empty: bool = False
    """Whether there is only the sentence: nobody was in this group, or its number is not known."""


def share(group: Group) -> float | None:
    """How many of every 100 it happened to; the bare number where it is not known of how many."""
    if group.percent is not None:
        return float(group.percent)
    number = group.count if group.count is not None else group.events
    return None if number is None else 100 * number / group.people if group.people else float(number)


def people(groups: Sequence[Group]) -> tuple[Row, ...]:
    """Each group as figures, at one scale. None where a group is too small, or a share would be lost by rounding."""
    known = [group for group in groups if _is_share(group)]
    few = any(group.people is not None and group.people < FEWEST_FIGURES for group in known)
    if not known or few or any(0 < part < 1 or 99 < part < 100 for part in (share(group) or 0 for group in known)):
        return ()
    is_counted = all(group.count is not None and (group.people or 0) <= MOST_FIGURES for group in known)
    row = _counted if is_counted else _of_hundred
    return tuple(row(group) if _is_share(group) else Row(UNKNOWN, called(group), is_empty=True) for group in groups)


def _is_share(group: Group) -> bool:
    return group.percent is not None or (group.count is not None and group.people is not None)


def _counted(group: Group) -> Row:
    return Row(f"{group.count} of {group.people}", called(group), group.count or 0, group.people or 0)


def _of_hundred(group: Group) -> Row:
    part = int((share(group) or 0) + 0.5)
    of_people = f" of {group.people:,}" if group.people else ""
    exact = f"{group.count}{of_people}" if group.count is not None else f"{plain(group.percent)}%{of_people}"
    return Row(f"{part} of every 100", f"{called(group)} ({exact})", part, 100)


def called(group: Group) -> str:
    """The name of a group behind its number: with placebo."""
    name = group.name.removesuffix(" (only group)")
    if re.match(r"(with|without|after|before|people|men|women|adolescents)\b", name):
        return name
    return f"in {name}" if re.match(r"(everyone|part)\b", name) else f"with {name}"


def numbers(groups: Sequence[Group]) -> tuple[Row, ...]:
    """What is known of each group and cannot be drawn; nothing unless it is of one kind."""
    for field, form in _FORMS.items():
        values = [getattr(group, field) for group in groups]
        if None not in values:
            rows = zip(values, groups, strict=True)
            return tuple(Row(form.format(plain(Decimal(value))), called(group)) for value, group in rows)
    return ()
