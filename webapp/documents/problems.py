"""What is wrong with the content of a document, in a writer's words: where, what, and what to do about it."""

from __future__ import annotations

import reprlib
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

Loc = tuple[int | str, ...]

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 80
_DERIVED = {"result": "outcomes", "level": "design", "stage": "design", "evidence": "design"}
"""What is worked out from other fields, and never typed."""


class Problem(NamedTuple):
    """One thing wrong with a document."""

    loc: Loc
    """Where: the steps to a field, or the heading of a section."""
    problem: str
    remedy: str
    is_excusable: bool = False
    """Whether a written reason for an exception lifts it."""

    def __str__(self) -> str:
        return f"{'.'.join(str(step) for step in self.loc)}: {self.problem}. {self.remedy}."


class InvalidDocumentError(Exception):
    """A document cannot be published as it is; `problems` says why, each with its remedy."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def problems_of(error: ValidationError, schema: type[BaseModel]) -> list[Problem]:
    """Each fault pydantic found, in a writer's words."""
    found = []
    for fault in error.errors(include_url=False):
        loc, kind, message = fault["loc"], fault["type"], fault["msg"].removeprefix("Value error, ")
        name = str(loc[-1]) if loc else ""
        if kind == "missing":
            found.append(Problem(loc, "is missing", f"Add a line `{name}:` with its value"))
        elif kind == "extra_forbidden" and name in _DERIVED:
            remedy = f"Take it out: it is worked out from `{_DERIVED[name]}`"
            found.append(Problem(loc, "is never typed", remedy))
        elif kind == "extra_forbidden":
            found.append(Problem(loc, "is not a known field", _meant(name, loc, schema)))
        elif kind == "value_error":
            problem = "cannot be so" if isinstance(fault["input"], dict) else f"cannot be {_quoted(fault['input'])}"
            found.append(Problem(loc, problem, message[:1].upper() + message[1:]))
        else:
            found.append(Problem(loc, message, f"Found {_quoted(fault['input'])}; correct it"))
    return found


def _quoted(value: object) -> str:
    """What was found, the beginning of it if it is long."""
    return _REPR.repr(value)


def _meant(name: str, loc: Loc, schema: type[BaseModel]) -> str:
    """The remedy for an unknown field: a name like it at its own place, or the place it belongs to."""
    from rapidfuzz import process

    fields = _fields(schema)
    place = ".".join(str(step) for step in loc[:-1] if isinstance(step, str))
    if near := process.extractOne(name, fields.get(place, []), score_cutoff=70):
        return f"Did you mean `{near[0]}`?"
    homes: dict[str, str] = {}
    for home, names in fields.items():
        homes |= {known: home for known in names if known not in homes and home != place}
    if near := process.extractOne(name, list(homes), score_cutoff=85):
        home = f"under `{homes[near[0]].rpartition('.')[2]}:`" if homes[near[0]] else "beside `study:`, not in it"
        return f"Did you mean `{near[0]}`? It stands {home}"
    return "Take it out"


@cache
def _fields(schema: type[BaseModel], place: str = "") -> dict[str, list[str]]:
    """The names of the fields, by the dotted place where they stand."""
    found = {place: list(schema.model_fields)}
    for name, part in schema.model_fields.items():
        for kind in _classes_in(part.annotation):
            found |= _fields(kind, f"{place}.{name}".lstrip("."))
    return found


def _classes_in(annotation: Any) -> list[type[BaseModel]]:
    """The schemas in an annotation such as `list[Source]` or `Notice | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _classes_in(part)]
