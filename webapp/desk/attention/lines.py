"""What is for today: a sentence for each thing that waits, the most urgent first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import NamedTuple

from flask import url_for

from webapp import clock
from webapp.ask.queries import waiting_papers
from webapp.desk.attention import queries
from webapp.desk.attention.health import Health, health
from webapp.desk.attention.shares import CLEARLY_LOW, CLEARLY_UNCLEAR, Share, clear_ones
from webapp.desk.writing.queries import PER_PAGE, Row, in_the_works
from webapp.desk.writing.times import in_words
from webapp.documents.checking import RETRACTED
from webapp.editorial.sections import SUMMARY
from webapp.feedback.forms import PARTS
from webapp.formats import long_date, number, plural
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
MOST_OF_TITLE = 120
DAY = dt.timedelta(days=1)
FIELDS = {
    **{section.anchor: section.field for section in SUMMARY},
    "in-short": "description",
    "main-result": "study-outcomes",
}
"""Where a part of the page is written, in the form of a summary; all other parts are made of the study."""


class Line(NamedTuple):
    """One thing that waits."""

    kind: str
    sentence: str
    url: str
    link: str


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

    @property
    def lines(self) -> list[Line]:
        return list(_lines(self))


def url_of(unclear: Share) -> str:
    """The way to the field in which an unclear section is written."""
    field = FIELDS.get(unclear.section, "study")
    return url_for("desk.writing.edit", id_=unclear.document_id, _anchor=f"f-{field}")


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


def _lines(of: Attention) -> Iterator[Line]:
    yield from _of_health(of.health)
    yield from _of_papers(of.papers)
    yield from _of_trials(of.trials)
    yield from _of_searches(of.unanswered, of.changed)
    if of.given_up.number:
        sentence = f"{plural(of.given_up.number, 'mail')} could not be delivered, {_since(of.given_up)}."
        yield Line("Mail given up", sentence, "#given-up", "See what to do about it")
    if of.messages.number:
        sentence = f"{plural(of.messages.number, 'message')} from readers without an answer, {_since(of.messages)}."
        yield Line("Messages", sentence, url_for("desk.inbox.index"), "Read the messages")
    yield from _of_asked(*of.asked)
    yield from _of_scheduled(of.scheduled)
    yield from _of_ready([row for row in of.works if row.is_ready])
    yield from _of_letters(of.letters)
    drafts = [row for row in of.works if row.document.scheduled_revision_id is None and not row.is_ready]
    if drafts:
        yield Line("In the works", f"{_of(drafts)} not published yet.", "#works", "See what is in the works")
    yield from _of_documents(of)
    yield from _of_readers(of)
    if of.new_papers:
        sentence = f"{plural(of.new_papers, 'new paper')} to look at."
        yield Line("New papers", sentence, url_for("desk.papers.index"), "See the new papers")


def _of_health(found: Health) -> Iterator[Line]:
    if found.faults:
        others = f" {plural(len(found.faults) - 1, 'more fault was', 'more faults were')} found." * (
            len(found.faults) > 1
        )
        sentence = found.faults[0].says.replace("`", "") + others
        yield Line("Health check", sentence, "#health", "See the health check")


PAPERS = {
    "retracted": "The paper of “{}” was withdrawn. The notice is up, and waits for your look.",
    "missing": "The paper of “{}” was withdrawn, and our page does not say so.",
    "gone": "Nobody says any more that the paper of “{}” was withdrawn. Our notice is up.",
    "notices": "A notice was found about the paper of “{}”.",
}
"""By what the watch asks."""


def _of_papers(papers: Asking) -> Iterator[Line]:
    if papers.number:
        others = papers.number - 1
        more = f" {plural(others, 'more paper')} {'waits' if others == 1 else 'wait'}." if others else ""
        title = papers.title.removeprefix(RETRACTED)
        sentence = PAPERS[papers.asks].format(title) + more
        yield Line("Papers", sentence, url_for("desk.watch.index"), "See what became of papers")


TRIALS = {
    "missing": "The registry knows no trial {}, which a summary names.",
    "moved": "The registry has another trial under the number {}, which a summary names.",
    "unknown": "The trial {} has a status that this site does not know.",
    "silent": "The registry has not said anything that can be read about the trial {} for two weeks.",
}
"""By what the watch asks."""


def _of_trials(trials: AskingTrials) -> Iterator[Line]:
    if trials.how_many:
        others = trials.how_many - 1
        more = f" {plural(others, 'more trial')} {'waits' if others == 1 else 'wait'}." if others else ""
        sentence = TRIALS[trials.asks].format(trials.number) + more
        yield Line("Trials", sentence, url_for("desk.trials.index"), "See the trials of summaries")


def _of_searches(unanswered: Waiting, changed: Waiting) -> Iterator[Line]:
    url, link = url_for("desk.recruiting.index"), "See the searches for trials"
    if unanswered.number:
        sentence = f"For two weeks nobody could ask which trials look for people, for {_topics(unanswered)}."
        yield Line("Trials", f"{sentence} Readers see no list.", url, link)
    elif changed.number:
        sentence = f"The new words of a search for trials are not approved yet, for {_topics(changed)}."
        yield Line("Trials", sentence, url, link)


def _topics(waiting: Waiting) -> str:
    return f"“{waiting.name}”" if waiting.number == 1 else plural(waiting.number, "topic")


def _of_asked(count: int, most: AskedPaper | None) -> Iterator[Line]:
    if most is not None:
        waits = "paper that readers asked for waits" if count == 1 else "papers that readers asked for wait"
        wanted = f"{_named(shorten(most.title, MOST_OF_TITLE, placeholder=' …'))}, by {plural(most.wants, 'reader')}"
        sentence = (
            f"{number(count)} {waits} for your answer. {'Wanted' if count == 1 else 'The most wanted'}: {wanted}."
        )
        yield Line("Asked for", sentence, url_for("desk.asked.index"), "See what readers asked for")


def _of_scheduled(scheduled: Sequence[tuple[int, str, dt.datetime]]) -> Iterator[Line]:
    if scheduled:
        id_, title, at = scheduled[0]
        others = len(scheduled) - 1
        more = f" {plural(others, 'more is', 'more are')} scheduled after it." if others else ""
        sentence = f"{_named(title)} goes live on {in_words(at)}.{more}"
        yield Line("Scheduled", sentence, url_for("desk.writing.edit", id_=id_), "Look at what goes live")


def _of_ready(ready: Sequence[Row]) -> Iterator[Line]:
    if ready:
        is_one = len(ready) == 1
        who = f"{_named(ready[0].title)} is ready to be looked at, says {ready[0].ready_by}." if is_one else ""
        sentence = who or f"{len(ready)} drafts are ready to be looked at."
        yield Line("Ready", sentence, url_for("desk.writing.index", state="ready"), "See what is ready")


def _of_letters(letters: Letters) -> Iterator[Line]:
    if letters.now or letters.tomorrow:
        parts = [f"to about {_people(letters.now)} within the hour"] if letters.now else []
        parts += [f"to about {_people(letters.tomorrow)} tomorrow"] if letters.tomorrow else []
        sentence = f"Letters go {', and '.join(parts)}."
        yield Line("Letters", sentence, url_for("research.index"), "See the newest summaries")


def _of_documents(of: Attention) -> Iterator[Line]:
    if of.unseen_count:
        was = "page was" if of.unseen_count == 1 else "pages were"
        sentence = f"{number(of.unseen_count)} {was} not looked at for a year. Readers see them."
        yield Line("A year old", sentence, "#unseen", "See what is a year old")


def _of_readers(of: Attention) -> Iterator[Line]:
    if of.unclear:
        was = "section was" if len(of.unclear) == 1 else "sections were"
        yield Line(
            "Unclear", f"{len(of.unclear)} {was} hard to understand for readers.", "#unclear", "See what is unclear"
        )
    if of.low:
        sentence = f"{plural(len(of.low), 'summary', 'summaries')} did not help many readers."
        yield Line("Rated low", sentence, "#low", "See what is rated low")
    if of.missed:
        sentence = f"{plural(len(of.missed), 'search', 'searches')} found nothing, on three days or more."
        yield Line("Searched, not found", sentence, "#missed", "See what was not found")


def _of(drafts: Sequence[Row]) -> str:
    if len(drafts) == 1:
        return f"{_named(drafts[0].title)} is"
    return f"{plural(len(drafts), 'document')}{' or more' if len(drafts) >= PER_PAGE else ''} are"


def _named(title: str) -> str:
    """A title in quotes; those it has itself become single ones."""
    return f"“{title.translate({ord('“'): '‘', ord('”'): '’'})}”"


def _people(count: int) -> str:
    return plural(count, "person", "people")


def _since(waiting: queries.Waiting) -> str:
    since = long_date(waiting.since) if waiting.since else ""
    return f"the first on {since}" if waiting.number > 1 else f"on {since}"
