"""The range of an effect, drawn from worse (left) to better (right): only where which way is better is sure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.documents.study import Effect, Outcome
from webapp.editorial.results import Direction


@dataclass(frozen=True)
class Band:
    """The range of an effect between worse (left, 0) and better (right, 100); 50 is no difference."""

    low: float
    best: float | None
    high: float
    sentence: str


def band_of(outcome: Outcome) -> Band | None:
    """The range from worse to better, if which way is better is known for sure and fits what the study says."""
    effect = outcome.effect
    if effect is None or effect.low is None or effect.high is None or outcome.better is None:
        return None
    is_ratio = "ratio" in effect.kind
    if not is_ratio and "difference" not in effect.kind:
        return None
    if is_ratio and effect.low <= 0:
        return None
    is_turned = outcome.better == "lower"
    if "hazard" in effect.kind:
        if is_turned:  # of an event or of the time to it: the same number would mean the opposite
            return None
        is_turned = True  # a longer time to the event is better, which is a lower rate
    values = [_distance(end, is_ratio=is_ratio) for end in (effect.low, effect.value, effect.high) if end is not None]
    values = sorted(-value for value in values) if is_turned else values
    if _contradicts(outcome.direction, values):
        return None
    most = 1.2 * max(abs(values[0]), abs(values[-1]))
    places = [round(50 + 48 * value / most, 1) for value in values]
    best = places[1] if effect.value is not None else None
    return Band(
        places[0],
        best,
        places[-1],
        _range_in_words(effect, is_ratio=is_ratio, is_less_better=outcome.better == "lower"),
    )


def _distance(value: Decimal, *, is_ratio: bool) -> float:
    """How far from no difference."""
    return math.log(value) if is_ratio else float(value)


def _contradicts(direction: Direction, values: Sequence[float]) -> bool:
    """Whether the range lies on the other side than the study says: then something is written down wrongly."""
    return (direction == "better" and values[0] < 0) or (direction == "worse" and values[-1] > 0)


def _range_in_words(effect: Effect, *, is_ratio: bool, is_less_better: bool) -> str:
    none = 1 if is_ratio else 0
    best = f"Best guess {plain(effect.value)}, range" if effect.value is not None else "Range"
    sentence = f"{best} {plain(effect.low)} to {plain(effect.high)}; {none} is no difference."
    if effect.holds_no_difference:
        sentence += " The range holds “no difference”."
    return sentence if is_ratio or not is_less_better else f"{sentence} Less is better here."


def plain(value: Decimal | None) -> str:
    """A number as it was written, with a true minus sign."""
    return f"{value:f}".replace("-", "\N{MINUS SIGN}") if value is not None else ""
