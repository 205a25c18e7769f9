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
"""Shapes of one cell beside each other; of more there are two rows."""


@dataclass(frozen=True)
class Shape:
    """One study: where it stands (percent of the chart), how large (pixels), and its number in the table."""

    x: float
    y: float
    size: int
    result: str | None
    number: int


@dataclass(frozen=True)
class Column:
    stage: Stage
    x: float
    is_empty: bool


@dataclass(frozen=True)
class Chart:
    shapes: list[Shape]
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
    shapes = []
    for (stage, level), studies in cells.items():
        rows = -(-len(studies) // IN_A_ROW) if len(studies) <= 2 * IN_A_ROW else 2
        a_row = -(-len(studies) // rows)
        step = widths[stage] / (a_row + 1)
        for place, (number, summary) in enumerate(studies):
            row, across = divmod(place, a_row)
            x = places[stage] + (across - (min(a_row, len(studies) - row * a_row) - 1) / 2) * step
            y = _row(level) + (row - (rows - 1) / 2) * 8
            shapes.append(Shape(round(x, 1), round(y, 1), _size(summary, rows), summary.result, number))
    return Chart(shapes, columns, [_row(level) for level in range(1, 6)])


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
