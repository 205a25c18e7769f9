"""Searches for trials that were approved, without anybody being asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from webapp import clock
from webapp.edition import raise_edition
from webapp.editorial.dates import PartialDate
from webapp.extensions import db
from webapp.models import Category, HiddenTrial, TrialSearch
from webapp.scholarly.trial_search import FoundTrial, FoundTrials
from webapp.watch.recruiting.answers import take_over

WORDS = ("spinal cord injury", "arms OR hands")


def make_trial(number: int = 1, **changes: Any) -> FoundTrial:
    """A trial that is open, and was confirmed a month ago."""
    today = clock.today()
    recently = today - dt.timedelta(days=30)
    facts: dict[str, Any] = {
        "number": f"NCT{number:08}",
        "title": f"Training of the arms {number}",
        "status": "RECRUITING",
        "countries": ("Germany", "Switzerland"),
        "youngest": "18 years",
        "oldest": "65 years",
        "changed": PartialDate.parse(recently),
        "verified": PartialDate(recently.year, recently.month),
    }
    return FoundTrial(**facts | changes)


def make_search(
    *trials: FoundTrial,
    slug: str = "hand-and-arm-use",
    total: int | None = None,
    at: dt.datetime | None = None,
    hidden: tuple[int, ...] = (),
    words: str = WORDS[1],
) -> TrialSearch:
    """An approved search of a topic that found these. `hidden`: numbers of trials that do not belong there."""
    category = db.session.scalars(db.select(Category).where(Category.slug == slug)).one()
    condition = WORDS[0]
    search = TrialSearch(
        category_id=category.id, condition=condition, words=words, live_condition=condition, live_words=words
    )
    take_over(search, FoundTrials(len(trials) if total is None else total, trials), at or clock.now())
    db.session.add(search)
    db.session.flush()
    for number in hidden:
        db.session.add(HiddenTrial(category_id=category.id, number=f"NCT{number:08}", title=f"Hidden {number}"))
    raise_edition(db.session())
    db.session.commit()
    return search
