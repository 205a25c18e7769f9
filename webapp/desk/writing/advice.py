"""Claims in a draft that may mislead, and the buttons that put an honest sentence in their place, and take it out."""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

from webapp.desk.writing import queries
from webapp.desk.writing.typed import text_at, with_text
from webapp.documents.comparison.joining import joined
from webapp.documents.drafts import draft_of
from webapp.documents.problems import Loc
from webapp.documents.schema import JsonContent, SummaryContent
from webapp.editorial.designs import DESIGNS
from webapp.models import Document

_UNDO = re.compile(r"unword:(?P<revision>\d{1,9})")
_PRESS = re.compile(r"word:(?P<mark>[0-9a-f]{12}):(?P<number>\d{1,2})")


class Claim(NamedTuple):
    """Words that may mislead."""

    loc: Loc
    words: str
    why: str
    wordings: tuple[tuple[str, str], ...]
    """The value of a button, and the sentence that it puts in. It says which sentence of which field it is about: when
    that was changed, nothing is put in its place."""


def claims_in(content: JsonContent, draft: SummaryContent) -> list[Claim]:
    return [
        Claim(
            found.loc,
            found.words,
            found.why,
            tuple((f"word:{_mark(content, found)}:{number}", text) for number, text in enumerate(found.wordings, 1)),
        )
        for found in _findings(draft)
    ]


def with_wording(content: JsonContent, press: str) -> tuple[JsonContent, Loc]:
    """The content with the wording of this button in the place of its sentence, and where.

    Where that sentence does not stand any more, the content as it is, and nowhere.
    """
    pressed = _PRESS.fullmatch(press)
    draft = draft_of("summary", content) if pressed else None
    if pressed is None or not isinstance(draft, SummaryContent) or draft.study.design not in DESIGNS:
        return content, ()
    for found in _findings(draft):
        if _mark(content, found) == pressed["mark"] and 0 < int(pressed["number"]) <= len(found.wordings):
            text = found.replaced((text_at(content, found.loc) or "").strip(), int(pressed["number"]))
            return with_text(content, found.loc, text), found.loc
    return content, ()


def without_wording(document: Document, content: JsonContent, press: str) -> JsonContent:
    """The content with a wording taken out again that was put in after the revision with this number; the rest stays.

    A sentence that was changed since stays as well.
    """
    pressed = _UNDO.fullmatch(press)
    number = int(pressed["revision"]) if pressed else 0
    before, worded = queries.revision_of(document, number), queries.revision_of(document, number + 1)
    if before is None or worded is None:
        return content
    return joined(document.kind, worded.content, content, before.content).content


def _findings(draft: SummaryContent) -> list[Any]:
    from webapp.editorial.claims import findings_in  # nobody but a writer needs it

    return findings_in(draft)


def _mark(content: JsonContent, found: Any) -> str:
    begin, end = found.sentence
    about = f"{found.loc} {found.kind} {(text_at(content, found.loc) or '').strip()[begin:end]}"
    return hashlib.blake2b(about.encode(), digest_size=6).hexdigest()
