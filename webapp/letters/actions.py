"""Writing the letters into the outbox."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from webapp import clock
from webapp.database import UNSEEN, upsert
from webapp.extensions import db
from webapp.formats import plural
from webapp.letters import mails, queries
from webapp.mail import outbox
from webapp.models import LetterCount, SentSummary, SentTrialChange, Subscriber
from webapp.subscriptions.tokens import Purpose, link_for

log = logging.getLogger(__name__)


@dataclass
class LettersReport:
    """What came of a round of letters."""

    noun: ClassVar[str] = "letter"
    written: int = 0
    failed: int = 0

    def __bool__(self) -> bool:
        return bool(self.written or self.failed)

    def __str__(self) -> str:
        failed = f", {self.failed} could not be written; the log says why" if self.failed else ""
        return f"{plural(self.written, self.noun)} written{failed}"


def send_letters(progress: Callable[[list[int]], Iterable[int]] = iter) -> LettersReport:
    """Write a letter into the outbox for everybody whose turn it is and for whom there is something new.

    One commit for each person, holding the mail, what it contains and the time: stopped at any moment, the next run
    goes on with those who have no letter yet. A letter that cannot be written keeps nobody else from theirs.
    """
    now, done = clock.now(), LettersReport()
    for subscriber_id in progress(queries.ids_in_turn(now)):
        try:
            done.written += _write_letter(subscriber_id, now)
        except OperationalError:
            raise  # the database itself: it would fail for everybody
        except Exception:
            db.session.rollback()
            done.failed += 1
            log.exception("The letter to subscriber %s could not be written.", subscriber_id)
    return done


def _write_letter(subscriber_id: int, now: dt.datetime) -> bool:
    letter = queries.letter_for(subscriber_id)
    if letter is None:
        return False
    subscriber = letter.subscriber
    claimed = db.session.execute(
        update(Subscriber)
        .where(
            Subscriber.id == subscriber_id,
            Subscriber.last_letter_at.is_not_distinct_from(subscriber.last_letter_at),
        )
        .values(last_letter_at=now)
        .returning(Subscriber.id),
        execution_options=UNSEEN,
    ).all()
    if not claimed:  # another run was here first, or the person left this moment
        db.session.rollback()
        return False
    mail = mails.letter(
        subscriber.address,
        mails.items(letter.summaries),
        subscriber.frequency,
        trials=mails.trials(letter.trials),
        manage_link=link_for(subscriber, Purpose.MANAGE),
        leave_link=link_for(subscriber, Purpose.LEAVE),
    )
    db.session.flush()
    _take_over(letter)
    db.session.add_all(
        SentSummary(subscriber_id=subscriber_id, document_id=summary.document_id, outbox_id=mail.id, sent_at=now)
        for summary in letter.summaries
    )
    db.session.add_all(
        SentTrialChange(subscriber_id=subscriber_id, change_id=news.change.id, outbox_id=mail.id, sent_at=now)
        for news in letter.trials
    )
    _count_one(now.date().replace(day=1))
    db.session.commit()
    return True


def _count_one(month: dt.date) -> None:
    row = {LetterCount.month: month, LetterCount.letters: 1}
    more = {LetterCount.letters: LetterCount.letters + 1}
    db.session.execute(upsert(db.engine, LetterCount, row, unique=(LetterCount.month,), changes=more))


def _take_over(letter: queries.Letter) -> None:
    """Let this letter say what earlier ones, given up, were to say: they must not be tried again beside it.

    Had one of them been put back this very moment, its row would stay, and this letter could not be written.
    """
    to = letter.subscriber.id
    rows = queries.unsent_rows(to, [summary.document_id for summary in letter.summaries])
    trials = queries.unsent_trial_rows(to, [news.change.id for news in letter.trials])
    outbox.replace([id_ for id_ in [*(row.outbox_id for row in rows), *(row.outbox_id for row in trials)] if id_])
    db.session.execute(delete(SentSummary).where(SentSummary.id.in_([row.id for row in rows])))
    db.session.execute(delete(SentTrialChange).where(SentTrialChange.id.in_([row.id for row in trials])))
