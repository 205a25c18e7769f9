"""Atom feeds (RFC 4287).

A correction of a summary is an entry of its own, beside that of the summary: so everybody who reads the feed learns of
it, also where the program takes a changed entry for an old one. So is a change of the status of its trial.

One character that XML does not know would take the feed from every reader, so the template cleans each text once
more, whatever an older version let into the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for

from webapp.editorial.evidence import level_name
from webapp.editorial.trials import news_of_trial
from webapp.formats import long_date
from webapp.models import Correction, Summary, TrialChange
from webapp.urls import absolute_url

LONG_AGO = dt.date(2026, 1, 1)
"""When a feed without entries last changed."""


def atom(
    title: str,
    subtitle: str,
    page: str,
    feed: str,
    *,
    summaries: Sequence[Summary],
    corrections: Sequence[tuple[Correction, Summary]],
    trials: Sequence[tuple[TrialChange, Summary]] = (),
) -> str:
    """The feed of these. `page` and `feed` are the paths of what it is a feed of, and its own."""
    checks = [_at(summary.checked_on) for summary in summaries]
    entries = [*(_entry(summary) for summary in summaries), *(_correction(*pair) for pair in corrections)]
    entries += [_trial(*pair) for pair in trials]
    events = [*(one.corrected_at for one, _ in corrections), *(one.told_at for one, _ in trials)]
    return render_template(
        "feeds/feed.xml",
        title=title,
        subtitle=subtitle,
        page_url=absolute_url(page),
        feed_url=absolute_url(feed),
        updated_at=max([*checks, *events], default=_at(LONG_AGO)),
        entries=sorted(entries, key=lambda entry: entry["published_at"], reverse=True),
    )


def _entry(summary: Summary) -> dict[str, Any]:
    evidence, people = summary.study.evidence, summary.study.people
    facts = [evidence.design.name, people, evidence.level_sentence.removesuffix(".")]
    sentences = [summary.result_sentence, evidence.caution, summary.description, ". ".join(filter(None, facts)) + "."]
    url = absolute_url(url_for("research.show", slug=summary.slug))
    return {
        "id": url,
        "url": url,
        "title": summary.title,
        "summary": " ".join(filter(None, sentences)),
        "author": summary.author,
        "categories": _marks(summary),
        "published_at": _at(summary.published_on),
        "updated_at": _at(summary.checked_on),
    }


def _correction(correction: Correction, summary: Summary) -> dict[str, Any]:
    """Its id stays when the summary moves: nobody is told twice. A paper that was withdrawn is no mistake of ours."""
    url, day = url_for("research.show", slug=summary.slug), long_date(correction.corrected_at)
    words = f"We corrected this summary on {day}: {correction.sentence}"
    if correction.of_paper:
        words = f"We put up a notice on {day}: {correction.sentence}"
    return {
        "id": absolute_url(f"{url_for('research.index')}#correction-{correction.id}"),
        "url": absolute_url(url),
        "title": summary.title if correction.of_paper else f"Corrected: {summary.title}",
        "summary": " ".join(filter(None, [words, summary.result_sentence, summary.study.evidence.caution])),
        "author": summary.author,
        "categories": [("corrections", "correction", "Correction"), *_marks(summary)],
        "published_at": correction.corrected_at,
        "updated_at": correction.corrected_at,
    }


def _trial(change: TrialChange, summary: Summary) -> dict[str, Any]:
    """That the trial of a summary has a new status."""
    day = long_date(change.told_at)
    news = news_of_trial(change.number, was=change.was, became=change.became, day=day)
    return {
        "id": absolute_url(f"{url_for('research.index')}#trial-{change.id}"),
        "url": absolute_url(url_for("research.show", slug=summary.slug)),
        "title": f"News of the trial: {summary.title}",
        "summary": news,
        "author": summary.author,
        "categories": [("trials", "trial", "Trial"), *_marks(summary)],
        "published_at": change.told_at,
        "updated_at": change.told_at,
    }


def _marks(summary: Summary) -> list[tuple[str, str, str]]:
    """Result and step on the ladder for machines, as fields of our data (/data): field, value, words."""
    result, level = summary.result_kind, summary.study.evidence.level
    found = [("result", result.value, summary.result_words)] if result else []
    return [*found, ("level", str(level), level_name(level))] if level else found


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
