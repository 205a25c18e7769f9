"""What a file of a list asks for and what the owner made of the list meanwhile, made one.

Three lists of entries are held against each other, field by field: as a file had them last, as they are here, and as
the file has them now. What only one side changed is so; what both changed is a conflict. Nothing here reads a database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Entry = dict[str, Any]
"""The columns of an entry, but for its slug and position."""
Entries = Mapping[str, Entry]
"""By slug, in their order."""


class Conflict(NamedTuple):
    slug: str
    field: str
    """Which both sides changed; empty where the entry was deleted here."""


@dataclass
class Joined:
    entries: dict[str, Entry] = field(default_factory=dict)
    """Those of the file as they are to be; one that was deleted here is not among them."""
    conflicts: list[Conflict] = field(default_factory=list)
    """Where the side of the owner was taken."""


def joined(last: Entries, here: Entries, file: Entries) -> Joined:
    """`last`: as a file had them last."""
    both = Joined()
    for slug, theirs in file.items():
        if slug in here:
            both.entries[slug] = _entry(slug, last.get(slug, {}), here[slug], theirs, both.conflicts)
        elif slug not in last:
            both.entries[slug] = theirs
        elif theirs != last[slug]:
            both.conflicts.append(Conflict(slug, ""))
    return both


def _entry(slug: str, last: Entry, mine: Entry, theirs: Entry, conflicts: list[Conflict]) -> Entry:
    found = dict(mine)
    for name, value in theirs.items():
        is_known = name in last
        if value == mine[name] or (is_known and value == last[name]):
            continue
        if is_known and mine[name] == last[name]:
            found[name] = value
        else:
            conflicts.append(Conflict(slug, name))
    return found


def in_order(last: Sequence[str], here: Sequence[str], file: Sequence[str], *, overwrite: bool = False) -> list[str]:
    """The slugs that are to be: in the order of the file, unless the owner has changed the order since the last one.

    What the file does not name keeps its place; what it brings stands after the one before it there.
    """
    before = [slug for slug in last if slug in here]
    was_moved = before != [slug for slug in here if slug in before]
    order = list(here) if was_moved and not overwrite else with_order(here, file)
    for place, slug in enumerate(file):
        if slug not in order:
            above = next((one for one in reversed(file[:place]) if one in order), None)
            order.insert(order.index(above) + 1 if above else len(order), slug)
    return order


def with_order(slugs: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The slugs, those that are `wanted` in that order, in the places that they have together."""
    known = iter([slug for slug in wanted if slug in slugs])
    return [next(known) if slug in wanted else slug for slug in slugs]
