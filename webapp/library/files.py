"""Documents as files: Markdown with YAML front matter, read with every fault named, written the same way.

Reading never raises for what a writer wrote: it returns what the file holds, or the list of faults with line, field
and remedy. `write(read(text))` is stable: written files read and write to the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import ValidationError

from webapp.documents.problems import Problem, problems_of
from webapp.documents.schema import KINDS, VERSION, JsonContent, SummaryContent, parse
from webapp.editorial.dates import PartialDate
from webapp.editorial.sections import fields_of
from webapp.library import yaml
from webapp.library.body import read_body, write_body
from webapp.library.diagnostics import Reading
from webapp.library.source import failures_reported, read_source, read_yaml, readable
from webapp.library.yaml import Document, Number

_DATES = {"published", "issued", "date", "lastmod", "changed_after_feedback"}
_AMOUNTS = {"percent", "mean", "spread", "median", "change", "value", "low", "high"}
_NAME = re.compile(r"(?P<key>[a-z0-9]+(-[a-z0-9]+)*)(\.(?P<language>[a-z]{2,3}(-[A-Za-z0-9]{2,8})*))?")
"""Of a file, without .md: its key and, where it is not that of the site, its language: about, about.de."""
_MARKDOWN = MarkdownIt("commonmark").use(front_matter_plugin).disable("inline")
"""Sections, titles and lists are found by their lines; what stands inside a line is not looked at here."""


def read(path: Path, called: str | None = None, *, as_draft: bool = False) -> Reading:
    """Read one file. Never raises for its content, nor for what stands in place of a file.

    `called`: what it is called in faults, where that is not its path.
    """
    reading = Reading(called or str(path), is_taken_as_draft=as_draft)
    with failures_reported(reading):
        source = read_source(path, reading)
        if source is not None:
            _read(source, path.stem, reading)
    return reading


def read_text(text: str, path: str, name: str) -> Reading:
    """Read a document from its text; `path` is named in faults, `name` is that of the file, without .md."""
    reading = Reading(path)
    source = readable(text, reading)
    if source is not None:
        _read(source, name, reading)
    return reading


def _read(text: str, name: str, reading: Reading) -> None:
    tokens = _MARKDOWN.parse(text)
    if not tokens or tokens[0].type != "front_matter":
        reading.report(1, "front matter", "is missing", "Start the file with a line ---, the fields, and a line ---")
        return
    _take_name(name, reading)
    document = read_yaml(tokens[0].content, reading, first_line=2, name="front matter")
    if document is None:
        return
    if not isinstance(document.value, dict):
        reading.report(2, "front matter", "has no fields", "Write one `field: value` on each line")
        return
    reading.lines |= {str(loc[0]): line + 1 for loc, line in document.lines.items() if len(loc) == 1}
    front = dict(document.value)
    _take_state(front, reading)
    shape = KINDS[reading.kind]
    before = len(reading.diagnostics)
    values = read_body(tokens, text.split("\n"), shape.body, reading)
    reading.typed = _as_json(front) | values
    try:
        reading.content = parse(reading.kind, front | values, reading.version)
    except ValidationError as error:
        is_whole = before == len(reading.diagnostics)  # else its sections were told of already
        for problem in problems_of(error, shape):
            if is_whole or problem.loc[0] not in fields_of(shape.body):
                report_problem(problem, reading, document)
    if reading.diagnostics:
        reading.content = None


def _take_name(name: str, reading: Reading) -> None:
    found = _NAME.fullmatch(name)
    if found and len(found["key"]) <= 70:
        reading.key, reading.language = found["key"], found["language"]
    else:
        remedy = "Name the file with lower-case words, digits and hyphens, at most 70 characters"
        reading.report(1, "file name", f"cannot be {name[:80]}", remedy)


def _take_state(front: dict[str, Any], reading: Reading) -> None:
    """Take out of the fields what is said of the file and is no part of its content."""
    line = reading.lines.get
    kind, version = front.pop("kind", SummaryContent.kind), front.pop("schema", 1)
    draft, publish_at = front.pop("draft", False), front.pop("publish_at", None)
    if kind in KINDS:
        reading.kind = kind
    else:
        reading.report(line("kind", 2), "kind", f"cannot be {str(kind)[:40]}", f"Use one of: {', '.join(KINDS)}")
    if isinstance(version, int) and not isinstance(version, bool) and 1 <= version <= VERSION:
        reading.version = version
    else:
        remedy = f"Write a number up to {VERSION}; a higher one is of a newer version of this site"
        reading.report(line("schema", 2), "schema", f"cannot be {str(version)[:40]}", remedy)
    if publish_at is not None:
        _take_time(publish_at, reading)
    if isinstance(draft, bool):
        reading.is_draft = draft
    else:
        reading.report(line("draft", 2), "draft", f"cannot be {str(draft)[:40]}", "Write true or false")


def _take_time(typed: object, reading: Reading) -> None:
    try:
        time = dt.datetime.fromisoformat(str(typed))
        reading.publish_at = time.astimezone(dt.UTC) if time.tzinfo else None
    except (ValueError, OverflowError):
        pass
    if reading.publish_at is None:
        remedy = "Write a time with its zone, such as 2026-12-01T09:00Z"
        reading.report(reading.lines.get("publish_at", 2), "publish_at", f"cannot be {str(typed)[:40]}", remedy)


def report_problem(problem: Problem, reading: Reading, document: Document | None = None) -> None:
    """Tell a problem of a document at its place in the file; of a draft, it is a hint."""
    headings = {section.field: section.heading for section in KINDS[reading.kind].body}
    first = str(problem.loc[0]) if problem.loc else "file"
    where = headings.get(first) or ".".join(str(step) for step in problem.loc)
    line = reading.lines.get(where) or reading.lines.get(first, 2)
    if document is not None and where not in headings.values():
        line = document.line_of(problem.loc) + 1
    reading.report(line, where, problem.problem, problem.remedy, is_hint=reading.is_draft or reading.is_taken_as_draft)


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _as_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part) for part in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def write(
    kind: str,
    content: JsonContent,
    *,
    version: int = VERSION,
    is_draft: bool = False,
    publish_at: dt.datetime | None = None,
) -> str:
    """The file of a document: its fields in the order they have, empty ones left out."""
    body = KINDS[kind].body
    state = {
        "schema": version if version > 1 else None,
        "kind": kind if kind != SummaryContent.kind else None,
        "draft": is_draft or None,
        "publish_at": f"{publish_at:%Y-%m-%dT%H:%M:%SZ}" if publish_at else None,
    }
    front = {name: value for name, value in content.items() if name not in fields_of(body) and name not in state}
    head = yaml.write(_for_yaml({name: value for name, value in state.items() if value is not None} | front))
    return f"---\n{head}---\n\n{write_body(content, body, is_whole=not is_draft)}\n"


def _for_yaml(value: Any, name: str = "") -> Any:
    """Plain values for YAML."""
    if isinstance(value, Mapping):
        return {field: _for_yaml(part, field) for field, part in value.items()}
    if isinstance(value, list):
        return [_for_yaml(part) for part in value]
    if name in _DATES:
        return _date_for_yaml(value)
    return Number(value) if name in _AMOUNTS and Number.is_one(value) else value


def _date_for_yaml(value: Any) -> Any:
    """As YAML writes dates by itself: a year is a number, a day is a date. What is no date stays as it was typed."""
    try:
        date = PartialDate.parse(value)
    except ValueError:
        return value
    if date.day:
        return dt.date(date.year, date.month, date.day)
    return value if date.month else date.year
