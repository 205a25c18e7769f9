"""The drawing language: everything is built of one vertebra, so that a height is a count and cannot lie.

Each function gives the path data of an SVG: what is lit, and what is only outlined. The templates of `components/`
put them into a drawing and say the same in words.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from webapp.editorial.injury import LEVELS, REGIONS, LevelRange

STEPS = 5
SPINE_WIDTHS = (8, 12, 16, 12, 8)
"""The mark of the site: five vertebrae."""
_PITCH = {"C": 6.0, "T": 7.0, "L": 8.4, "S": 5.4}
_WIDTH = {"C": (12, 14), "T": (15, 18), "L": (20, 22), "S": (16, 8)}
"""Of the first and of the last vertebra of a region."""
_TOP, _MIDDLE = 58.0, 80.0


class Drawn(NamedTuple):
    """Two paths."""

    lit: str
    hollow: str


class Column(NamedTuple):
    """One step of the ladder."""

    step: int
    path: str
    middle: int
    top: int
    """Where the highest vertebra begins."""


class Body(NamedTuple):
    """The spine of a body, and where the lit part begins and ends."""

    drawn: Drawn
    first: float
    last: float


def _vertebra(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:g} {y:g}h{width:g}v{height:g}h-{width:g}z"


@cache
def spine(step: int) -> Drawn:
    """A spine of 20 x 36, lit from below: five vertebrae for step 1, the strongest, one for step 5."""
    bones = [_vertebra(10 - width / 2, 2 + 7 * place, width, 4) for place, width in enumerate(SPINE_WIDTHS)]
    return Drawn("".join(bones[step - 1 :]), "".join(bones[: step - 1]))


@cache
def ladder() -> tuple[Column, ...]:
    """The ladder of 270 x 136, from step 5 to step 1: a column of n vertebrae is n high."""
    columns = []
    for place in range(1, STEPS + 1):
        x, tops = 4 + 52 * (place - 1), [112 - 17 * height for height in range(1, place + 1)]
        path = "".join(_vertebra(x, y, 44, 13) for y in tops)
        columns.append(Column(STEPS + 1 - place, path, x + 22, tops[-1]))
    return tuple(columns)


@cache
def body(levels: LevelRange) -> Body:
    """The thirty levels of the cord, those of a study lit."""
    lit: list[str] = []
    hollow: list[str] = []
    edges: list[float] = []
    y = _TOP
    for place, level in enumerate(LEVELS):
        region, number = level[0], int(level[1:])
        first, last = _WIDTH[region]
        width = first + (last - first) * (number - 1) / (REGIONS[region].levels - 1)
        bone = _vertebra(round(_MIDDLE - width / 2, 1), round(y, 1), round(width, 1), round(_PITCH[region] - 2.4, 1))
        (lit if place in levels.places else hollow).append(bone)
        if place in levels.places:
            edges += [y, y + _PITCH[region] - 2.4]
        y += _PITCH[region]
    return Body(Drawn("".join(lit), "".join(hollow)), round(edges[0], 1), round(edges[-1], 1))
