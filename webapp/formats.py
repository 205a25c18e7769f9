"""Jinja filters: how dates, counts, names and excerpts look to a reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import Flask
from markupsafe import Markup, escape

from webapp.editorial.dates import PartialDate
from webapp.research.search import MARK_CLOSE, MARK_OPEN

SITE_NAME = "Spinal Cord Research Help"
MISSION = "Making spinal cord injury research accessible to everyone."


def long_date(value: dt.date) -> str:
    """6 March 2024."""
    return PartialDate(value.year, value.month, value.day).words


def number(value: int) -> str:
    """5,811."""
    return f"{value:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 summary, 2 summaries."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def short_authors(names: Sequence[str], complete: bool = True) -> str:
    """One, two and three authors are named; of more the first "and others"."""
    if len(names) > 3 or (names and not complete):
        return f"{names[0]} and others"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def marked(excerpt: str) -> Markup:
    """An excerpt with its matched words in <mark>."""
    return Markup(str(escape(excerpt)).replace(MARK_OPEN, "<mark>").replace(MARK_CLOSE, "</mark>"))  # noqa: S704 (escaped)


def grade(value: float) -> int:
    """A reading grade as it is printed: the nearest whole school year."""
    return round(value)


def init_app(app: Flask) -> None:
    app.add_template_filter(long_date)
    app.add_template_filter(number)
    app.add_template_filter(plural)
    app.add_template_filter(short_authors)
    app.add_template_filter(marked)
    app.add_template_filter(grade)
