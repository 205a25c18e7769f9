"""The two lists beside the summaries: categories.yml and glossary.yml, read with every fault named."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError
from ruamel.yaml.error import MarkedYAMLError

from webapp.library.files import Loc, Reading, line_of, plain, shape_faults, yaml
from webapp.library.shape import Shape, Slug, Text


Item = TypeVar("Item", bound=BaseModel)


class CategoryShape(Shape):
    slug: Slug
    name: Text
    description: Text


class GroupShape(Shape):
    name: Text
    categories: list[CategoryShape] = Field(min_length=1)


class TermShape(Shape):
    term: Text
    also: list[Text] = Field(default_factory=list)
    definition: Text
    source: Text | None = None
    checked: bool = False


def read_list(path: Path, shape: type[Item]) -> tuple[Reading, list[Item]]:
    """Read a YAML file that holds a list of `shape`."""
    reading = Reading(str(path))
    try:
        node = yaml().load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f"is not valid YAML: {error.problem or 'it cannot be read'}"
        reading.fault(mark.line + 1 if mark else 1, "file", problem, "Put the value in double quotes")
        return reading, []
    except (OSError, UnicodeDecodeError) as error:
        reading.fault(1, "file", f"cannot be read: {error}", "Check the name, its rights, and that it is UTF-8")
        return reading, []
    if not isinstance(node, list):
        reading.fault(1, "file", "is not a list", "Start each entry with a hyphen")
        return reading, []
    items = []
    for index, part in enumerate(node):

        def tell(loc: Loc, problem: str, remedy: str, index: int = index) -> None:
            where = ".".join(str(step) for step in loc)
            reading.fault(line_of(node, (index, *loc)), where, problem, remedy)

        try:
            items.append(shape.model_validate(plain(part)))
        except ValidationError as error:
            shape_faults(error, shape, tell)
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
