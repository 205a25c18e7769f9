"""What of a summary is given to whoever builds on it. /data says what each field means.

A field is added without more ado; one that goes, or means something else, makes a new VERSION.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import current_app

from webapp.data.queries import Whole
from webapp.models import Outcome, Study, WatchedTrial
from webapp.urls import external_url

VERSION = 1
ASK = "Please ask us before you use them."
"""The terms of use while the owner has set none."""
_AMOUNTS = ("people", "count", "events", "percent", "mean", "spread", "median", "change")
_PAPER = (
    "title", "authors", "authors_complete", "journal", "citation", "doi", "pmid", "pmcid", "registrations",
    "countries", "design", "trial_phase", "subjects", "participants", "participants_unit", "analysed", "population",
    "intervention", "compared_with", "duration", "injury_level", "injury_severity", "harms", "funding", "conflicts",
    "notice",
)  # fmt: skip
_OUTCOME = (
    "name", "measure", "better", "topic", "role", "subgroup", "when", "groups", "effect", "direction", "certainty",
    "source", "source_read", "source_place",
)  # fmt: skip


def terms() -> str:
    """Under which terms all this may be used."""
    return current_app.config["DATA_TERMS"] or ASK


def record(whole: Whole) -> dict[str, Any]:
    """One summary: text, numbers, lists and dictionaries. What is not known is None; dates are in ISO 8601."""
    summary, study = whole.summary, whole.summary.study
    evidence = study.evidence
    return {
        "key": summary.key,
        "language": summary.language,
        "url": external_url("research.show", slug=summary.slug),
        "title": summary.title,
        "description": summary.description,
        "author": summary.author,
        "published": _day(summary.published_on),
        "checked": _day(summary.checked_on),
        "reading_grade": summary.reading_grade,
        "categories": [category.slug for category in summary.categories],
        "phases": list(whole.phases),
        "result": summary.result,
        "result_words": summary.result_words or None,
        "result_caveat": summary.result_caveat or None,
        "level": summary.level,
        "level_words": evidence.level_sentence,
        "stage": summary.stage,
        "caution": evidence.caution or None,
        "corrections": [{"on": _day(one.corrected_at.date()), "sentence": one.sentence} for one in summary.corrections],
        "paper": paper(study),
        "trials": [trial_record(trial) for trial in whole.trials],
        "outcomes": [outcome_record(outcome) for outcome in whole.outcomes],
    }


def paper(study: Study) -> dict[str, Any]:
    return {name: getattr(study, name) for name in _PAPER} | {
        "published": str(study.published) if study.published else None
    }


def trial_record(trial: WatchedTrial) -> dict[str, Any]:
    """What the registry said of a trial, in its own word, and on which day."""
    on = _day(trial.answered_at.date()) if trial.answered_at else None
    return {"number": trial.number, "status": trial.status, "on": on}


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in _OUTCOME}


def in_words(groups: list[dict[str, Any]]) -> str:
    """The groups of an outcome in one line: arm training (people 20, mean 5.1); usual care (people 20)."""
    return "; ".join(
        f"{group['name']} ({', '.join(f'{name} {group[name]}' for name in _AMOUNTS if group.get(name) is not None)})"
        for group in groups
    )


def _day(day: dt.date) -> str:
    return day.isoformat()
