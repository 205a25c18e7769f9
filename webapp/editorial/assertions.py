"""What a sentence itself claims: not what it denies, asks, doubts, quotes or tells as the words of others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.editorial.readability import sentence_places

# Quotations, and where a link leads: a claim in there is not the writer's.
_OF_OTHERS = re.compile(r"“[^“”\n]*”|\"[^\"\n]*\"|«[^«»\n]*»|(?<!\w)‘[^‘’\n]*’|\]\([^()\s]*\)")
_BEFORE, _AFTER = 200, 80
"""Characters that are read before and after a word. It keeps a text of one endless sentence from taking minutes."""
_STOP = r"[;:–—]|,\s(?:but|yet|while|and|so|though|although)\s(?!that|whether|if)|\bbut\b|\byet\b(?!\s+to)"
_NEW_SUBJECT = r"\band\s(?:it|they|this|these|the|he|she|all|was|were|is|are|had|has|can|will|proved|seems?)\b"
_NO_NEGATION = re.compile(
    r"\bnot (?:only|just|merely|least)\b|\bno (?:doubt|wonder|longer|less than|fewer than)\b|\bnever before\b"
    r"|\bnot (?:be )?(?:long|far)\b|\bnothing (?:short of|less than)\b|\bif only\b"
    r"|\bwithout (?:a |any )?(?:doubt|question)\b",
    re.IGNORECASE,
)


def _reaches(words: str, *stops: str) -> re.Pattern[str]:
    """These words, where none of the stops stands between them and the end."""
    return re.compile(rf"\b(?:{words})\b(?:(?!{'|'.join((_STOP, *stops))}).)*$", re.IGNORECASE)


_DENIALS = (
    _reaches(
        r"whether|if|unless|cannot|can't|can’t|unlikely|unclear|uncertain|unsure|unknown|doubts?|never|neither|nor"
        r"|how (?:to|much|far|often|well|long|many)|(?:rather|other) than|instead of|yet to"
        r"|far from|less likely|remains? to"
    ),
    _reaches(r"not|\w+n['’]t|nobody|nothing|none", _NEW_SUBJECT),
    _reaches(
        r"no|without|few|little|hardly|lacks?|too (?:few|little|small|short|early|soon|thin|weak)",
        _NEW_SUBJECT,
        r",(?! though,| to\b)",
    ),
    re.compile(
        r"\b(?:how|what|whoever|those who)\s$|(?:^|\b(?:and|know|ask|say|tell) )which (?:\w+ )*$", re.IGNORECASE
    ),
    _reaches(
        r"called|calls|described|describes|labelled|termed|said to be|(?:told|tell|asked|ask|asks)(?: \w+)?"
        r" (?:how|that|of|about)"
    ),
)
_DENIED_AFTER = re.compile(
    r"^(?:\s*or (?:may |might )?not\b|\s+(?:is|are|was|were|does|do|did|has|have|can|could|will)(?:\s?not\b|n['’]t\b)"
    rf"|(?:(?!{_STOP}|\b(?:who|that|which)\b).)*(?:\b(?:is|are|was|were|remains?)\s(?:still\s)?"
    r"(?:not\s(?:yet\s)?(?:known|clear|certain|sure|shown|proven)|un(?:known|clear|certain|sure|proven))\b"
    r"|\b(?:cannot be (?:told|known|said|judged)|do(?:es)? not (?:yet )?exist)\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """One sentence, and its place in the text it stands in."""

    start: int
    end: int
    text: str
    bare: str
    """Of the same length, with blanks for what others say and for where links lead, and on one line."""


def sentences_in(text: str) -> list[Sentence]:
    """The sentences of a text with their places."""
    bare = _OF_OTHERS.sub(lambda found: " " * len(found[0]), text).replace("\n", " ")
    return [Sentence(start, end, text[start:end], bare[start:end]) for start, end in sentence_places(text)]


def is_claimed(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the sentence claims what its `bare` says from `start` to `end`, as far as its words tell."""
    before = _NO_NEGATION.sub(lambda found: " " * len(found[0]), sentence.bare[max(0, start - _BEFORE) : start])
    after = sentence.bare[end : end + _AFTER]
    is_question = sentence.text.rstrip("\"'”’)]* ").endswith("?")
    return not (is_question or any(denial.search(before) for denial in _DENIALS) or _DENIED_AFTER.search(after))
