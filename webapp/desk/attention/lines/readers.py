"""Readers: what they wrote, what they are sent, what they did not understand or find."""

from __future__ import annotations

from flask import url_for

from webapp.desk.attention.lines.line import Line
from webapp.desk.attention.shares import Share
from webapp.desk.attention.waiting import Attention
from webapp.editorial.sections import SUMMARY
from webapp.formats import long_date, plural

FIELDS = {
    **{section.anchor: section.field for section in SUMMARY},
    "in-short": "description",
    "main-result": "study-outcomes",
}
"""Where a part of the page is written, in the form of a summary; all other parts are made of the study."""


def url_of(unclear: Share) -> str:
    """The way to the field in which an unclear section is written."""
    field = FIELDS.get(unclear.section, "study")
    return url_for("desk.writing.edit", id_=unclear.document_id, _anchor=f"f-{field}")


def messages(of: Attention) -> Line | None:
    if not of.messages.number:
        return None
    number, day = of.messages.number, long_date(of.messages.since) if of.messages.since else ""
    have = "has waited for an answer" if number == 1 else "have waited for an answer, the first"
    sentence = f"{plural(number, 'message')} from readers {have} since {day}."
    return Line("Messages", sentence, url_for("desk.inbox.index"), "Read the messages")


def letters(of: Attention) -> Line | None:
    now, tomorrow = of.letters.now, of.letters.tomorrow
    parts = [f"to about {_people(now)} within the hour"] if now else []
    parts += [f"to about {_people(tomorrow)} tomorrow"] if tomorrow else []
    if not parts:
        return None
    sentence = f"Letters go {', and '.join(parts)}."
    return Line("Letters", sentence, url_for("research.index"), "See the newest summaries")


def unclear(of: Attention) -> Line | None:
    if not of.unclear:
        return None
    was = "section was" if len(of.unclear) == 1 else "sections were"
    sentence = f"{len(of.unclear)} {was} hard to understand for readers."
    return Line("Unclear", sentence, "#unclear", "See what is unclear")


def rated_low(of: Attention) -> Line | None:
    if not of.low:
        return None
    sentence = f"{plural(len(of.low), 'summary', 'summaries')} did not help many readers."
    return Line("Rated low", sentence, "#low", "See what is rated low")


def not_found(of: Attention) -> Line | None:
    if not of.missed:
        return None
    sentence = f"{plural(len(of.missed), 'search', 'searches')} found nothing, on three days or more."
    return Line("Searched, not found", sentence, "#missed", "See what was not found")


def _people(count: int) -> str:
    return plural(count, "person", "people")
