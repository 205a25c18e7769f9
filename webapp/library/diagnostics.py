"""What is wrong with a file, in a writer's words: file, line, field, problem, remedy."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from webapp import clock
from webapp.documents.schema import VERSION, Content, JsonContent, SummaryContent, digest_of, parse

MAX_DIAGNOSTICS = 100
"""Faults told of one file. Nobody reads more, and each of them is costly in a file made to be so."""
_MAX_PART_LENGTH = 300
"""Characters of one part of a fault."""


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One thing wrong in one file, and what to do about it."""

    path: str
    line: int
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.problem}. {self.remedy}"


class Packed(NamedTuple):
    """The content of a file in little room, and what is asked of it without unpacking."""

    text: bytes
    digest: str
    slug: str | None
    date: dt.date | None
    """None of content that is not of the right shape."""


class Wish(IntEnum):
    """What a file asks for, in the order in which the files of one document are taken in."""

    PUBLISH = 1
    SCHEDULE = 2
    SAVE = 3


@dataclass
class Reading:
    """What came of reading one file: what it holds, or faults, and where each field stands."""

    path: str
    kind: str = SummaryContent.kind
    key: str = ""
    language: str | None = None
    """As its name says; None for the language of the site."""
    is_draft: bool = False
    """Whether it says that it is only to be saved."""
    is_taken_as_draft: bool = False
    """Whether it is only saved, whatever it says."""
    publish_at: dt.datetime | None = None
    """When it is to be published, where that is said besides its date."""
    version: int = VERSION
    """Of the schema it was written in."""
    typed: JsonContent = field(default_factory=dict)
    """Its content as it stands in the file; empty when it cannot be read at all."""
    content: Content | None = None
    """Its content when that has the right shape."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    hints: list[Diagnostic] = field(default_factory=list)
    """What a draft lacks before it can be published."""
    lines: dict[str, int] = field(default_factory=dict)
    _packed: Packed | None = None

    @property
    def wish(self) -> Wish:
        """What is done with it."""
        return Wish.SAVE if self.is_taken_as_draft else self.says

    @property
    def says(self) -> Wish:
        """`draft: true` only saves, a coming day schedules, everything else is for readers."""
        content = self.content
        date = self._packed.date if self._packed else content.date if content else None
        if self.is_draft or date is None:
            return Wish.SAVE
        return Wish.SCHEDULE if self.publish_at or date > clock.today() else Wish.PUBLISH

    @property
    def digest(self) -> str:
        return self._packed.digest if self._packed else digest_of(self.typed)

    @property
    def named_slug(self) -> str | None:
        """The slug that the file itself names."""
        return self._packed.slug if self._packed else self.typed.get("slug")

    def pack(self) -> None:
        """Keep the content in little room: thousands of files are held until all of them are checked."""
        if self._packed is None and self.typed:
            text = zlib.compress(json.dumps([self.typed, self.lines]).encode())
            date = self.content.date if self.content else None
            self._packed = Packed(text, self.digest, self.named_slug, date)
            self.typed, self.content, self.lines = {}, None, {}

    def unpack(self) -> None:
        """Take the content out again."""
        if self._packed is not None:
            packed, self._packed = self._packed, None
            self.typed, self.lines = json.loads(zlib.decompress(packed.text))
            self.content = parse(self.kind, self.typed, self.version) if packed.date else None

    def report(self, line: int, where: str, problem: str, remedy: str, *, is_hint: bool = False) -> None:
        told = self.hints if is_hint else self.diagnostics
        if len(told) < MAX_DIAGNOSTICS:
            told.append(Diagnostic(self.path, line, _short(where), _short(problem.rstrip(".")), _short(remedy)))
        elif len(told) == MAX_DIAGNOSTICS:
            told.append(Diagnostic(self.path, line, "file", "has more faults than are told", "Correct these first"))


def _short(text: str) -> str:
    """One line that fits a screen, whatever stood in the file."""
    text = " ".join(text.split()) if "\n" in text else text
    return text if len(text) <= _MAX_PART_LENGTH else f"{text[: _MAX_PART_LENGTH - 60]} … {text[-57:]}"
