"""Atom feeds (RFC 4287).

One character that XML does not know would take the feed from every reader, so the template cleans each text once
more, whatever an older version let into the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import render_template, url_for

from webapp.models import Summary
from webapp.urls import absolute_url

LONG_AGO = dt.date(2026, 1, 1)
"""When a feed without entries last changed."""


def atom(title: str, subtitle: str, page: str, feed: str, summaries: Sequence[Summary]) -> str:
    """The feed of these summaries. `page` and `feed` are the paths of what it is a feed of, and its own."""
    return render_template(
        "feeds/feed.xml",
        title=title,
        subtitle=subtitle,
        page_url=absolute_url(page),
        feed_url=absolute_url(feed),
        updated_at=_at(max((summary.checked_on for summary in summaries), default=LONG_AGO)),
        entries=[_entry(summary) for summary in summaries],
    )


def _entry(summary: Summary) -> dict[str, object]:
    evidence, people = summary.study.evidence, summary.study.people
    facts = [evidence.design.name, people, evidence.level_sentence.removesuffix(".")]
    sentences = [summary.result_sentence, evidence.caution, summary.description, ". ".join(filter(None, facts)) + "."]
    return {
        "url": absolute_url(url_for("research.show", slug=summary.slug)),
        "title": summary.title,
        "summary": " ".join(filter(None, sentences)),
        "author": summary.author,
        "published_at": _at(summary.published_on),
        "updated_at": _at(summary.checked_on),
    }


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
