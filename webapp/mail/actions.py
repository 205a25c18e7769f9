"""Sending what waits in the outbox. Many may do so at once: a row is sent by the one who claimed it."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from webapp.extensions import db
from webapp.mail import queries
from webapp.mail.delivery import Carrier, DeliveryError, RefusedError, UnreachableError
from webapp.models import OutboxMail

PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 14, 40, 60, 120, 240, 480, 480)]
"""How long to wait after each failure. Together a day; then a mail is given up."""
CLAIM = dt.timedelta(minutes=15)
"""Longer than a whole conversation with the slowest server (delivery.TIMEOUT for each answer)."""
KEEP_SENT = dt.timedelta(days=30)
KEEP_GIVEN_UP = dt.timedelta(days=90)

log = logging.getLogger(__name__)


@dataclass
class Round:
    """What became of the mails of one round."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0

    def __bool__(self) -> bool:
        return bool(self.sent or self.failed or self.given_up)

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.failed} to be tried again, {self.given_up} given up"


def deliver_mail(carrier: Carrier, *, is_stopped: Callable[[], bool] = lambda: False) -> Round:
    """Send every mail that is due, one commit before and one after each.

    Ends early when `is_stopped` says so, or when the server cannot be reached: the others would fare no better.

    Killed between the server's "accepted" and the second commit, or cut off before that answer came, nobody can
    know whether the one mail in flight went: it is sent once more when its claim has run out. Twice is better than
    never, and its Message-ID is the same, so that mail programs can tell. Every other row goes exactly once.
    """
    done, me = Round(), secrets.token_hex(16)
    while ids := queries.free_ids(_now(), limit=50):
        db.session.rollback()  # nothing may be read before the claim: SQLite would refuse to write after it
        for mail_id in ids:
            if is_stopped():
                return done
            mail = _claim(mail_id, me)
            if mail is None:
                continue
            try:
                carrier.carry(mail)
            except DeliveryError as error:
                _note_failure(mail, error, done)
                if isinstance(error, UnreachableError):
                    return done
            else:
                _note_sent(mail)
                done.sent += 1
    return done


def delete_old_mail() -> int:
    """Delete mails sent 30 days ago or given up 90 days ago; how many."""
    now = _now()
    old = (OutboxMail.sent_at < now - KEEP_SENT) | (OutboxMail.given_up_at < now - KEEP_GIVEN_UP)
    deleted = db.session.execute(delete(OutboxMail).where(old).returning(OutboxMail.id)).all()
    db.session.commit()
    return len(deleted)


def _claim(mail_id: int, me: str) -> OutboxMail | None:
    """Make the row mine and count the try. Of many who ask at once, the database lets one change the row."""
    now = _now()
    claimed = db.session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail_id, queries.is_free(now))
        .values(claimed_by=me, claimed_until=now + CLAIM, tries=OutboxMail.tries + 1)
        .returning(OutboxMail)
    ).scalar_one_or_none()
    if claimed:
        db.session.expunge(claimed)  # so that no transaction stays open while the server answers
    db.session.commit()
    return claimed


def _note_sent(mail: OutboxMail) -> None:
    _note(mail, sent_at=_now(), last_error=None)


def _note_failure(mail: OutboxMail, error: DeliveryError, done: Round) -> None:
    """Let the mail wait a while longer each time; after a day of trying, or a refusal for good, give it up."""
    now = _now()
    if isinstance(error, RefusedError) or mail.tries > len(PAUSES):
        _note(mail, given_up_at=now, last_error=str(error))
        done.given_up += 1
        log.error("Mail %s (%s) was given up; `flask mail status` says why.", mail.id, mail.kind)
    else:
        _note(mail, due_at=now + PAUSES[mail.tries - 1], last_error=str(error))
        done.failed += 1


def _note(mail: OutboxMail, **values: Any) -> None:
    """Write down what became of a mail. It went already, so a database that is busy is asked again."""
    noted = update(OutboxMail).where(OutboxMail.id == mail.id, OutboxMail.claimed_by == mail.claimed_by)
    for is_last in (False, False, False, True):
        try:
            db.session.execute(noted.values(claimed_by=None, claimed_until=None, **values))
            db.session.commit()
        except OperationalError:
            db.session.rollback()
            if is_last:
                raise
        else:
            return


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
