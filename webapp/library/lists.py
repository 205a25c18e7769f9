"""The two lists beside the summaries: categories.yml and glossary.yml, read with every fault named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from webapp.documents.fields import Schema, Slug, Text
from webapp.documents.problems import Loc, problems_of
from webapp.documents.schema import slug_of_title
from webapp.glossary.marking import normalized
from webapp.library import yaml
from webapp.library.diagnostics import Reading
from webapp.library.source import failures_reported, read_source, read_yaml
from webapp.library.yaml import Document


class Listed(Schema):
    """An entry of a list. Its slugs and its names, each with its place in the entry, belong to nothing else."""

    def slugs(self) -> list[tuple[Loc, str]]:
        raise NotImplementedError

    def own_names(self) -> list[tuple[Loc, str]]:
        """The words that readers would find marked as this and as nothing else."""
        return []


Item = TypeVar("Item", bound=Listed)


class CategorySchema(Schema):
    slug: Slug
    name: Text
    description: Text
    leads_to: Slug | None = None
    """Of the category that has taken its place, or `everything`."""


class GroupSchema(Listed):
    name: Text
    categories: list[CategorySchema] = Field(min_length=1)

    def slugs(self) -> list[tuple[Loc, str]]:
        return [(("categories", index, "slug"), category.slug) for index, category in enumerate(self.categories)]


class TermSchema(Listed):
    term: Text
    slug: Slug | None = None
    """Its address, where that does not follow from its name: it was renamed."""
    also: list[Text] = Field(default_factory=list)
    definition: Text
    source: Text | None = None
    checked: bool = False
    leads_to: Slug | None = None
    """Of the term that has taken its place, and has its names."""

    @property
    def stands_at(self) -> str:
        return self.slug or slug_of_title(self.term)

    def slugs(self) -> list[tuple[Loc, str]]:
        return [(("slug" if self.slug else "term",), self.stands_at)]

    def own_names(self) -> list[tuple[Loc, str]]:
        if self.leads_to:
            return []
        also: list[tuple[Loc, str]] = [(("also", place), name) for place, name in enumerate(self.also)]
        return [(("term",), self.term), *also]


def read_list(path: Path, schema: type[Item], called: str | None = None) -> tuple[Reading, list[Item]]:
    """Read a YAML file that holds a list of `schema`. `called`: in faults, where that is not its path."""
    reading = Reading(called or str(path))
    items: list[Item] = []
    with failures_reported(reading):
        source = read_source(path, reading)
        document = None if source is None else read_yaml(source, reading, first_line=1, name="file")
        if document is not None:
            items = _items(document, schema, reading)
    return reading, items


def _items(document: Document, schema: type[Item], reading: Reading) -> list[Item]:
    if not isinstance(document.value, list):
        reading.report(1, "file", "is not a list", "Start each entry with a hyphen")
        return []
    items: list[Item] = []
    seen: set[str] = set()
    named: set[str] = set()
    for index, part in enumerate(document.value):

        def report(loc: Loc, problem: str, remedy: str, index: int = index) -> None:
            reading.report(document.line_of((index, *loc)), ".".join(str(step) for step in loc), problem, remedy)

        try:
            item = schema.model_validate(part)
        except ValidationError as error:
            for problem in problems_of(error, schema):
                report(problem.loc, problem.problem, problem.remedy)
            continue
        for loc, slug in item.slugs():
            reading.lines.setdefault(slug, document.line_of((index, *loc)))
            if slug in seen:
                report(loc, f"has the address {slug}, which stands above already", "Take one of the two out")
            seen.add(slug)
        for loc, name in item.own_names():
            if normalized(name) in named:
                report(loc, f"is “{name}”, a name that stands above already", "Keep it in one place")
            named.add(normalized(name))
        items.append(item)
    return items


def write_list(items: Sequence[BaseModel]) -> str:
    """The YAML of such a list, in the order given, empty fields left out."""
    return yaml.write([item.model_dump(exclude_defaults=True) for item in items])
