"""Atom feeds (RFC 4287).

One character that XML does not know would take the feed from every reader, so each text is cleaned once more here,
whatever an older version let into the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from feedgen.feed import FeedGenerator
from flask import url_for

from webapp.editorial.characters import on_one_line
from webapp.models import Summary
from webapp.site import SITE_NAME
from webapp.urls import absolute_url


def atom(title: str, subtitle: str, page: str, feed: str, summaries: Sequence[Summary]) -> bytes:
    """The feed of these summaries. `page` and `feed` are the paths of what it is a feed of, and its own."""
    made = FeedGenerator()
    made.id(absolute_url(feed))
    made.title(on_one_line(title))
    made.subtitle(on_one_line(subtitle))
    made.link(href=absolute_url(page), rel="alternate", type="text/html")
    made.link(href=absolute_url(feed), rel="self", type="application/atom+xml")
    made.author({"name": SITE_NAME})
    made.language("en")
    made.updated(max((_at(summary.checked_on) for summary in summaries), default=_at(dt.date(2026, 1, 1))))
    for summary in summaries:
        _add(made, summary)
    body: bytes = made.atom_str(pretty=True)
    return body


def _add(made: FeedGenerator, summary: Summary) -> None:
    address = absolute_url(url_for("research.show", slug=summary.slug))
    entry = made.add_entry(order="append")
    entry.id(address)
    entry.title(on_one_line(summary.title))
    entry.link(href=address)
    parts = [summary.study.evidence.caution, summary.description, _facts(summary)]
    entry.summary(on_one_line(" ".join(filter(None, parts))))
    entry.published(_at(summary.published_on))
    entry.updated(_at(summary.checked_on))
    entry.author({"name": on_one_line(summary.author)})


def _facts(summary: Summary) -> str:
    study, evidence = summary.study, summary.study.evidence
    people = f"{study.people}. " if study.people else ""
    level = f"Evidence level {evidence.level} of 5." if evidence.level else evidence.off_ladder
    return f"{evidence.design.name}. {people}{level}"


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
