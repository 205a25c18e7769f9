"""Looking for new papers once a week, page by page, and what is decided about each.

Each page is one commit, with the mark of the next: stopped at any moment, the next run goes on there. Two runs at once
do nothing twice: one has the search to itself, and a paper that is there already, by any of its names, is not added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from webapp import clock
from webapp.database import UNSEEN
from webapp.extensions import db
from webapp.formats import plural
from webapp.models import NewPaper, PaperSearch
from webapp.scholarly.client import TYPED, Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.paper_search import FIRST, SearchPage, search_papers
from webapp.scholarly.pubmed import PAPERS_AT_ONCE, plain_summaries
from webapp.watch.holding import HOLD, is_free
from webapp.watch.papers import queries
from webapp.watch.papers.schedule import AGAIN, DAY, WEEK, first_day, is_due
from webapp.watch.papers.taking_in import link_written, take_in
from webapp.watch.papers.words import words_of

MOST_PAGES = 20
"""In one run; the next one goes on."""
MOST_FOUND = 10_000
"""Papers of one search; words that find more find everything, and nobody could look at that."""
WHOLE = 0.8
"""Of the papers that were promised so many must have been listed when the pages end, or the search was cut off."""
MOST_TRIES = 20
"""To hear of one paper whether its authors told it in plain words."""
THE_ONE = 1


@dataclass
class SearchReport:
    """What came of a run."""

    listed: int = 0
    added: int = 0
    is_finished: bool = False
    problem: str = ""
    is_other_at_it: bool = False

    def __bool__(self) -> bool:
        return bool(self.listed or self.problem or self.is_finished)

    def __str__(self) -> str:
        parts = [f"{plural(self.listed, 'new paper')} listed, {self.added} added"]
        parts += [self.problem] if self.problem else []
        parts += ["another run is at it"] if self.is_other_at_it else []
        parts += ["the next run goes on"] if self.listed and not (self.is_finished or self.problem) else []
        return ", ".join(parts)


class _Place(NamedTuple):
    """Where a search stands."""

    words: str
    since: dt.date
    until: dt.date
    cursor: str


def look_for_papers(
    client: Client, is_stopped: Callable[[], bool] = lambda: False, *, is_asked_for: bool = False
) -> SearchReport:
    """Search for new papers if it is time, or if that `is_asked_for`; and hear which were told in plain words."""
    report = SearchReport()
    place = _begin(clock.now(), report, is_asked_for=is_asked_for)
    pages = 0
    while place and pages < MOST_PAGES and not is_stopped():
        place, pages = _turned(client, place, report), pages + 1
    if place:
        _let_go(place)
    hear_of_plain_summaries(client, is_stopped)
    return report


def _turned(client: Client, place: _Place, report: SearchReport) -> _Place | None:
    """Ask for a page and take it in; where the search goes on. One that fails is put off."""
    try:
        return _next(place, search_papers(client, *place), report)
    except ScholarlyError as error:
        report.problem = str(error).replace(f" {TYPED}", "")
        _put_off(place, report.problem)
        return None


def _begin(now: dt.datetime, report: SearchReport, *, is_asked_for: bool) -> _Place | None:
    """Where to go on, with the search to itself from now on; None if it is not time, or another run is at it."""
    db.session.rollback()
    _make_row(now)
    row = db.session.get_one(PaperSearch, THE_ONE)
    if not (is_asked_for or is_due(row, now)):
        return None
    db.session.rollback()  # what is written next must not rest on what was read: SQLite would refuse it
    here = (PaperSearch.id == THE_ONE, is_free(PaperSearch.held_until, now))
    held = update(PaperSearch).where(*here).values(held_until=now + HOLD)
    if db.session.scalar(held.returning(PaperSearch.id), execution_options=UNSEEN) is None:
        db.session.rollback()
        report.is_other_at_it = True
        return None
    row = db.session.get_one(PaperSearch, THE_ONE, populate_existing=True)
    if not (is_asked_for or is_due(row, now)):  # another run has done it since this moment
        db.session.rollback()
        return None
    if row.cursor is None or row.since is None or row.until is None or abs(now.date() - row.until) > DAY:
        link_written(db.session())
        row.since, row.until, row.cursor = first_day(row, now.date()), now.date(), FIRST
        row.listed_so_far = row.added_so_far = 0
    place = _Place(words_of(row), row.since, row.until, row.cursor)
    db.session.commit()
    return place


def _make_row(now: dt.datetime) -> None:
    if db.session.get(PaperSearch, THE_ONE) is None:
        db.session.add(
            PaperSearch(id=THE_ONE, begun_at=now, found=0, added=0, problem="", listed_so_far=0, added_so_far=0)
        )
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()  # another run was quicker


def _next(place: _Place, page: SearchPage, report: SearchReport) -> _Place | None:
    """Take in a page; where the search goes on, None at its end or where somebody else changed it meanwhile.

    Raises ScholarlyError where the pages end too early or never, or find everything.
    """
    if page.total > MOST_FOUND:
        raise ScholarlyError(f"The words of the search find {page.total:,} papers, which is too many to look at.")
    now = clock.now()
    if (row := _locked(place, now)) is None:
        return None
    added = take_in(db.session(), page.papers, now)
    row.listed_so_far += page.listed
    if row.listed_so_far > MOST_FOUND:
        raise ScholarlyError("Europe PMC listed far more papers than it told of. Try again later.")
    row.added_so_far += added
    row.cursor, row.tried_at = page.next, now
    report.listed, report.added = report.listed + page.listed, report.added + added
    if page.next is None:
        if row.listed_so_far < WHOLE * page.total:
            db.session.commit()
            raise ScholarlyError("Europe PMC told of more papers than it listed. Try again later.")
        _finish(row, now)
        report.is_finished = True
    db.session.commit()
    return place._replace(cursor=page.next) if page.next else None


def _finish(row: PaperSearch, now: dt.datetime) -> None:
    row.searched_to = max(filter(None, (row.searched_to, row.until)), default=None)
    row.done_at, row.due_at, row.problem, row.held_until = now, now + WEEK, "", None
    row.found, row.added = row.listed_so_far, row.added_so_far


def _put_off(place: _Place, problem: str) -> None:
    """Try again later, from the first page: the mark of a page is good for a time only."""
    now = clock.now()
    if row := _locked(place, now, any_page=True):
        row.cursor = row.held_until = None
        row.problem, row.tried_at, row.due_at = problem, now, now + AGAIN
        db.session.commit()


def _let_go(place: _Place) -> None:
    if row := _locked(place, clock.now()):
        row.held_until, row.due_at = None, None
        db.session.commit()


def _locked(place: _Place, now: dt.datetime, *, any_page: bool = False) -> PaperSearch | None:
    """The search, if it still stands where this run has it; nobody else writes until this session commits."""
    db.session.rollback()
    here = [PaperSearch.id == THE_ONE, PaperSearch.since == place.since, PaperSearch.until == place.until]
    here += [] if any_page else [PaperSearch.cursor == place.cursor]
    mine = update(PaperSearch).where(*here).values(held_until=now + HOLD)
    is_mine = db.session.scalar(mine.returning(PaperSearch.id), execution_options=UNSEEN)
    row = db.session.get(PaperSearch, THE_ONE, populate_existing=True) if is_mine else None
    if row is None or words_of(row) != place.words:
        db.session.rollback()
        return None
    return row


def hear_of_plain_summaries(client: Client, is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Ask PubMed which waiting papers their authors told in plain words. Where it is silent, the next run asks."""
    done: set[int] = set()
    while not is_stopped():
        db.session.rollback()
        papers = list(db.session.scalars(queries.without_plain_answer(MOST_TRIES, PAPERS_AT_ONCE)))
        numbers = {paper.id: paper.pmid for paper in papers if paper.pmid and paper.id not in done}
        db.session.rollback()
        if not numbers:
            return
        done |= numbers.keys()
        if not _hear_of(client, numbers):
            return


def _hear_of(client: Client, numbers: dict[int, str]) -> bool:
    """Note what PubMed says of these papers; whether it said anything."""
    try:
        said = plain_summaries(client, list(numbers.values()))
    except ScholarlyError:
        said = {}
    for id_, number in numbers.items():
        values: dict[str, object] = {"plain_tries": NewPaper.plain_tries + 1}
        if number in said:
            values["plain_summary"] = "yes" if said[number] else "no"
        db.session.execute(update(NewPaper).where(NewPaper.id == id_).values(values), execution_options=UNSEEN)
    db.session.commit()
    return bool(said)


def change_words(words: str) -> bool:
    """Search with other words from now on; without any, with those of the program. Whether they are others."""
    _make_row(clock.now())
    row = db.session.get_one(PaperSearch, THE_ONE, populate_existing=True)
    is_other = words_of(row) != (words or words_of(None))
    if is_other:
        row.words = words or None
        row.cursor = row.since = row.until = row.searched_to = row.due_at = row.held_until = None
    db.session.commit()
    return is_other
