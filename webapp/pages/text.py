"""A standing page's Markdown as HTML: headings with their ids, tables, notices, inserts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.container import container_plugin
from slugify import slugify

from webapp.documents.inserts import ALONE, INSERT

Insert = Callable[[str], Markup | None]
_ID = re.compile(r"\s*\{#([a-z0-9]+(?:-[a-z0-9]+)*)\}\s*$")


_LEFT_OUT = {"list_item_open", "paragraph_open", "heading_open", "tr_open"}


def _notice(_renderer: object, tokens: list[Token], place: int, *_: Any) -> str:
    if tokens[place].nesting < 0:
        return "</section>\n"
    heading = next((token for token in tokens[place:] if token.type == "heading_open"), None)
    label = f' aria-labelledby="{escape(heading.attrGet("id"))}"' if heading else ""
    return f'<section class="notice"{label}>\n'


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").use(container_plugin, "notice", render=_notice)
_MARKDOWN.add_render_rule("code_inline", lambda _self, tokens, place, *_: f"<kbd>{escape(tokens[place].content)}</kbd>")
_MARKDOWN.add_render_rule("table_open", lambda _self, tokens, place, *_: f"<div{_attributes(tokens[place])}><table>\n")
_MARKDOWN.add_render_rule("table_close", lambda *_: "</table></div>\n")


def _attributes(token: Token) -> str:
    return "".join(f' {name}="{escape(str(value))}"' for name, value in token.attrs.items())


@dataclass
class PageText:
    """The text of a page, drawn."""

    html: Markup
    headings: list[tuple[str, str]] = field(default_factory=list)
    """The id and the words of each main heading (##)."""


def draw(source: str, insert: Insert) -> PageText:
    """Draw a text. `insert` gives the HTML of an insert, or None: then the paragraph or list item it stands in is left
    out, and with it a heading that has nothing under it any more.
    """
    tokens = _MARKDOWN.parse(source)
    values = {name: insert(name) for name in {found[1] for found in INSERT.finditer(source)}}
    tokens = _without_bare_headings(list(_without_missing(tokens, values)))
    headings: list[tuple[str, str]] = []
    taken: set[str] = set()
    for token, inline, end in _headings(tokens):
        token.tag = end.tag = "h2" if token.tag == "h1" else token.tag  # the page's title is the one of the first rank
        found = _ID.search(inline.content)
        words = INSERT.sub(lambda place: _plain(values[place[1]]), _ID.sub("", inline.content))
        id_ = _free_id(found[1] if found else slugify(words) or "part", taken)
        token.attrSet("id", id_)
        if found and inline.children:
            inline.children[-1].content = _ID.sub("", inline.children[-1].content)
        if token.tag == "h2":
            headings.append((id_, words))
    _name_tables(tokens)
    html = _MARKDOWN.renderer.render(list(_with_inserts(tokens, values)), _MARKDOWN.options, {})
    return PageText(Markup(html), headings)  # noqa: S704 (escaped by the renderer)


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, Token, Token]]:
    """Each heading's beginning, words and end."""
    places = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    return ((tokens[place], tokens[place + 1], tokens[place + 2]) for place in places)


def _plain(value: Markup | None) -> str:
    return value.striptags() if value else ""


def _free_id(wanted: str, taken: set[str]) -> str:
    """An id that stands once on the page."""
    id_ = next(one for number in count(1) if (one := wanted if number == 1 else f"{wanted}-{number}") not in taken)
    taken.add(id_)
    return id_


def _without_missing(tokens: list[Token], values: dict[str, Markup | None]) -> Iterator[Token]:
    """Without the paragraphs, list items, headings and rows of a table that hold an insert which is not set."""
    place = 0
    while place < len(tokens):
        end = _end_of(tokens, place) if tokens[place].type in _LEFT_OUT else place
        if end > place and _lacks_value(tokens[place:end], values):
            place = end + 1
            continue
        yield tokens[place]
        place += 1


def _lacks_value(tokens: list[Token], values: dict[str, Markup | None]) -> bool:
    names = [found[1] for token in tokens if token.type == "inline" for found in INSERT.finditer(token.content)]
    return any(values[name] is None for name in names)


def _end_of(tokens: list[Token], place: int) -> int:
    """Where what is opened here is closed."""
    opened = tokens[place]
    kind = opened.type.replace("_open", "_close")
    return next(
        end for end in range(place, len(tokens)) if tokens[end].type == kind and tokens[end].level == opened.level
    )


def _without_bare_headings(tokens: list[Token]) -> list[Token]:
    """Looked at from the end: a heading above one that goes may be bare itself."""
    kept: list[Token] = []
    for token in reversed(tokens):
        if token.type == "heading_open":
            after = kept[-3] if len(kept) > 2 else None  # behind its own words and its end
            if after is None or (after.type == "heading_open" and after.tag <= token.tag):
                del kept[-2:]
                continue
        kept.append(token)
    return kept[::-1]


def _name_tables(tokens: list[Token]) -> None:
    """A table that is too wide scrolls, and has a name; the first cell of each row is its header."""
    heading, is_first = "", False
    for place, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                heading = _ID.sub("", tokens[place + 1].content)
            case "table_open":
                token.attrs = {"class": "table-wrap", "tabindex": 0, "role": "region", "aria-label": heading}
            case "th_open":
                token.attrs = {"scope": "col"}
            case "tr_open":
                is_first = True
            case "td_open" if is_first:
                token.tag, token.attrs, is_first = "th", {"scope": "row"}, False
                tokens[_end_of(tokens, place)].tag = "th"


def _with_inserts(tokens: list[Token], values: dict[str, Markup | None]) -> Iterator[Token]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        alone = token.type == "paragraph_open" and INSERT.fullmatch(tokens[place + 1].content)
        if alone and alone[1] in ALONE:
            yield Token("html_block", "", 0, content=str(values[alone[1]]))
            place += 3
            continue
        if token.children:
            token.children = [part for child in token.children for part in _split(child, values)]
        yield token
        place += 1


def _split(child: Token, values: dict[str, Markup | None]) -> Iterator[Token]:
    """A text as texts and inserts."""
    if child.type != "text":
        yield child
        return
    place = 0
    for found in INSERT.finditer(child.content):
        if found[1] not in values:  # braces that were written as signs: no insert, but text
            continue
        yield Token("text", "", 0, content=child.content[place : found.start()])
        yield Token("html_inline", "", 0, content=str(values[found[1]] or ""))
        place = found.end()
    yield Token("text", "", 0, content=child.content[place:])
