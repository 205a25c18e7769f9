"""Summary files: Markdown with YAML front matter, read with every fault named, written the same way.

Reading never raises for what a writer wrote: it returns the summary, or the list of faults with
line, field and remedy. `write(read(text))` is stable: written files read and write to the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import ValidationError

from webapp.editorial.dates import PartialDate
from webapp.editorial.sections import FIELDS, SECTIONS
from webapp.library.body import read_body, write_body
from webapp.library.diagnostics import Loc, Reading, report_validation_errors
from webapp.library.schema import FrontMatter, SummaryFile
from webapp.library.source import failures_reported, read_source, read_yaml, readable
from webapp.library.yaml import writer

_DATES = {"published", "issued"}
_MARKDOWN = MarkdownIt("commonmark").use(front_matter_plugin).disable("inline")
"""Sections, titles and lists are found by their lines; what stands inside a line is not looked at here."""


def read(path: Path) -> Reading:
    """Read one summary file. Never raises for its content, nor for what stands in place of a file."""
    reading = Reading(str(path))
    with failures_reported(reading):
        source = read_source(path, reading)
        if source is not None:
            _read(source, path.stem, reading)
    return reading


def read_text(text: str, path: str, key: str) -> Reading:
    """Read a summary from its text; `path` is named in faults, `key` names the summary."""
    reading = Reading(path)
    source = readable(text, reading)
    if source is not None:
        _read(source, key, reading)
    return reading


def _read(text: str, key: str, reading: Reading) -> None:
    tokens = _MARKDOWN.parse(text)
    if not tokens or tokens[0].type != "front_matter":
        reading.report(1, "front matter", "is missing", "Start the file with a line ---, the fields, and a line ---")
        return
    front = _front(tokens[0].content, reading)
    values = read_body(tokens, text.split("\n"), reading)
    if front is None or reading.diagnostics:
        return
    try:
        reading.summary = SummaryFile.model_validate({"key": key, "front": front, **values})
    except ValidationError as error:
        headings = {section.field: section.heading for section in SECTIONS}

        def report(loc: Loc, problem: str, remedy: str) -> None:
            where = headings.get(str(loc[0]), "file name")
            if where == "file name":
                remedy = "Name the file with lower-case words, digits and hyphens, at most 70 characters"
            reading.report(reading.lines.get(where, 1), where, problem, remedy)

        report_validation_errors(error, SummaryFile, report)


def _front(source: str, reading: Reading) -> FrontMatter | None:
    document = read_yaml(source, reading, first_line=2, name="front matter")
    if document is None:
        return None
    if not isinstance(document.value, dict):
        reading.report(2, "front matter", "has no fields", "Write one `field: value` on each line")
        return None
    reading.lines |= {str(loc[0]): line + 1 for loc, line in document.lines.items() if len(loc) == 1}
    try:
        return FrontMatter.model_validate(document.value)
    except ValidationError as error:
        report_validation_errors(
            error,
            FrontMatter,
            lambda loc, problem, remedy: reading.report(
                document.line_of(loc) + 1, ".".join(str(part) for part in loc), problem, remedy
            ),
        )
        return None


def write(summary: SummaryFile) -> str:
    """The file of a summary: fields in the order of the schema, empty ones left out."""
    front = summary.front.model_dump(mode="python", exclude_defaults=True)
    out = io.StringIO()
    writer().dump(_for_yaml(front), out)
    return f"---\n{out.getvalue()}---\n\n{write_body(summary.model_dump(include=set(FIELDS)))}\n"


def _for_yaml(value: Any) -> Any:
    """Plain values for YAML."""
    if isinstance(value, Mapping):
        return {name: _date_for_yaml(part) if name in _DATES else _for_yaml(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_for_yaml(part) for part in value]
    return value if isinstance(value, str | int | dt.date) else str(value)


def _date_for_yaml(value: str) -> str | int | dt.date:
    """As YAML writes dates by itself: a year is a number, a day is a date."""
    date = PartialDate.parse(value)
    if date.day:
        return dt.date(date.year, date.month, date.day)
    return value if date.month else date.year
