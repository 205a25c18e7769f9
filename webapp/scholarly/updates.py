"""What became of a paper after it came out, in one list of words for all services."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from webapp.editorial.dates import PartialDate

UpdateKind = Literal[
    "retraction", "withdrawal", "removal", "partial retraction", "expression of concern",
    "correction", "erratum", "new version", "unknown",
]  # fmt: skip
"""`unknown` is a word that we do not know, such as addendum: no alarm, and nothing to be silent about."""

_KINDS: dict[str, UpdateKind] = {
    **{kind.replace(" ", ""): kind for kind in get_args(UpdateKind)},
    "corrigendum": "correction",
    "correctedandrepublished": "correction",
    "retractedandrepublished": "retraction",
    "newedition": "new version",
    "update": "new version",
}


TAKEN_BACK: set[UpdateKind] = {"retraction", "withdrawal", "removal"}
"""What of a paper leaves nothing to rest on."""


@dataclass(frozen=True)
class Update:
    """One notice about a paper."""

    kind: UpdateKind
    label: str
    """As the service words it."""
    doi: str | None = None
    """Of the notice; of the paper itself where the notice took its place."""
    pmid: str | None = None
    issued: PartialDate | None = None


def kind_of(word: str) -> UpdateKind:
    """The kind, however a service spells it: partial_retraction, expression-of-concern, Retraction."""
    return _KINDS.get(re.sub(r"[^a-z]", "", word.casefold()), "unknown")


def kind_of_link(word: str) -> UpdateKind | None:
    """The kind of notice that a link of PubMed leads to: "Erratum in", ErratumIn.

    None for links to what says nothing against the paper ("Comment in"), and for those of a notice to its paper
    ("Erratum for").
    """
    name = re.sub(r"[^a-z]", "", word.casefold())
    kind = kind_of(name.removesuffix("in")) if name.endswith("in") else "unknown"
    return None if kind == "unknown" else kind


def without_repeats(updates: Iterable[Update]) -> tuple[Update, ...]:
    """Each event once: the publisher and others may both tell of it. The one with a date is kept."""
    found: dict[tuple[str, str | None], Update] = {}
    for update in updates:
        event = (update.label if update.kind == "unknown" else update.kind, update.doi or update.pmid)
        if event not in found or (update.issued and not found[event].issued):
            found[event] = update
    return tuple(found.values())


def are_notices(entries: Iterable[Any]) -> bool:
    """Whether each entry of an answer is a record that names what kind of notice it is."""
    return all(isinstance(one, dict) and isinstance(one.get("type"), str) and one["type"].strip() for one in entries)
