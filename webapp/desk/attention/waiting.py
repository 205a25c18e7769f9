"""Everything that may wait at the desk, as it is at one moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from webapp import clock
from webapp.ask.queries import waiting_papers
from webapp.desk.attention import queries
from webapp.desk.attention.health import Health, health
from webapp.desk.attention.shares import CLEARLY_LOW, CLEARLY_UNCLEAR, Share, clear_ones
from webapp.desk.writing.queries import Row, in_the_works
from webapp.feedback.forms import PARTS
from webapp.letters.queries import people_awaiting
from webapp.models import AskedPaper, MissedSearch
from webapp.search.missed.queries import missed_searches
from webapp.watch.papers.queries import count_of as count_of_new_papers
from webapp.watch.queries import Asking, asking_papers
from webapp.watch.recruiting.queries import Waiting, changed_searches, unanswered_searches
from webapp.watch.trials.queries import Asking as AskingTrials
from webapp.watch.trials.queries import asking_trials

MOST = 5
"""Rows of a list on the first page."""
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Letters:
    """About how many people get a letter when `flask work` next writes them, and how many more tomorrow."""

    now: int
    tomorrow: int


@dataclass(frozen=True)
class Attention:
    """Everything on the first page that somebody may have to do something about."""

    now: dt.datetime
    health: Health
    papers: Asking
    trials: AskingTrials
    unanswered: Waiting
    """Searches for trials that readers see as too old."""
    changed: Waiting
    """Searches for trials whose new words nobody approved."""
    given_up: queries.Waiting
    messages: queries.Waiting
    asked: tuple[int, AskedPaper | None]
    scheduled: list[tuple[int, str, dt.datetime]]
    letters: Letters
    works: list[Row]
    unseen_count: int
    unseen: list[queries.Unseen]
    unclear: list[Share]
    low: list[Share]
    missed: list[MissedSearch]
    new_papers: int


def attention() -> Attention:
    now = clock.now()
    unseen_count, unseen = queries.unseen_documents(now, MOST)
    unclear, low = queries.shares_of_votes(now)
    today, tomorrow = people_awaiting(now, now + DAY)
    return Attention(
        now=now,
        health=health(),
        papers=asking_papers(),
        trials=asking_trials(),
        unanswered=unanswered_searches(now),
        changed=changed_searches(),
        given_up=queries.mail_given_up(),
        messages=queries.unanswered_messages(),
        asked=waiting_papers(),
        scheduled=queries.scheduled_documents(),
        letters=Letters(today, max(0, tomorrow - today)),
        works=in_the_works(),
        unseen_count=unseen_count,
        unseen=unseen,
        unclear=clear_ones([one for one in unclear if one.section in PARTS], CLEARLY_UNCLEAR, MOST),
        low=clear_ones(low, CLEARLY_LOW, MOST),
        missed=missed_searches(),
        new_papers=count_of_new_papers("waiting"),
    )
