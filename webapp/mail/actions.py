"""Sending what waits in the outbox. Many may do so at once: a row is sent by the one who claimed it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp import clock
from webapp.database import UNSEEN
from webapp.extensions import db
from webapp.mail import mails, queries
from webapp.mail.refusals import FailureRun
from webapp.mail.schedule import CLAIM_TIME, GIVEN_UP_RETENTION, IS_WAITING, RETRY_DELAYS, SENT_RETENTION
from webapp.mail.transport import AddressRefusedError, DeliveryError, RefusedError, Transport, UnreachableError
from webapp.models import OutboxMail

log = logging.getLogger(__name__)


@dataclass
class DeliveryReport:
    """What became of the mails of one round."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0

    def __bool__(self) -> bool:
        return bool(self.sent or self.failed or self.given_up)

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.failed} to be tried again, {self.given_up} given up"


def deliver_mail(transport: Transport, *, is_stopped: Callable[[], bool] = lambda: False) -> DeliveryReport:
    """Send every mail that is due, one commit before and one after each.

    Ends early when `is_stopped` says so, when the server cannot be reached, or when it takes nothing: the others would
    fare no better. An address that is refused between mails that are taken is at fault, and its mail is given up at
    once; addresses refused one after the other are the server's fault, and their mails wait (refusals.py).

    Killed between the server's "accepted" and the second commit, or cut off before that answer came, nobody can
    know whether the one mail in flight went: it is sent once more when its claim has run out. Twice is better than
    never, and its Message-ID is the same, so that mail programs can tell. Every other row goes exactly once.
    """
    done, run = DeliveryReport(), FailureRun()
    for mail in _claimed_mails(lambda: is_stopped() or run.is_hopeless):
        try:
            transport.send(mail)
        except DeliveryError as error:
            _note_failure(mail, error, done)
            run.add(mail, error)
            if isinstance(error, UnreachableError):
                break
        else:
            _note(mail, sent_at=clock.now(), last_error=None, refused_at=None)
            done.sent += 1
            _judge(run, done)
            run.begin_anew()
    _judge(run, done)
    return done


def retry_mail(ids: Collection[int] = ()) -> list[int]:
    """Put mails that were given up back among those that wait: all, or the ones named. Their ids.

    One whose place another mail took stays given up, so that nobody is told a thing twice.
    """
    back = update(OutboxMail).where(queries.CAN_BE_RETRIED)
    if ids:
        back = back.where(OutboxMail.id.in_(ids))
    # Due since it was written: that lies in the past, wherever the clock stands.
    values = {"given_up_at": None, "refused_at": None, "last_error": None, "tries": 0, "due_at": OutboxMail.created_at}
    found = db.session.scalars(back.values(values).returning(OutboxMail.id)).all()
    db.session.commit()
    return sorted(found)


def tell_owner(owner: str | None) -> bool:
    """Queue one mail to the owner about mail that was given up since they were last told; whether there was any.

    At most one a day, counting those that were given up themselves. Mail to the owner is no reason to write to them.
    """
    now = clock.now()
    count = queries.given_up_untold(owner, now) if owner else 0
    if not owner or not count:
        return False
    notice = mails.mail_given_up(owner, count)
    # The same for everybody who tells the owner today, and there is one of each: two at once queue one mail.
    notice.message_id = f"<given-up-{now:%Y-%m-%d}@{notice.message_id.rpartition('@')[2]}"
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True


def delete_old_mail() -> int:
    """Delete mails sent 30 days ago or given up 90 days ago; how many."""
    now = clock.now()
    old = (OutboxMail.sent_at < now - SENT_RETENTION) | (OutboxMail.given_up_at < now - GIVEN_UP_RETENTION)
    deleted = db.session.execute(delete(OutboxMail).where(old).returning(OutboxMail.id)).all()
    db.session.commit()
    return len(deleted)


def _claimed_mails(is_over: Callable[[], bool]) -> Iterator[OutboxMail]:
    """One mail after the other that is due and now mine. Many are looked up at once, so that a claim is short."""
    me = secrets.token_hex(16)
    while ids := queries.free_ids(clock.now(), limit=50):
        db.session.rollback()  # nothing may be read before the claim: SQLite would refuse to write after it
        is_any_mine = False
        while not is_over() and (mail := _claim(ids, me)):
            is_any_mine = True
            yield mail
        if not is_any_mine:
            return  # others have them


def _claim(ids: Collection[int], me: str) -> OutboxMail | None:
    """Make one of the rows mine and count the try. Many may ask at once, and each has another or none."""
    now = clock.now()
    claimed = db.session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == queries.first_free(ids, now))
        .values(claimed_by=me, claimed_until=now + CLAIM_TIME, tries=OutboxMail.tries + 1)
        .returning(OutboxMail),
        execution_options=UNSEEN,
    ).scalar_one_or_none()
    if claimed:
        db.session.expunge(claimed)  # so that no transaction stays open while the server answers
    db.session.commit()
    return claimed


def _note_failure(mail: OutboxMail, error: DeliveryError, done: DeliveryReport) -> None:
    """Let the mail wait a while longer each time; give it up after a day of trying, or when it can never go."""
    now = clock.now()
    if isinstance(error, RefusedError) or mail.tries > len(RETRY_DELAYS):
        _note(mail, given_up_at=now, last_error=str(error), refused_at=None)
        done.given_up += 1
        _log_given_up(mail)
    else:
        refused_at = now if isinstance(error, AddressRefusedError) else None
        _note(mail, due_at=now + RETRY_DELAYS[mail.tries - 1], last_error=str(error), refused_at=refused_at)
        done.failed += 1


def _judge(run: FailureRun, done: DeliveryReport) -> None:
    """After a run of failures: one address alone that was refused is at fault, and its mails are given up."""
    if not run.refused:
        return
    if run.is_first:
        run.addresses |= queries.refused_addresses(clock.now())
    if len(run.addresses) > 1:
        log.warning("The mail server refused several addresses in a row. That is its own fault; the mails wait.")
        return
    ids = [mail.id for mail in run.refused]
    waits = update(OutboxMail).where(OutboxMail.id.in_(ids), OutboxMail.claimed_by.is_(None), IS_WAITING)
    given_up = db.session.scalars(waits.values(given_up_at=clock.now()).returning(OutboxMail.id)).all()
    db.session.commit()
    done.failed -= len(given_up)
    done.given_up += len(given_up)
    for mail in run.refused:
        if mail.id in given_up:
            _log_given_up(mail)


def _log_given_up(mail: OutboxMail) -> None:
    log.error("Mail %s (%s) was given up; `flask mail status` says why.", mail.id, mail.kind)


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
