"""The two lists beside the summaries: categories.yml and glossary.yml, read with every fault named."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError
from ruamel.yaml.error import MarkedYAMLError

from webapp.library.dialect import line_of, plain, yaml
from webapp.library.faults import Loc, Reading, has_unreadable, shape_faults, yaml_fault
from webapp.library.rows import slug_of_title
from webapp.library.shape import Shape, Slug, Text


class Listed(Shape):
    """An entry of a list. Its addresses, each with its place in the entry, belong to nothing else."""

    def addresses(self) -> list[tuple[Loc, str]]:
        raise NotImplementedError


Item = TypeVar("Item", bound=Listed)


class CategoryShape(Shape):
    slug: Slug
    name: Text
    description: Text


class GroupShape(Listed):
    name: Text
    categories: list[CategoryShape] = Field(min_length=1)

    def addresses(self) -> list[tuple[Loc, str]]:
        return [(("categories", index, "slug"), category.slug) for index, category in enumerate(self.categories)]


class TermShape(Listed):
    term: Text
    also: list[Text] = Field(default_factory=list)
    definition: Text
    source: Text | None = None
    checked: bool = False

    def addresses(self) -> list[tuple[Loc, str]]:
        return [(("term",), slug_of_title(self.term))]


def read_list(path: Path, shape: type[Item]) -> tuple[Reading, list[Item]]:
    """Read a YAML file that holds a list of `shape`."""
    reading = Reading(str(path))
    try:
        source = path.read_text(encoding="utf-8")
        node = None if has_unreadable(source, reading) else yaml().load(source)
    except MarkedYAMLError as error:
        line, problem, remedy = yaml_fault(error)
        reading.fault(line, "file", problem, remedy)
        return reading, []
    except (OSError, UnicodeDecodeError) as error:
        reading.fault(1, "file", f"cannot be read: {error}", "Check the name, its rights, and that it is UTF-8")
        return reading, []
    if reading.faults:
        return reading, []
    if not isinstance(node, list):
        reading.fault(1, "file", "is not a list", "Start each entry with a hyphen")
        return reading, []
    items: list[Item] = []
    seen: set[str] = set()
    for index, part in enumerate(node):

        def tell(loc: Loc, problem: str, remedy: str, index: int = index) -> None:
            where = ".".join(str(step) for step in loc)
            reading.fault(line_of(node, (index, *loc)), where, problem, remedy)

        try:
            item = shape.model_validate(plain(part))
        except ValidationError as error:
            shape_faults(error, shape, tell)
            continue
        for loc, address in item.addresses():
            if address in seen:
                tell(loc, f"has the address {address}, which stands above already", "Take one of the two out")
            seen.add(address)
        items.append(item)
    return reading, items


def write_list(items: Sequence[BaseModel]) -> str:
    """The YAML of such a list, in the order given, empty fields left out."""
    out = io.StringIO()
    rows: list[dict[str, Any]] = [item.model_dump(exclude_defaults=True) for item in items]
    parser = yaml()
    parser.indent(mapping=2, sequence=4, offset=2)
    parser.dump(rows, out)
    # The outermost list needs no indent of its own.
    return "".join(line.removeprefix("  ") for line in out.getvalue().splitlines(keepends=True))
