"""The chart of what has been tried in a topic: every study a shape, across by stage, up by step of the ladder.

It says nothing that the table above it does not say: for machines it is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from webapp.editorial.designs import Stage
from webapp.models import Summary

FEWEST = 6
"""Studies from which a chart is drawn; of fewer the table is enough."""
AXIS = 12.0
"""Percent of the width that the names of the steps take."""
IN_A_ROW = 5
"""Shapes of one cell beside each other; of more there are two rows, and of more than these hold a number at the end."""


@dataclass(frozen=True)
class Shape:
    """One study: where it stands (percent of the chart), how large (pixels), and its number in the table."""

    x: float
    y: float
    size: int
    result: str | None
    number: int


@dataclass(frozen=True)
class More:
    """How many studies of a cell have no shape, and where that is said."""

    x: float
    y: float
    count: int


@dataclass(frozen=True)
class Column:
    stage: Stage
    x: float
    is_empty: bool


@dataclass(frozen=True)
class Chart:
    shapes: list[Shape]
    more: list[More]
    columns: list[Column]
    rows: list[float]
    """Where the steps 1 to 5 stand."""


def chart_of(tried: Sequence[Summary]) -> Chart | None:
    """The chart of these studies, numbered as the table numbers them; None of too few of them."""
    cells: dict[tuple[Stage, int], list[tuple[int, Summary]]] = defaultdict(list)
    for number, summary in enumerate(tried, 1):
        evidence = summary.study.evidence
        if evidence.stage and evidence.level:
            cells[evidence.stage, evidence.level].append((number, summary))
    if sum(map(len, cells.values())) < FEWEST:
        return None
    columns, widths = _columns(cells)
    places = {column.stage: column.x for column in columns}
    shapes, more = [], []
    for (stage, level), studies in cells.items():
        marks = min(len(studies), 2 * IN_A_ROW)
        rows = -(-marks // IN_A_ROW)
        a_row = -(-marks // rows)
        step = widths[stage] / (a_row + 1)
        hidden = len(studies) - marks + 1 if len(studies) > marks else 0
        for place, (number, summary) in enumerate(studies[:marks]):
            row, across = divmod(place, a_row)
            x = round(places[stage] + (across - (min(a_row, marks - row * a_row) - 1) / 2) * step, 1)
            y = round(_row(level) + (row - (rows - 1) / 2) * 8, 1)
            if hidden and place == marks - 1:
                more.append(More(x, y, hidden))
            else:
                shapes.append(Shape(x, y, _size(summary, rows), summary.result, number))
    return Chart(shapes, more, columns, [_row(level) for level in range(1, 6)])


def _row(level: int) -> float:
    return 8 + 17.0 * (level - 1)


def _size(summary: Summary, rows: int) -> int:
    people = summary.study.participants or 0
    return round(min(max(16, 1.5 * sqrt(people)), 32 if rows == 1 else 18))


def _columns(cells: dict[tuple[Stage, int], list[tuple[int, Summary]]]) -> tuple[list[Column], dict[Stage, float]]:
    """Where each stage stands; one that holds no study is narrow."""
    most = {stage: max((len(found) for (at, _), found in cells.items() if at == stage), default=0) for stage in Stage}
    weights = {stage: 0.5 if not count else 1 + 0.3 * (min(count, IN_A_ROW) - 1) for stage, count in most.items()}
    scale = (100 - AXIS) / sum(weights.values())
    columns, left = [], AXIS
    for stage in Stage:
        width = weights[stage] * scale
        columns.append(Column(stage, round(left + width / 2, 1), most[stage] == 0))
        left += width
    return columns, {stage: weight * scale for stage, weight in weights.items()}
