"""Asking for a paper, wanting one too, taking that back; and what is found out about them afterwards.

Each paper that is looked at is one commit. Two runs at once do nothing twice: a run that is about to ask for a paper
puts off when it is due, and another then finds that it is not due any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from webapp import clock
from webapp.ask import queries
from webapp.ask.found import Found, NoAnswerError, UnknownPaperError
from webapp.ask.lookup import ask_services
from webapp.database import UNSEEN, upsert
from webapp.extensions import db
from webapp.formats import plural
from webapp.models import AskedPaper, PaperWish
from webapp.scholarly.client import Client

MOST_UNTOLD = 200
"""Papers that wait for a service to tell what they are. No more are taken meanwhile."""
RETENTION = dt.timedelta(days=365)
"""For so long a paper stays that one reader alone wants, and of which the owner said nothing."""
RETENTION_UNTOLD = dt.timedelta(days=30)
HOLD = dt.timedelta(minutes=15)
"""For so long a run has the paper it asks for. One that was killed lets go of it by that."""
SOON = dt.timedelta(hours=6)
"""After that a paper is asked for again of which no service told anything."""
AT_ONCE = 20
MOST_IN_A_RUN = 100
PATIENCE = 3
"""Papers in a row without an answer, after which a run ends."""
_UNANSWERED = (AskedPaper.answer == "", AskedPaper.summary_key.is_(None))
Values = dict[Any, Any]
"""By column."""
_NOTHING_SAID: Values = dict.fromkeys(
    (AskedPaper.withdrawn_by, AskedPaper.notice_url, AskedPaper.answer, AskedPaper.sentence), ""
)


class NoMoreError(Exception):
    """Too many papers wait already. The text is the sentence for who asked."""

    def __init__(self) -> None:
        super().__init__("Many papers wait to be looked up, and the services do not answer. Please try again tomorrow.")


def ask_for(found: Found, voter: str) -> int:
    """Keep that a reader asks for a paper; its number. There is one row for each paper, whoever asks first.

    Raises NoMoreError, for one of which nothing but the DOI is known.
    """
    now = clock.now()
    if not found.title and queries.untold_papers() >= MOST_UNTOLD:
        raise NoMoreError
    db.session.rollback()  # what is written next must not rest on what was read: SQLite would refuse it
    told: Values = {AskedPaper.title: found.title, AskedPaper.journal: found.journal}
    told[AskedPaper.published] = found.published
    times = {AskedPaper.asked_at: now, AskedPaper.wished_at: now, AskedPaper.due_at: now}
    row = {AskedPaper.doi: found.doi, AskedPaper.wants: 0, **_NOTHING_SAID, **told, **times}
    row[AskedPaper.looked_at] = now if found.title else None
    changes = {AskedPaper.wished_at: now, **(told if found.title else {})}
    db.session.execute(upsert(db.engine, AskedPaper, row, unique=(AskedPaper.doi,), changes=changes))
    id_ = db.session.scalars(select(AskedPaper.id).where(AskedPaper.doi == found.doi)).one()
    _wish(id_, voter, now)
    db.session.commit()
    return id_


def want(id_: int, voter: str) -> bool:
    """Keep that a reader wants a paper too; one reader counts once. False where it is not on the list any more."""
    now = clock.now()
    db.session.rollback()
    wished = update(AskedPaper).where(AskedPaper.id == id_).values(wished_at=now).returning(AskedPaper.id)
    is_there = db.session.scalar(wished, execution_options=UNSEEN) is not None
    if is_there:
        _wish(id_, voter, now)
    db.session.commit()
    return is_there


def take_back(id_: int, voter: str) -> None:
    """The reader does not want it any more. A paper that nobody wants, and of which the owner said nothing, goes."""
    db.session.rollback()
    db.session.execute(delete(PaperWish).where(PaperWish.asked_id == id_, PaperWish.voter == voter))
    _count(id_)
    is_idle = (AskedPaper.wants == 0, AskedPaper.withdrawn_at.is_(None), *_UNANSWERED)
    db.session.execute(delete(AskedPaper).where(AskedPaper.id == id_, *is_idle), execution_options=UNSEEN)
    db.session.commit()


def _wish(id_: int, voter: str, now: dt.datetime) -> None:
    row = {PaperWish.asked_id: id_, PaperWish.voter: voter, PaperWish.wished_at: now}
    unique = (PaperWish.asked_id, PaperWish.voter)
    db.session.execute(upsert(db.engine, PaperWish, row, unique=unique, changes={PaperWish.wished_at: now}))
    _count(id_)


def _count(id_: int) -> None:
    wishes = select(func.count()).where(PaperWish.asked_id == id_).scalar_subquery()
    db.session.execute(update(AskedPaper).where(AskedPaper.id == id_).values(wants=wishes), execution_options=UNSEEN)


def delete_old_papers() -> int:
    """Delete what nobody looked at for long; how many papers."""
    now = clock.now()
    is_alone = (AskedPaper.wants <= 1, AskedPaper.wished_at < now - RETENTION, *_UNANSWERED)
    is_untold = (~queries.IS_TOLD, AskedPaper.asked_at < now - RETENTION_UNTOLD)
    old = delete(AskedPaper).where(or_(and_(*is_alone), and_(*is_untold))).returning(AskedPaper.id)
    deleted = db.session.scalars(old, execution_options=UNSEEN).all()
    db.session.commit()
    return len(deleted)


@dataclass
class LookReport:
    """What came of a run."""

    looked: int = 0
    withdrawn: int = 0
    unknown: int = 0
    """Papers that were taken off, since there are none with such a DOI."""
    failed: int = 0

    def __bool__(self) -> bool:
        return bool(self.looked)

    def __str__(self) -> str:
        parts = [f"{plural(self.looked, 'paper')} looked at"]
        parts += [f"{self.withdrawn} withdrawn"] if self.withdrawn else []
        parts += [f"{self.unknown} unknown"] if self.unknown else []
        parts += [f"no answer about {plural(self.failed, 'paper')}"] if self.failed else []
        return ", ".join(parts)


def look_at_asked(client: Client, is_stopped: Callable[[], bool] = lambda: False) -> LookReport:
    """Ask the services about papers that are due: what they are, and whether they were withdrawn."""
    report, silences, done = LookReport(), 0, set[int]()
    while not is_stopped() and silences < PATIENCE and len(done) < MOST_IN_A_RUN:
        due = [one for one in queries.due_papers(clock.now(), AT_ONCE) if one[0] not in done]
        if not due:
            break
        for id_, doi in due:
            done.add(id_)
            if is_stopped() or silences >= PATIENCE:
                break
            if _hold(id_):
                failed = report.failed
                _look_at(id_, doi, client, report)
                silences = silences + 1 if report.failed > failed else 0
    return report


def _hold(id_: int) -> bool:
    """Whether this run has the paper to itself from now on."""
    db.session.rollback()
    now = clock.now()
    mine = update(AskedPaper).where(AskedPaper.id == id_, queries.is_due(now)).values(due_at=now + HOLD)
    is_mine = db.session.scalar(mine.returning(AskedPaper.id), execution_options=UNSEEN) is not None
    db.session.commit()
    return is_mine


def _look_at(id_: int, doi: str, client: Client, report: LookReport) -> None:
    report.looked += 1
    now = clock.now()
    try:
        found = ask_services(doi, client)
    except NoAnswerError:
        report.failed += 1
        _set(id_, due_at=now + SOON)
    except UnknownPaperError:
        report.unknown += 1
        db.session.execute(delete(AskedPaper).where(AskedPaper.id == id_, ~queries.IS_TOLD), execution_options=UNSEEN)
        _set(id_, due_at=now + queries.AGAIN)  # of one that was known once nothing is taken away
    else:
        report.withdrawn += bool(found.withdrawn_by)
        _note(id_, found, now)


def _note(id_: int, found: Found, now: dt.datetime) -> None:
    """What was told now; what was told before, and is not told now, stays."""
    told: dict[str, Any] = {
        "title": found.title,
        "journal": found.journal,
        "published": found.published,
        "notice_url": found.notice_url,
    }
    values = {name: value for name, value in told.items() if value}
    if found.withdrawn_by:
        values |= {"withdrawn_at": now, "withdrawn_by": found.withdrawn_by}
    _set(id_, **values, looked_at=now, due_at=now + queries.AGAIN)


def _set(id_: int, **values: object) -> None:
    db.session.execute(update(AskedPaper).where(AskedPaper.id == id_).values(**values), execution_options=UNSEEN)
    db.session.commit()
