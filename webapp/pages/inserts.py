"""What the inserts of a standing page stand for (documents/inserts.py lists them)."""

from __future__ import annotations

from flask import current_app, render_template, url_for
from markupsafe import Markup

from webapp.data.record import terms
from webapp.editorial.designs import DESIGNS, Stage
from webapp.editorial.evidence import LARGER_TRIAL, LEVELS
from webapp.editorial.readability import MAX_GRADE, MAX_SENTENCE_WORDS
from webapp.feedback.queries import MIN_PUBLIC_VOTES
from webapp.formats import number, plural
from webapp.pages.queries import published_count


def insert(name: str) -> Markup | None:
    """The HTML of an insert; None when the owner has not set it, or no version of this site knows it any more."""
    match name:
        case "summary-count":
            return _summary_count()
        case "owner-name":
            return _text(current_app.config["OWNER_NAME"])
        case "owner-address":
            address = current_app.config["OWNER_EMAIL"]
            return Markup('<a href="mailto:{0}">{0}</a>').format(address) if address else None
        case "data-terms":
            return _text(terms())
        case "ladder" | "road" | "kinds-of-study":
            template = f"pages/_{name.replace('-', '_')}.html"
            return Markup(render_template(template, levels=LEVELS, designs=DESIGNS))  # noqa: S704 (our own template)
    return _text(_NUMBERS.get(name))


_NUMBERS = {
    "max-grade": number(MAX_GRADE),
    "max-sentence-words": number(MAX_SENTENCE_WORDS),
    "min-public-votes": number(MIN_PUBLIC_VOTES),
    "level-count": number(len(LEVELS)),
    "stage-count": number(len(Stage)),
    "larger-trial": number(LARGER_TRIAL),
}


def _text(value: str | None) -> Markup | None:
    return Markup.escape(value) if value else None


def _summary_count() -> Markup:
    count = published_count()
    if not count:
        return Markup("no summaries")
    words = plural(count, "summary", "summaries")
    return Markup('<a href="{}">{}</a>').format(url_for("research.index"), words)
