"""Summary files: Markdown with YAML front matter, read with every fault named, written the same way.

Reading never raises for what a writer wrote: it returns the summary, or the list of faults with
line, field and remedy. `write(read(text))` is stable: written files read and write to the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any, get_args

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import BaseModel, ValidationError
from rapidfuzz import process
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError

from webapp.editorial.dates import PartialDate
from webapp.library.shape import FrontMatter, SummaryFile

Loc = tuple[int | str, ...]

SECTIONS = {
    "Simple Explanation": "simple_explanation",
    "Key Findings": "key_findings",
    "Research Summary": "research_summary",
    "Practical Implications": "implications",
    "Study Limitations": "limitations",
    "Harms": "harms",
}
_DATES = {"published", "issued"}
_NUMBERED = {"key_findings", "limitations"}
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # as YAML has it
_ITEM = re.compile(r"\n(?=\s*(?:[-*+]|\d{1,2}[.)])\s)")


@dataclass(frozen=True, order=True)
class Fault:
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
    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def fault(self, line: int, where: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, line, where, problem.rstrip("."), remedy))


class _Constructor(RoundTripConstructor):
    """A day that is not in the calendar stays text, so that it becomes a fault with its line."""

    def construct_yaml_timestamp(self, node: Any, values: Any = None) -> Any:
        try:
            return super().construct_yaml_timestamp(node, values)
        except ValueError:
            return self.construct_scalar(node)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_yaml_timestamp)


def yaml() -> YAML:
    """The one YAML dialect of this project: round-trip, so that lines are known and output is stable."""
    parser = YAML()
    parser.Constructor = _Constructor
    parser.width = 4096  # one value, one line: no folding to argue about
    parser.indent(mapping=2, sequence=4, offset=2)
    return parser


def line_of(node: Any, loc: Loc) -> int:
    """The 1-based line inside a YAML text where `loc` stands, or its nearest parent."""
    line = 0
    for step in loc:
        try:
            line = node.lc.key(step)[0] if isinstance(node, CommentedMap) else node.lc.item(step)[0]
            node = node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return int(line) + 1


def shape_faults(error: ValidationError, shape: type[BaseModel], tell: Callable[[Loc, str, str], None]) -> None:
    """Tell each fault pydantic found as (where, problem, remedy), in a writer's words."""
    for found in error.errors(include_url=False):
        loc, kind, message = found["loc"], found["type"], found["msg"].removeprefix("Value error, ")
        name = str(loc[-1]) if loc else ""
        if kind == "missing":
            tell(loc, "is missing", f"Add a line `{name}:` with its value")
        elif kind == "extra_forbidden":
            tell(loc, "is not a known field", _meant(name, loc, shape))
        elif kind == "value_error":
            tell(loc, f"cannot be {found['input']!r}", message[:1].upper() + message[1:])
        else:
            tell(loc, message, f"Found {found['input']!r}; correct it")


def _meant(name: str, loc: Loc, shape: type[BaseModel]) -> str:
    """The remedy for an unknown field: a name like it at its own place, or the place it belongs to."""
    fields = _fields(shape)
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


def _fields(shape: type[BaseModel], place: str = "") -> dict[str, list[str]]:
    """The names of the fields, by the dotted place where they stand."""
    found = {place: list(shape.model_fields)}
    for name, part in shape.model_fields.items():
        for kind in (part.annotation, *get_args(part.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found |= _fields(kind, f"{place}.{name}".lstrip("."))
    return found


def yaml_fault(error: MarkedYAMLError) -> tuple[int, str, str]:
    """The 1-based line inside the YAML, the problem and the remedy."""
    mark, problem = error.problem_mark or error.context_mark, error.problem or "it cannot be read"
    remedy = "Put the value in double quotes"
    if "duplicate key" in problem:
        remedy = "Keep one of the two"
    elif "\\t" in problem:
        remedy = "Use spaces instead of tabs"
    return mark.line + 1 if mark else 1, f"is not valid YAML: {problem}", remedy


def has_unreadable(text: str, reading: Reading) -> bool:
    """Whether the text holds control characters, each line of them told as a fault."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _UNREADABLE.search(line)]
    for number in lines:
        reading.fault(
            number, "file", "holds a control character, which nobody can see", "Delete it, or type the line anew"
        )
    return bool(lines)


def read(path: Path) -> Reading:
    """Read one summary file. Never raises for its content."""
    try:
        return read_text(path.read_text(encoding="utf-8"), str(path), path.stem)
    except UnicodeDecodeError:
        reading = Reading(str(path))
        reading.fault(1, "file", "is not UTF-8 text", "Save it as UTF-8")
        return reading
    except OSError as error:
        reading = Reading(str(path))
        reading.fault(1, "file", f"cannot be read: {error.strerror}", "Check the name and its rights")
        return reading


def read_text(text: str, path: str, key: str) -> Reading:
    """Read a summary from its text; `path` is named in faults, `key` names the summary."""
    reading = Reading(path)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if has_unreadable(text, reading):
        return reading
    tokens = MarkdownIt("commonmark").use(front_matter_plugin).parse(text)
    if not tokens or tokens[0].type != "front_matter":
        reading.fault(1, "front matter", "is missing", "Start the file with a line ---, the fields, and a line ---")
        return reading
    front = _front(tokens[0].content, reading)
    values = _body(tokens, text.split("\n"), reading)
    if front is None or reading.faults:
        return reading
    try:
        reading.summary = SummaryFile.model_validate({"key": key, "front": front, **values})
    except ValidationError as error:
        headings = {name: heading for heading, name in SECTIONS.items()}

        def tell(loc: Loc, problem: str, remedy: str) -> None:
            where = headings.get(str(loc[0]), "file name")
            if where == "file name":
                remedy = "Name the file with lower-case words, digits and hyphens, at most 70 characters"
            reading.fault(reading.lines.get(where, 1), where, problem, remedy)

        shape_faults(error, SummaryFile, tell)
    return reading


def _front(source: str, reading: Reading) -> FrontMatter | None:
    try:
        node = yaml().load(source)
    except MarkedYAMLError as error:
        line, problem, remedy = yaml_fault(error)
        reading.fault(line + 1, "front matter", problem, remedy)
        return None
    if not isinstance(node, Mapping):
        reading.fault(2, "front matter", "has no fields", "Write one `field: value` on each line")
        return None
    for name in node:
        reading.lines[str(name)] = line_of(node, (name,)) + 1
    try:
        return FrontMatter.model_validate(plain(node))
    except ValidationError as error:
        shape_faults(
            error,
            FrontMatter,
            lambda loc, problem, remedy: reading.fault(
                line_of(node, loc) + 1, ".".join(str(part) for part in loc), problem, remedy
            ),
        )
        return None


def plain(node: Any) -> Any:
    """ruamel's round-trip nodes as plain Python, blanks as None."""
    if isinstance(node, Mapping):
        return {str(name): plain(value) for name, value in node.items() if value is not None}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return str(node) if isinstance(node, str) else node


def _body(tokens: list[Token], lines: list[str], reading: Reading) -> dict[str, Any]:
    """The sections under their `##` headings, as the values of a SummaryFile."""
    heads = [(index, token) for index, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    values: dict[str, Any] = {}
    for token in tokens[1 : heads[0][0] if heads else len(tokens)]:
        if token.map:
            remedy = "Put it under a heading such as `## Simple Explanation`"
            reading.fault(token.map[0] + 1, "text", "stands before the first section", remedy)
            break
    for position, (index, token) in enumerate(heads):
        heading, (start, after) = tokens[index + 1].content.strip(), token.map or [0, 0]
        until = heads[position + 1][0] if position + 1 < len(heads) else len(tokens)
        end = (heads[position + 1][1].map or [0])[0] if position + 1 < len(heads) else len(lines)
        if heading not in SECTIONS:
            near = process.extractOne(heading, list(SECTIONS), score_cutoff=60)
            known = ", ".join(SECTIONS)
            reading.fault(
                start + 1, heading, "is not a known section", f"Did you mean {near[0]}?" if near else f"Use: {known}"
            )
        elif SECTIONS[heading] in values:
            reading.fault(start + 1, heading, "stands twice", "Put both parts under one heading")
        else:
            reading.lines[heading] = start + 1
            name, inside = SECTIONS[heading], tokens[index + 3 : until]
            if name in _NUMBERED:
                values[name] = _numbered(inside, lines, heading, reading)
            elif name == "implications":
                values[name] = _titled(inside, lines, end, heading, reading)
            else:
                values[name] = _tidy("\n".join(lines[after:end]))
    for heading in list(SECTIONS)[:5]:
        if heading not in reading.lines:
            reading.fault(len(lines), heading, "is missing", f"Add a section `## {heading}`")
    return values


def _tidy(text: str) -> str:
    """Paragraphs and list items on one line each, one blank line between paragraphs."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join("\n".join(" ".join(item.split()) for item in _ITEM.split(part)) for part in paragraphs)


def _numbered(inside: list[Token], lines: list[str], heading: str, reading: Reading) -> list[str]:
    items = []
    for token in inside:
        if token.level == 0 and token.type not in {"ordered_list_open", "ordered_list_close"} and token.map:
            reading.fault(token.map[0] + 1, heading, "has text outside its numbered list", "Start the line with `1. `")
        if token.type == "list_item_open" and token.level == 1 and token.map:
            text = "\n".join(lines[token.map[0] : token.map[1]])
            items.append(_tidy(re.sub(r"^\s*\d+[.)]\s*", "", text)))
    return items


def _titled(inside: list[Token], lines: list[str], end: int, heading: str, reading: Reading) -> list[dict[str, str]]:
    heads = [(token, inside[index + 1]) for index, token in enumerate(inside) if token.tag == "h3" and token.map]
    openings = [token for token in heads if token[0].type == "heading_open"]
    if inside and inside[0].map and inside[0].tag != "h3":
        reading.fault(inside[0].map[0] + 1, heading, "has text before its first title", "Start with a line `### Title`")
    parts = []
    for position, (token, title) in enumerate(openings):
        start = (token.map or [0, 0])[1]
        until = (openings[position + 1][0].map or [0])[0] if position + 1 < len(openings) else end
        text = _tidy("\n".join(lines[start:until]))
        if not text:
            reading.fault(start, heading, f"“{title.content}” has no text", "Write a sentence or two below the title")
        parts.append({"title": title.content.strip(), "text": text})
    return [part for part in parts if part["text"]]


def write(summary: SummaryFile) -> str:
    """The file of a summary: fields in the order of the shape, empty ones left out."""
    front = summary.front.model_dump(mode="python", exclude_defaults=True)
    out = io.StringIO()
    yaml().dump(_for_yaml(front), out)
    body = [
        f"## Simple Explanation\n\n{summary.simple_explanation}",
        "## Key Findings\n\n" + _as_list(summary.key_findings),
        f"## Research Summary\n\n{summary.research_summary}",
        "## Practical Implications\n\n" + "\n\n".join(f"### {it.title}\n\n{it.text}" for it in summary.implications),
        "## Study Limitations\n\n" + _as_list(summary.limitations),
    ]
    if summary.harms:
        body.append(f"## Harms\n\n{summary.harms}")
    return "---\n" + out.getvalue() + "---\n\n" + "\n\n".join(part.rstrip() for part in body) + "\n"


def _as_list(items: list[str]) -> str:
    marks = [f"{number}. " for number in range(1, len(items) + 1)]
    return "\n".join(mark + indent(item, " " * len(mark)).lstrip() for mark, item in zip(marks, items, strict=True))


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
