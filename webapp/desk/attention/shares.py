"""Which share of readers said something, fairly: three of five is less sure than thirty of fifty."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

FEWEST = 5
"""Answers from which a share says anything."""
SURE = 1.96
"""Standard deviations: right nineteen times in twenty."""
CLEARLY_UNCLEAR = 0.1
"""A section is told of where it is fairly sure that one reader in ten says it is unclear,"""
CLEARLY_LOW = 0.25
"""and a summary where one in four says it did not help."""


class Share(NamedTuple):
    """How many of all who answered on a summary said it."""

    document_id: int
    title: str
    part: int
    whole: int
    section: str = ""
    """What was unclear: a key of feedback.forms.PARTS; empty for the summary as a whole."""

    @property
    def at_least(self) -> float:
        return at_least(self.part, self.whole)

    @property
    def percent(self) -> int:
        return round(100 * self.part / self.whole)


def at_least(part: int, whole: int) -> float:
    """The lowest share of all readers that fits this one well: the lower bound of Wilson's interval (1927)."""
    if not whole:
        return 0.0
    share, square = part / whole, SURE * SURE
    middle = share + square / (2 * whole)
    spread = SURE * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return max(0.0, (middle - spread) / (1 + square / whole))


def clear_ones(shares: list[Share], bound: float, limit: int) -> list[Share]:
    """Those that are fairly surely above a bound, the surest first."""
    found = [one for one in shares if one.whole >= FEWEST and one.at_least >= bound]
    return sorted(found, key=lambda one: (-one.at_least, one.title, one.section))[:limit]
