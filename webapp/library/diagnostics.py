"""What is wrong with a file, in a writer's words: file, line, field, problem, remedy."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import get_args

from pydantic import BaseModel, ValidationError
from rapidfuzz import process
from ruamel.yaml.error import MarkedYAMLError

from webapp.library.schema import SummaryFile

Loc = tuple[int | str, ...]

MAX_DIAGNOSTICS = 100
"""Faults told of one file. Nobody reads more, and each of them is costly in a file made to be so."""
_MAX_PART_LENGTH = 300
"""Characters of one part of a fault."""
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 80


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One thing wrong in one file, and what to do about it."""

    path: str
    line: int
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.problem}. {self.remedy}"


@dataclass
class Reading:
    """What came of reading one file: the summary, or faults, and where each field stands."""

    path: str
    summary: SummaryFile | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def report(self, line: int, where: str, problem: str, remedy: str) -> None:
        if len(self.diagnostics) < MAX_DIAGNOSTICS:
            self.diagnostics.append(
                Diagnostic(self.path, line, _short(where), _short(problem.rstrip(".")), _short(remedy))
            )
        elif len(self.diagnostics) == MAX_DIAGNOSTICS:
            self.diagnostics.append(
                Diagnostic(self.path, line, "file", "has more faults than are told", "Correct these first")
            )


def _short(text: str) -> str:
    """One line that fits a screen, whatever stood in the file."""
    text = " ".join(text.split()) if "\n" in text else text
    return text if len(text) <= _MAX_PART_LENGTH else f"{text[: _MAX_PART_LENGTH - 60]} … {text[-57:]}"


def report_validation_errors(
    error: ValidationError, schema: type[BaseModel], report: Callable[[Loc, str, str], None]
) -> None:
    """Tell each fault pydantic found as (where, problem, remedy), in a writer's words."""
    for found in error.errors(include_url=False):
        loc, kind, message = found["loc"], found["type"], found["msg"].removeprefix("Value error, ")
        name = str(loc[-1]) if loc else ""
        if kind == "missing":
            report(loc, "is missing", f"Add a line `{name}:` with its value")
        elif kind == "extra_forbidden":
            report(loc, "is not a known field", _meant(name, loc, schema))
        elif kind == "value_error":
            report(loc, f"cannot be {_quoted(found['input'])}", message[:1].upper() + message[1:])
        else:
            report(loc, message, f"Found {_quoted(found['input'])}; correct it")


def _quoted(value: object) -> str:
    """What was found, the beginning of it if it is long."""
    return _REPR.repr(value)


def _meant(name: str, loc: Loc, schema: type[BaseModel]) -> str:
    """The remedy for an unknown field: a name like it at its own place, or the place it belongs to."""
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
        for kind in (part.annotation, *get_args(part.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found |= _fields(kind, f"{place}.{name}".lstrip("."))
    return found


def yaml_problem(error: MarkedYAMLError) -> tuple[int, str, str]:
    """The 1-based line inside the YAML, the problem and the remedy."""
    mark, problem = error.problem_mark or error.context_mark, error.problem or "it cannot be read"
    remedy = error.note or "Put the value in double quotes"
    if "\\t" in problem:
        remedy = "Use spaces instead of tabs"
    return mark.line + 1 if mark else 1, f"is not valid YAML: {problem}", remedy
