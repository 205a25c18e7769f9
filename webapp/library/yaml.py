"""The YAML of this project: plain values, exactly as typed, with the line of each.

A whole number, a day, true and false are what they look like. Whatever else looks like a number (1.10, 007, 0x1F,
1e3, 12:30:00) stays the text that was typed: no value changes on its way in. Aliases, anchors, tags and merge keys
are refused, depth and count are bounded, so that a small file cannot become a large value.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from webapp.documents.problems import Loc
from webapp.editorial.characters import forbidden_in

MAX_DEPTH = 10
"""How deep lists and fields may stand in each other; ours stand in five."""
MAX_VALUES = 10_000
"""Values in one file. It takes a second to read as many."""

QUOTE = "Put the value in double quotes"
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: value for value, name in ((True, "true"), (False, "false")) for word in (name, name.title(), name.upper())
}


class _Composer(Composer):
    """Refuses what is left out here before anything is made of it."""

    values = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        self.values += 1
        if isinstance(event, AliasEvent):
            raise _refusal(event, f"an alias (*{event.anchor}) is not understood here", QUOTE)
        if event.anchor is not None:
            raise _refusal(event, f"an anchor (&{event.anchor}) is not understood here", QUOTE)
        if event.ctag is not None:
            raise _refusal(event, f"a tag ({event.ctag}) is not understood here", QUOTE)
        if self.depth >= MAX_DEPTH:
            raise _refusal(event, f"lists and fields stand more than {MAX_DEPTH} deep in each other", QUOTE)
        if self.values > MAX_VALUES:
            raise _refusal(event, f"there are more than {MAX_VALUES:,} values", "Make two files of it")
        return super().compose_node(parent, index)


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
    """Read a YAML text. Raises MarkedYAMLError, which knows the line."""
    parser = YAML(typ="safe", pure=True)
    parser.Composer = _Composer
    root, document = parser.compose(source), Document()
    if root is not None:
        document.value = _plain(root, (), document)
    return document


def _plain(node: Node, loc: Loc, document: Document) -> Any:
    if isinstance(node, MappingNode):
        return _fields(node, loc, document)
    if isinstance(node, SequenceNode):
        for index, part in enumerate(node.value):
            document.lines[*loc, index] = part.start_mark.line + 1
        return [_plain(part, (*loc, index), document) for index, part in enumerate(node.value)]
    _note_forbidden(node.value, loc, document)
    return _scalar(node)


def _fields(node: MappingNode, loc: Loc, document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name_node, part in node.value:
        name = name_node.value
        if not isinstance(name_node, ScalarNode):
            raise _refusal(name_node, "the name of a field is no word", QUOTE)
        if name == "<<" and not name_node.style:
            raise _refusal(name_node, "a merge key (<<) is not understood here", "Write the fields out")
        if name in values:
            raise _refusal(name_node, f'found duplicate key "{name}"', "Keep one of the two")
        document.lines[*loc, name] = name_node.start_mark.line + 1
        _note_forbidden(name, (*loc, name), document)
        values[name] = _plain(part, (*loc, name), document)
    return {name: value for name, value in values.items() if value is not None}


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


def _note_forbidden(text: str, loc: Loc, document: Document) -> None:
    if character := forbidden_in(text):
        document.forbidden.append((loc, character))


def _refusal(place: Any, problem: str, remedy: str) -> ComposerError:
    return ComposerError(None, None, problem, place.start_mark, note=remedy)


class Number(str):
    """A number with the digits that were written, for the writer: 1.10 is not 1.1."""

    __slots__ = ()

    @staticmethod
    def is_one(value: object) -> bool:
        return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


def writer() -> YAML:
    """What writes values so that `parse` gives the same."""
    yaml = YAML()
    yaml.representer.add_representer(Number, _represent)
    yaml.representer.ignore_aliases = lambda _value: True  # a value that stands twice is written twice
    yaml.width = 4096  # one value, one line: no folding to argue about
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _represent(representer: Any, number: Number) -> Any:
    kind = "float" if "." in number else "int"
    return representer.represent_scalar(f"tag:yaml.org,2002:{kind}", str(number))
