"""The evidence at a glance: what people want back, and how far research on it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat

from sqlalchemy import func, select

from webapp.editorial.designs import Stage
from webapp.editorial.results import ResultKind
from webapp.extensions import db
from webapp.formats import plural
from webapp.models import Category, CategoryLink, FacetCount, Study, Summary

MOST_SHAPES = 12
"""Shapes in one cell; of more studies the number is enough."""


@dataclass(frozen=True)
class Cell:
    """The studies of one topic at one stage."""

    stage: Stage
    count: int
    kinds: str
    """In whom: "2 in rats, 1 in mice"; empty where they were people."""
    shapes: list[str]
    """Results, the best first."""

    @property
    def words(self) -> str:
        return f"{plural(self.count, 'study', 'studies')}{': ' + self.kinds if self.kinds else ''}"


@dataclass(frozen=True)
class Row:
    category: Category
    cells: list[Cell]
    describing: int
    """Studies that test no treatment, and so are not on the road."""

    @property
    def empty(self) -> list[Stage]:
        return [cell.stage for cell in self.cells if not cell.count]


def glance_at(categories: Sequence[Category]) -> list[Row]:
    """A row for each of these categories. Two statements, both of counts."""
    slugs = [category.slug for category in categories]
    counts = Counter[tuple[str, str, str]]()
    rows = select(FacetCount.category, FacetCount.stage, FacetCount.result, FacetCount.count).where(
        FacetCount.category.in_(slugs), FacetCount.level == "", FacetCount.phase == ""
    )
    for category, stage, result, count in db.session.execute(rows):
        counts[category, stage, result] = count
    kinds = _animals(slugs)
    return [
        Row(
            category,
            [_cell(category.slug, stage, counts, kinds) for stage in Stage],
            counts[category.slug, "", ResultKind.DESCRIBES],
        )
        for category in categories
    ]


def _cell(slug: str, stage: Stage, counts: Counter[tuple[str, str, str]], kinds: dict[tuple[str, str], str]) -> Cell:
    count = counts[slug, stage, ""]
    shapes = chain.from_iterable(repeat(kind.value, counts[slug, stage, kind]) for kind in ResultKind)
    return Cell(stage, count, kinds.get((slug, stage), ""), list(islice(shapes, MOST_SHAPES)))


def _animals(slugs: Sequence[str]) -> dict[tuple[str, str], str]:
    """In which animals or cells: by topic and stage."""
    rows = (
        select(Category.slug, Summary.stage, Study.subjects, func.count())
        .join(CategoryLink, CategoryLink.category_id == Category.id)
        .join(Summary, Summary.document_id == CategoryLink.document_id)
        .join(Study, Study.document_id == Summary.document_id)
        .where(Category.slug.in_(slugs), Summary.stage.in_([Stage.LAB, Stage.ANIMALS]))
        .group_by(Category.slug, Summary.stage, Study.subjects)
        .order_by(func.count().desc(), Study.subjects)
    )
    found: dict[tuple[str, str], str] = {}
    for slug, at, subjects, count in db.session.execute(rows):
        stage = str(at)
        before = found.get((slug, stage))
        found[slug, stage] = f"{before + ', ' if before else ''}{count} in {subjects}"
    return found
