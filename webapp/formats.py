"""Jinja filters: how dates, counts, names and excerpts look to a reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask

from webapp.drawing import body, ladder, spine
from webapp.editorial.characters import on_one_line
from webapp.editorial.dates import PartialDate
from webapp.editorial.designs import Stage
from webapp.editorial.safety_notices import lines_of, notices_for


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


def grade(value: float) -> int:
    """A reading grade as it is printed: the nearest whole school year."""
    return round(value)


def partial_date(value: str) -> str:
    """A date as it stands in a notice, with its precision."""
    return PartialDate.parse(value).words


def capitalize_first(text: str) -> str:
    """The first letter large, the others as they are: AIS stays AIS."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The first letter small, for a name within a sentence."""
    return text[:1].lower() + text[1:]


def before_colon(text: str) -> str:
    """Nobody, of "Nobody: each person's own scores"."""
    return text.partition(":")[0]


def after_colon(text: str) -> str:
    return text.partition(":")[2].strip()


def first_url(text: str) -> str:
    """The URL at the start of a source, without a remark behind it."""
    return text.split(maxsplit=1)[0]


def host(url: str) -> str:
    """The site of a URL, for reading: nature.com."""
    return (urlsplit(first_url(url)).hostname or url).removeprefix("www.")


FILTERS = (
    on_one_line,
    long_date,
    number,
    plural,
    short_authors,
    grade,
    partial_date,
    capitalize_first,
    lower_first,
    before_colon,
    after_colon,
    first_url,
    host,
)


def init_app(app: Flask) -> None:
    for filter_ in FILTERS:
        app.add_template_filter(filter_)
    app.jinja_env.globals.update(
        body=body,
        ladder=ladder,
        lines_of=lines_of,
        notices_for=notices_for,
        spine=spine,
        stages=list(Stage),
    )
