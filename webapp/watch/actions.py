"""Looking whether papers were withdrawn or corrected, and putting up the notice where one was withdrawn.

Each paper is one commit: stopped at any moment, the next run goes on. Two runs at once do nothing twice: the second
finds that somebody asks, and what is written is decided by what stands there at that moment.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from sqlalchemy import insert, literal, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.database import UNSEEN
from webapp.documents.checking import checked
from webapp.documents.problems import InvalidDocumentError
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.formats import plural
from webapp.models import Correction, Document, Revision, Study, WatchedPaper
from webapp.scholarly.client import Client
from webapp.watch import queries
from webapp.watch.answers import Inquiry, Paper
from webapp.watch.holding import RunReport, in_batches, let_go, take
from webapp.watch.judging import AGAIN, change_live_text, judge, put_up, unseen
from webapp.watch.notices import is_withdrawn, without_notice

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Papers a run has to itself: one question to Crossref."""
NO_MORE = (
    "We took down the notice that the paper was withdrawn. Those who told of a withdrawal do not tell of it any more."
)
MISTAKEN = "We took down the notice that the paper was withdrawn. It was a mistake."


class NotWatchedError(Exception):
    """Something was asked of a paper that is not watched now. The text is the sentence for who asked."""


@dataclass
class LookReport(RunReport):
    """What came of a run."""

    put_up: int = 0
    asks: int = 0
    """Papers of which the owner has to look at something new."""

    def parts(self) -> list[str]:
        parts = [f"{plural(self.looked, 'paper')} looked at"]
        parts += [f"{plural(self.put_up, 'notice')} of withdrawal put up"] if self.put_up else []
        parts += [f"{plural(self.asks, 'paper')} to look at on the desk"] if self.asks else []
        parts += [f"no answer about {plural(self.failed, 'paper')}"] if self.failed else []
        return parts


def look(
    client: Client,
    is_stopped: Callable[[], bool] = lambda: False,
    *,
    owner: str | None = None,
    looked_before: dt.datetime | None = None,
) -> LookReport:
    """Ask the services what became of the papers of public summaries, one paper after the other.

    `owner`: the address that is told. `looked_before`: papers are due too at which nobody looked since then.
    """
    report, inquiry = LookReport(), Inquiry(client)
    in_batches(
        hold=lambda: _hold(looked_before, report),
        work=lambda papers: _look_at(papers, inquiry, is_stopped, owner, report),
        let_go=_let_go,
        goes_on=lambda: not (is_stopped() or inquiry.is_hopeless),
        key_of=lambda paper: paper.document_id,
    )
    report.is_hopeless = inquiry.is_hopeless
    return report


def let_readers_see(*, is_asked_for: bool = False) -> None:
    """Have pages made anew, so that they show when was looked last: where they are late, or when it `is_asked_for`.

    A page shows the day with which it was made. To make all pages anew for each look would be work for nothing: they
    are made anew with each publication, and where there is none for long, once in a while by this.
    """
    db.session.rollback()
    if is_asked_for or queries.is_shown_late(clock.now()):
        db.session.rollback()
        raise_edition(db.session())
        db.session.commit()


def _look_at(
    papers: list[Paper], inquiry: Inquiry, is_stopped: Callable[[], bool], owner: str | None, report: LookReport
) -> None:
    inquiry.ask_for_many(papers)
    for paper in papers:
        if is_stopped() or inquiry.is_hopeless:
            return
        said = inquiry.ask(paper)
        try:
            db.session.rollback()
            outcome = judge(db.session(), paper, said, clock.now(), owner)
            db.session.commit()
        except OperationalError:
            raise  # the database itself: it would fail for every paper
        except Exception:
            db.session.rollback()
            log.exception("What became of the paper of document %s could not be noted.", paper.document_id)
            _put_off(paper)
        else:
            report.looked += 1
            report.put_up += outcome.is_put_up
            report.asks += outcome.is_asking
            report.failed += all(one.problem for one in said.values())


def _hold(looked_before: dt.datetime | None, report: LookReport) -> list[Paper]:
    """Papers that are due, and that this run has to itself from now on; none while another run has some."""
    db.session.rollback()
    papers = queries.due_papers(clock.now(), looked_before, AT_ONCE)
    db.session.rollback()  # what is written next must not rest on what was read: SQLite would refuse it
    if not papers:
        return []
    ids = [paper.document_id for paper in papers]
    nobody_yet = ~select(WatchedPaper.document_id).where(WatchedPaper.document_id == Study.document_id).exists()
    values = {
        "document_id": Study.document_id,
        "paper": queries.PAPER,
        "state": literal("unchecked"),
        "asks": literal(""),
    }
    rows = select(*values.values()).where(Study.document_id.in_(ids), nobody_yet)
    try:
        db.session.execute(insert(WatchedPaper).from_select(list(values), rows))
    except IntegrityError:
        db.session.rollback()
        report.is_other_at_it = True
        return []
    now = clock.now()  # from here on nobody else writes: another run may have looked at some meanwhile
    papers = queries.due_papers(now, looked_before, AT_ONCE)
    found = take(WatchedPaper.document_id, [paper.document_id for paper in papers], now)
    db.session.commit()
    report.is_other_at_it = bool(papers) and not found
    return [paper for paper in papers if paper.document_id in found]


def _let_go(papers: Collection[Paper]) -> None:
    db.session.rollback()
    let_go(WatchedPaper.document_id, [paper.document_id for paper in papers])
    db.session.commit()


def _put_off(paper: Paper) -> None:
    now = clock.now()
    later = update(WatchedPaper).where(WatchedPaper.document_id == paper.document_id)
    db.session.execute(later.values(looked_at=now, due_at=now + AGAIN), execution_options=UNSEEN)
    db.session.commit()


def settle(document_id: int) -> None:
    """The owner has looked at it: what there is asks nothing any more, and our page stays as it is."""
    session, (_, watched, live) = _session(), _locked(document_id)
    if watched.asks == "missing":
        watched.left_off_at = clock.now()
    if watched.asks == "notices":
        watched.seen = sorted({*(watched.seen or []), *unseen(session, watched, live)})
    watched.asks = ""
    session.commit()


def take_notice_down(document_id: int, *, by: str) -> None:
    """Our page says no more that the paper was withdrawn, and says that it did. Nothing where it does not say so.

    Raises InvalidDocumentError where the text without the notice is not fit to be published.
    """
    session, (document, watched, live) = _session(), _locked(document_id)
    if is_withdrawn(live.content):
        now, before = clock.now(), watched.notice_before
        without = partial(without_notice, before=before)
        try:
            checked(document.kind, without(live.content), live.schema_version)
        except InvalidDocumentError:
            session.rollback()
            raise
        revision = change_live_text(session, document, without, by=by)
        words = {"document_id": document.id, "revision_id": revision.id, "corrected_at": now}
        session.add(Correction(**words, sentence=NO_MORE if watched.state != "retracted" else MISTAKEN))
        watched.left_off_at = now if watched.state == "retracted" else None
        watched.put_up_at = watched.notice_before = None
    watched.asks = ""
    session.commit()


def put_notice_up(document_id: int) -> None:
    """Our page says again that the paper was withdrawn. Nothing where it says so, or nobody tells of it."""
    session, (document, watched, live) = _session(), _locked(document_id)
    if watched.state == "retracted" and not is_withdrawn(live.content):
        watched.left_off_at = None
        put_up(session, document, watched, clock.now(), None)
    session.commit()


def _locked(document_id: int) -> tuple[Document, WatchedPaper, Revision]:
    """A public summary with its paper, and the text that readers see. Nobody else writes until this session commits.

    Raises NotWatchedError.
    """
    session = _session()
    mine = update(WatchedPaper).where(WatchedPaper.document_id == document_id)
    session.execute(mine.values(paper=WatchedPaper.paper), execution_options=UNSEEN)
    document = session.get(Document, document_id, populate_existing=True)
    watched = session.get(WatchedPaper, document_id, populate_existing=True)
    if document is None or watched is None or document.live_revision_id is None:
        session.rollback()
        raise NotWatchedError("Readers do not see this summary any more, or nobody looked at its paper yet.")
    return document, watched, session.get_one(Revision, document.live_revision_id)


def _session() -> Session:
    return db.session()
