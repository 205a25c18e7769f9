"""The text of a file: its sections under their `##` headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import indent
from typing import Any

from markdown_it.token import Token

from webapp.documents.origin import SOURCE_LABELS, SOURCE_LINE
from webapp.editorial.sections import Kind, Section
from webapp.library.diagnostics import Reading

_ITEM = re.compile(r"\n(?=\s*(?:[-*+]|\d{1,2}[.)])\s)")


def read_body(tokens: list[Token], lines: list[str], body: tuple[Section, ...], reading: Reading) -> dict[str, Any]:
    """The sections under their `##` headings, by field."""
    if body[0].kind == Kind.WHOLE:
        return _whole(tokens, lines, body[0], reading)
    by_heading = {section.heading: section for section in body}
    heads = [(index, token) for index, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    values: dict[str, Any] = {}
    for token in tokens[1 : heads[0][0] if heads else len(tokens)]:
        if token.map:
            remedy = f"Put it under a heading such as `## {body[0].heading}`"
            reading.report(token.map[0] + 1, "text", "stands before the first section", remedy)
            break
    for position, (index, token) in enumerate(heads):
        heading, (start, after) = tokens[index + 1].content.strip(), token.map or [0, 0]
        until = heads[position + 1][0] if position + 1 < len(heads) else len(tokens)
        end = (heads[position + 1][1].map or [0])[0] if position + 1 < len(heads) else len(lines)
        section = by_heading.get(heading)
        if section is None:
            reading.report(start + 1, heading, "is not a known section", _meant(heading, list(by_heading)))
        elif section.field in values:
            reading.report(start + 1, heading, "stands twice", "Put both parts under one heading")
        else:
            reading.lines[heading] = start + 1
            text, found = _normalized("\n".join(lines[after:end])), Reading(reading.path)
            values[section.field] = _parts(section, tokens[index + 3 : until], lines, (text, end), found)
            for fault in found.diagnostics:
                reading.report(fault.line, fault.field, fault.problem, fault.remedy, is_hint=reading.is_draft)
            if reading.is_draft and found.diagnostics:
                values[section.field] = text  # half-written: it stays as it was typed
    for heading, section in by_heading.items():
        if heading not in reading.lines and not section.missing:
            remedy = f"Add a section `## {heading}`"
            reading.report(len(lines), heading, "is missing", remedy, is_hint=reading.is_draft)
    return values


def _parts(
    section: Section, inside: list[Token], lines: list[str], text_and_end: tuple[str, int], reading: Reading
) -> Any:
    """What stands in a section, as its kind has it."""
    text, end = text_and_end
    match section.kind:
        case Kind.NUMBERED:
            return _numbered(inside, lines, section, reading)
        case Kind.TITLED:
            return _titled(inside, lines, end, section.heading, reading)
        case _:
            return text


def _whole(tokens: list[Token], lines: list[str], section: Section, reading: Reading) -> dict[str, Any]:
    """The text as it stands, its headings too."""
    start = (tokens[0].map or [0, 0])[1]
    text = "\n".join(lines[start:])
    first = next((number for number, line in enumerate(lines[start:], start + 1) if line.strip()), len(lines))
    reading.lines[section.heading] = first
    if not text.strip():
        remedy = "Write the text below the front matter"
        reading.report(first, section.heading, "is missing", remedy, is_hint=reading.is_draft)
        return {}
    return {section.field: "\n".join(line.rstrip() for line in text.strip().split("\n"))}


def _normalized(text: str) -> str:
    """Paragraphs and list items on one line each, one blank line between paragraphs."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join("\n".join(" ".join(item.split()) for item in _ITEM.split(part)) for part in paragraphs)


def _numbered(inside: list[Token], lines: list[str], section: Section, reading: Reading) -> list[Any]:
    items: list[Any] = []
    for token in inside:
        if token.level == 0 and token.type not in {"ordered_list_open", "ordered_list_close"} and token.map:
            remedy = "Start the line with `1. `"
            reading.report(token.map[0] + 1, section.heading, "has text outside its numbered list", remedy)
        if token.type == "list_item_open" and token.level == 1 and token.map:
            text = "\n".join(lines[token.map[0] : token.map[1]])
            item = _normalized(re.sub(r"^\s*\d+[.)]\s*", "", text))
            line = token.map[0] + 1
            items.append(_sourced(item, line, section.heading, reading) if section.has_sources else item)
    return items


def _sourced(item: str, line: int, heading: str, reading: Reading) -> Any:
    """A point as it is written, or its text and its source where it ends in a list that begins with one."""
    begin = next((found.start() for found in SOURCE_LINE.finditer(item)), len(item))
    if begin == len(item):
        return item
    names, source = {label: name for name, label in SOURCE_LABELS.items()}, {}
    for point in item[begin:].split("\n"):
        label, _, value = point[2:].partition(":")
        if label not in names or names[label] in source:
            remedy = f"Write, each once and on a line of its own: {', '.join(names)}"
            reading.report(line, heading, f"says of a source: “{point[:40]}”", remedy)
        elif value:
            source[names[label]] = value.strip()
    text = item[:begin].strip()
    return ({"text": text} if text else {}) | {"source": source}


def _item(item: object) -> str:
    """A point of a list, below it the list of what is said of its source."""
    if not isinstance(item, Mapping):
        return str(item)
    source = item.get("source", {})
    told = source if isinstance(source, Mapping) else {"where": source}
    said = [(label, str(told[name])) for name, label in SOURCE_LABELS.items() if told.get(name)]
    if said and not told.get("where"):
        said.insert(0, (SOURCE_LABELS["where"], ""))
    lines = [f"- {label}: {value}".rstrip() for label, value in said]
    return "\n".join(filter(None, [str(item.get("text", "")), *lines]))


def _meant(heading: str, known: list[str]) -> str:
    """The remedy for an unknown heading: one like it, or all there are."""
    from rapidfuzz import process

    near = process.extractOne(heading, known, score_cutoff=60)
    return f"Did you mean {near[0]}?" if near else f"Use: {', '.join(known)}"


def _titled(inside: list[Token], lines: list[str], end: int, heading: str, reading: Reading) -> list[dict[str, str]]:
    heads = [(token, inside[index + 1]) for index, token in enumerate(inside) if token.tag == "h3" and token.map]
    openings = [token for token in heads if token[0].type == "heading_open"]
    if inside and inside[0].map and inside[0].tag != "h3":
        reading.report(
            inside[0].map[0] + 1, heading, "has text before its first title", "Start with a line `### Title`"
        )
    parts = []
    for position, (token, title) in enumerate(openings):
        start = (token.map or [0, 0])[1]
        until = (openings[position + 1][0].map or [0])[0] if position + 1 < len(openings) else end
        text = _normalized("\n".join(lines[start:until]))
        if not text:
            reading.report(start, heading, f"“{title.content}” has no text", "Write a sentence or two below the title")
        parts.append({"title": title.content.strip(), "text": text})
    return [part for part in parts if part["text"]]


def write_body(values: Mapping[str, Any], body: tuple[Section, ...], *, is_whole: bool) -> str:
    """The sections under their headings, as `read_body` reads them.

    An empty one is left out, unless the text `is_whole` and has to have it.
    """
    if body[0].kind == Kind.WHOLE:
        return str(values.get(body[0].field, ""))
    parts = [
        f"## {section.heading}\n\n{_written(section.kind, values.get(section.field))}".rstrip()
        for section in body
        if values.get(section.field) or (is_whole and not section.missing)
    ]
    return "\n\n".join(parts)


def _written(kind: Kind, content: Any) -> str:
    if not content:
        return ""
    if not isinstance(content, list) or kind in {Kind.PROSE, Kind.WHOLE}:
        return str(content)  # of a draft, whatever was typed
    if kind == Kind.NUMBERED:
        marks = [f"{number}. " for number in range(1, len(content) + 1)]
        return "\n".join(
            mark + indent(_item(item), " " * len(mark)).lstrip() for mark, item in zip(marks, content, strict=True)
        )
    parts = [part for part in content if isinstance(part, Mapping)]
    return "\n\n".join(f"### {part.get('title', '')}\n\n{part.get('text', '')}".rstrip() for part in parts)
