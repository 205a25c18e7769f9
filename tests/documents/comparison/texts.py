"""What Hypothesis makes up: texts with paragraphs, and contents as a form could have typed them.

Each strategy is made once: to make one takes longer than to draw from it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from webapp.documents.comparison.fields import Field
from webapp.documents.comparison.names import FIELDS

PIECES = ["one", "two", "three", "The", "end.", " ", "  ", "\n", "\n\n", "\r\n\r\n", "\t", "- ", "<b>", "é", "\x1f"]


@cache
def texts() -> SearchStrategy[str]:
    """Few words, so that two texts share some; or any characters at all."""
    return st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=30)


@cache
def anything() -> SearchStrategy[Any]:
    """Any JSON."""
    leaves = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | texts()
    return st.recursive(leaves, lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text(), some, max_size=3))


@cache
@st.composite
def contents(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """The content of a document: a few of its fields, mostly of their shape."""
    typed: dict[str, Any] = draw(_part(FIELDS[kind]))
    return typed | draw(st.dictionaries(st.sampled_from(["title", "study", "odd"]), anything(), max_size=1))


@cache
@st.composite
def _part(draw: st.DrawFn, fields: tuple[Field, ...]) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(fields), max_size=3))
    return {field.key: draw(_value(field)) for field in chosen}


@cache
def _value(field: Field) -> SearchStrategy[Any]:
    row = _part(field.parts) if field.parts else texts()
    match field.shape:
        case "part":
            return row
        case "noted":
            return row | texts() | anything()
        case "rows" if field.row_shape == "noted":
            return st.lists(row | texts(), max_size=3) | anything()
        case "rows" | "lines":
            return st.lists(row, max_size=3) | anything()
        case _:
            return texts() | anything()
