"""The one YAML dialect of this project: round-trip, so that lines are known and output is stable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import RoundTripConstructor

from webapp.library.faults import Loc


class _Constructor(RoundTripConstructor):
    """A day that is not in the calendar stays text, so that it becomes a fault with its line."""

    def construct_yaml_timestamp(self, node: Any, values: Any = None) -> Any:
        try:
            return super().construct_yaml_timestamp(node, values)
        except ValueError:
            return self.construct_scalar(node)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_yaml_timestamp)


def yaml() -> YAML:
    """A parser and writer, ready to use."""
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


def plain(node: Any) -> Any:
    """ruamel's round-trip nodes as plain Python, blanks as None."""
    if isinstance(node, Mapping):
        return {str(name): plain(value) for name, value in node.items() if value is not None}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return str(node) if isinstance(node, str) else node
