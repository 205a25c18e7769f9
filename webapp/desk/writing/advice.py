"""Advice on the words of a draft: what may mislead, and sentences that can stand in its place with one press."""

from __future__ import annotations

import copy
import hashlib
import re
from typing import Any, NamedTuple

from pydantic import ValidationError

from webapp.desk.writing.problems import place_of
from webapp.documents.schema import JsonContent, NewerContentError, SummaryContent, parse_as

_PRESS = re.compile(r"word:(?P<mark>[0-9a-f]{12}):(?P<number>\d{1,2})")


class Advice(NamedTuple):
    """One thing that may mislead."""

    anchor: str
    """The id of its field."""
    where: str
    words: str
    why: str
    mark: str
    """Which sentence of which field it is about: when that was changed, no wording is put in its place."""
    wordings: tuple[str, ...]


def advice_on(content: JsonContent) -> list[Advice]:
    """Of a summary that is whole enough to be read; else nothing, and publishing says what is missing."""
    return [
        Advice(
            place_of("summary", found.loc), found.where, found.words, found.why, _mark(content, found), found.wordings
        )
        for found in _findings(content)
    ]


def with_wording(content: JsonContent, press: str) -> JsonContent:
    """The content with the wording of this button in the place of its sentence, if that still stands there."""
    pressed = _PRESS.fullmatch(press)
    if pressed is None:
        return content
    for found in _findings(content):
        if _mark(content, found) == pressed["mark"] and 0 < int(pressed["number"]) <= len(found.wordings):
            return _put(content, found.loc, found.replaced(_text_at(content, found.loc), int(pressed["number"])))
    return content


def _findings(content: JsonContent) -> list[Any]:
    from webapp.editorial.claims import findings_in  # nobody but a writer needs it

    try:
        return findings_in(parse_as(SummaryContent, content))
    except (ValidationError, NewerContentError):
        return []


def _text_at(content: Any, loc: tuple[str | int, ...]) -> str:
    for step in loc:
        content = content.get(step, "") if isinstance(content, dict) else content[step]
    return str(content)


def _mark(content: JsonContent, found: Any) -> str:
    begin, end = found.sentence
    about = f"{found.loc} {found.kind} {_text_at(content, found.loc)[begin:end]}"
    return hashlib.blake2b(about.encode(), digest_size=6).hexdigest()


def _put(content: JsonContent, loc: tuple[str | int, ...], text: str) -> JsonContent:
    changed: Any = copy.deepcopy(content)
    *way, last = loc
    place = changed
    for step in way:
        place = place[step]
    place[last] = text
    return changed  # type: ignore[no-any-return]
