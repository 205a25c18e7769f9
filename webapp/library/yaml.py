"""The YAML of this project: plain values, exactly as typed, with the line of each.

A whole number, a day, true and false are what they look like. Whatever else looks like a number (1.10, 007, 0x1F,
1e3, 12:30:00) stays the text that was typed: no value changes on its way in. Aliases, anchors, tags and merge keys
are refused, depth and count are bounded, so that a small file cannot become a large value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    YAMLError,
)

from webapp.documents.problems import Loc
from webapp.editorial.characters import forbidden_in

MAX_DEPTH = 10
"""How deep lists and fields may stand in each other; ours stand in five."""
MAX_VALUES = 10_000
"""Values in one file."""

QUOTE = "Put the value in double quotes"
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: value for value, name in ((True, "true"), (False, "false")) for word in (name, name.title(), name.upper())
}


# libyaml reads thirty times as fast as Python does; where it was not built in, Python does the same.
_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableError(Exception):
    """The text is no YAML, or not such as is read here. `line` is 1-based, inside the text."""

    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


@dataclass
class Document:
    """A YAML text, read: its value in plain Python (fields without a value left out), and where each part stands."""

    value: Any = None
    lines: dict[Loc, int] = field(default_factory=dict)
    forbidden: list[tuple[Loc, str]] = field(default_factory=list)
    """Where a text holds a character that no text may hold, and which; a quoted escape can bring it in."""

    def line_of(self, loc: Loc) -> int:
        """The 1-based line inside the text where `loc` stands, or its nearest parent."""
        return next((self.lines[loc[:end]] for end in range(len(loc), 0, -1) if loc[:end] in self.lines), 1)


def parse(source: str) -> Document:
    """Read a YAML text. Raises UnreadableError."""
    document = Document()
    try:
        _Composer(yaml.parse(source, Loader=_READER), document).compose()
    except yaml.MarkedYAMLError as error:
        mark, problem = error.problem_mark or error.context_mark, error.problem or "it cannot be read"
        remedy = "Use spaces instead of tabs" if "\\t" in problem or "tab" in problem else QUOTE
        raise UnreadableError(mark.line + 1 if mark else 1, problem, remedy) from None
    except YAMLError as error:  # a character that no text may hold, without its place
        raise UnreadableError(1, str(error).partition("\n")[0], QUOTE) from None
    return document


class _Composer:
    """Makes plain values of the events of a parser, and refuses what is left out here before anything is made of it."""

    def __init__(self, events: Iterator[Any], document: Document) -> None:
        self.events, self.document, self.values = events, document, 0

    def compose(self) -> None:
        is_first = True
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if not is_first:
                    raise _refusal(event, "a second text begins here", "Make two files of it")
                is_first = False
                self.document.value = self._value(next(self.events), ())

    def _value(self, event: Any, loc: Loc) -> Any:
        self._refuse(event, loc)
        if isinstance(event, MappingStartEvent):
            return self._fields(loc)
        if isinstance(event, SequenceStartEvent):
            return self._list(loc)
        self._note_forbidden(event.value, loc)
        return _scalar(event)

    def _refuse(self, event: Any, loc: Loc) -> None:
        self.values += 1
        if isinstance(event, AliasEvent):
            raise _refusal(event, f"an alias (*{event.anchor}) is not understood here", QUOTE)
        if event.anchor is not None:
            raise _refusal(event, f"an anchor (&{event.anchor}) is not understood here", QUOTE)
        if event.tag is not None:
            raise _refusal(event, f"a tag ({event.tag}) is not understood here", QUOTE)
        if len(loc) >= MAX_DEPTH:
            raise _refusal(event, f"lists and fields stand more than {MAX_DEPTH} deep in each other", QUOTE)
        if self.values > MAX_VALUES:
            raise _refusal(event, f"there are more than {MAX_VALUES:,} values", "Make two files of it")

    def _list(self, loc: Loc) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            here = (*loc, len(values))
            self.document.lines[here] = _line(event)
            values.append(self._value(event, here))
        return values

    def _fields(self, loc: Loc) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            self._refuse(event, loc)
            if not isinstance(event, ScalarEvent):
                raise _refusal(event, "the name of a field is no word", QUOTE)
            name = event.value
            if name == "<<" and not event.style:
                raise _refusal(event, "a merge key (<<) is not understood here", "Write the fields out")
            if name in values:
                raise _refusal(event, f'found duplicate key "{name}"', "Keep one of the two")
            here = (*loc, name)
            self.document.lines[here] = _line(event)
            self._note_forbidden(name, here)
            values[name] = self._value(next(self.events), here)
        return {name: value for name, value in values.items() if value is not None}

    def _note_forbidden(self, text: str, loc: Loc) -> None:
        if character := forbidden_in(text):
            self.document.forbidden.append((loc, character))


def _scalar(node: Any) -> Any:
    text: str = node.value
    if node.style:  # quoted, or a block of text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text  # not in the calendar: a fault of its field
    return text


def _refusal(event: Any, problem: str, remedy: str) -> UnreadableError:
    return UnreadableError(_line(event), problem, remedy)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class Number(str):
    """A number with the digits that were written, for the writer: 1.10 is not 1.1."""

    __slots__ = ()

    @staticmethod
    def is_one(value: object) -> bool:
        return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


class _Writer(yaml.SafeDumper):
    """Writes lists further in than the field they belong to, and values that hold an apostrophe in double quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True  # a value that stands twice is written twice

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        event: Any = self.event
        return '"' if style == "'" and "'" in event.value else style


def _represent(writer: yaml.SafeDumper, number: Number) -> yaml.ScalarNode:
    kind = "float" if "." in number else "int"
    return writer.represent_scalar(f"tag:yaml.org,2002:{kind}", str(number))


_Writer.add_representer(Number, _represent)


def write(value: Any) -> str:
    """Write values so that `parse` gives the same. One value, one line: no folding to argue about."""
    text: str = yaml.dump(value, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=10**6)
    return text
