"""What stops a document from being published, each thing with the way to its field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from webapp.desk.writing.fields import Field, fields_of
from webapp.documents.problems import Loc, Problem
from webapp.documents.schema import KINDS


class Place(NamedTuple):
    """One thing that stops publishing."""

    anchor: str
    """The id of the field."""
    sentence: str


def places_of(kind: str, problems: Sequence[Problem]) -> list[Place]:
    return [_place(kind, problem) for problem in problems]


def _place(kind: str, problem: Problem) -> Place:
    headings = {section.heading: section.field for section in KINDS[kind].body}
    loc: Loc = tuple(headings.get(step, step) if isinstance(step, str) else step for step in problem.loc)
    remedy = "" if "`" in problem.remedy else f" {problem.remedy}."
    return Place(_anchor(fields_of(kind), loc), f"{_named(fields_of(kind), loc)} {problem.problem}.{remedy}")


def place_of(kind: str, loc: Loc) -> str:
    """The id of the field at a place of the content."""
    return _anchor(fields_of(kind), loc)


def _anchor(fields: Sequence[Field], loc: Loc) -> str:
    """The id of the deepest field on this way that the form has."""
    steps: list[str] = []
    for step in loc:
        if isinstance(step, str):
            field = next((one for one in fields if one.name == step), None)
            if field is None:
                break
            fields = field.parts
        steps.append(str(step))
    return "f-" + "-".join(steps) if steps else "main"


def _named(fields: Sequence[Field], loc: Loc) -> str:
    """“Outcomes 2, Groups 1, People measured”."""
    words: list[str] = []
    for step in loc:
        if isinstance(step, int):
            words[-1:] = [f"{words[-1]} {step + 1}"] if words else [str(step + 1)]
            continue
        field = next((one for one in fields if one.name == step), None)
        words.append(field.label if field else step)
        fields = field.parts if field else ()
    return f"“{', '.join(words)}”" if words else "It"
