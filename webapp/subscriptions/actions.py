"""Subscribing, confirming, changing, leaving; writing the letters."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from limits import parse
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from webapp import clock, rate_limits
from webapp.extensions import db
from webapp.formats import plural
from webapp.mail import messages, outbox
from webapp.mail.queries import often_refused
from webapp.models import SentSummary, Subscriber
from webapp.subscriptions import consent, queries
from webapp.subscriptions.digest import items
from webapp.subscriptions.tokens import Purpose, digest_of, link_for, new_key, token_for

LINK_IS_GOOD_FOR = dt.timedelta(days=14)
MAILS_OF_THE_SITE = parse("200 per hour")
"""Mails that anybody can have sent to any address. The rest wait, so that mail providers keep taking ours."""
KEEP_UNCONFIRMED = dt.timedelta(days=30)
MAILS = ("confirm_subscription", "already_subscribed", "letter")
"""The mails to subscribers; they go when the person goes."""
REFUSALS = 3
"""On so many days a letter is refused before an address is taken off."""

log = logging.getLogger(__name__)


@dataclass
class Sending:
    """What came of a round of letters."""

    written: int = 0
    failed: int = 0

    def __bool__(self) -> bool:
        return bool(self.written or self.failed)

    def __str__(self) -> str:
        failed = f", {self.failed} could not be written; the log says why" if self.failed else ""
        return f"{plural(self.written, 'letter')} written{failed}"


def subscribe(address: str, topics: Sequence[str], frequency: str) -> None:
    """Note what was asked for and queue one mail, whether the address is new, waiting or already in.

    Who is in already is sent the link to change their letters; nothing changes by itself, since anybody can type any
    address. Who waits is sent the same confirmation link again, so that an earlier mail works too.

    `address` is in its normal form (webapp/addresses.py). When many ask, the mail goes later.
    """
    due_at = rate_limits.reserve(MAILS_OF_THE_SITE, "mails that strangers can ask for")
    try:
        _subscribe(address, topics, frequency, due_at)
    except (IntegrityError, StaleDataError):  # somebody did the same at this moment; now the row is there, or gone
        db.session.rollback()
        _subscribe(address, topics, frequency, due_at)


def _subscribe(address: str, topics: Sequence[str], frequency: str, due_at: dt.datetime) -> None:
    now = clock.now()
    subscriber = queries.subscriber_at(address)
    if subscriber is not None and subscriber.is_confirmed:
        messages.already_subscribed(address, link_for(subscriber, Purpose.MANAGE), due_at=due_at)
        db.session.commit()
        return
    if subscriber is None:
        subscriber = Subscriber(address=address, key=new_key(), created_at=now)
        db.session.add(subscriber)
    subscriber.topics, subscriber.frequency = list(topics), frequency
    subscriber.consent_wording, subscriber.consent_at = consent.CURRENT, now
    subscriber.confirm_until = due_at + LINK_IS_GOOD_FOR
    db.session.flush()
    subscriber.confirm_digest = digest_of(token_for(subscriber, Purpose.CONFIRM))
    link, good_until = link_for(subscriber, Purpose.CONFIRM), subscriber.confirm_until.date()
    messages.confirm_subscription(address, link, good_until, due_at=due_at)
    db.session.commit()


def confirm(subscriber: Subscriber, token: str) -> bool:
    """Let the letters begin. A link does this once, and not after its time."""
    now = clock.now()
    confirmed = db.session.execute(
        update(Subscriber)
        .where(
            Subscriber.id == subscriber.id,
            Subscriber.confirmed_at.is_(None),
            Subscriber.confirm_digest == digest_of(token),
            Subscriber.confirm_until > now,
        )
        .values(confirmed_at=now, confirm_digest=None, confirm_until=None)
        .returning(Subscriber.id),
        execution_options={"synchronize_session": False},
    ).all()
    db.session.commit()
    return bool(confirmed)


def change_letters(subscriber: Subscriber, topics: Sequence[str], frequency: str) -> None:
    """Other topics, or another rhythm, from the next letter on."""
    subscriber.topics, subscriber.frequency = list(topics), frequency
    db.session.commit()


def leave(subscriber: Subscriber) -> None:
    """Delete the person: the row, what they were sent, and every mail to them, waiting or sent."""
    _forget([(subscriber.id, subscriber.address)])
    db.session.commit()


def delete_unconfirmed() -> int:
    """Delete addresses nobody confirmed within 30 days of asking; how many."""
    gone = db.session.execute(
        delete(Subscriber)
        .where(Subscriber.confirmed_at.is_(None), Subscriber.consent_at < clock.now() - KEEP_UNCONFIRMED)
        .returning(Subscriber.id, Subscriber.address)
    ).all()
    _forget([(id_, address) for id_, address in gone])
    db.session.commit()
    return len(gone)


def drop_refused(owner: str | None) -> int:
    """Delete subscribers whose address takes no letters any more, as if they had left, and tell the owner; how many.

    Seen on three days on which the server took mail for others. The log and the owner are told how many, not who.
    """
    people = queries.confirmed_at_addresses(often_refused(["letter"], days=REFUSALS))
    if not people:
        return 0
    _forget(people)
    if owner:
        messages.readers_dropped(owner, len(people))
    db.session.commit()
    log.warning(
        "%s taken off the letters: the mail server refused the address on %s days, and took mail for others.",
        plural(len(people), "reader was", "readers were"),
        REFUSALS,
    )
    return len(people)


def _forget(people: Iterable[tuple[int, str]]) -> None:
    for id_, address in people:
        db.session.execute(delete(Subscriber).where(Subscriber.id == id_))  # and by its foreign key, what was sent
        outbox.forget(address, MAILS)


def send_letters(progress: Callable[[list[int]], Iterable[int]] = iter) -> Sending:
    """Write a letter into the outbox for everybody whose turn it is and for whom there is something new.

    One commit for each person, holding the mail, what it contains and the time: stopped at any moment, the next run
    goes on with those who have no letter yet. A letter that cannot be written keeps nobody else from theirs.
    """
    now, done = clock.now(), Sending()
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
        execution_options={"synchronize_session": False},
    ).all()
    if not claimed:  # another run was here first, or the person left this moment
        db.session.rollback()
        return False
    mail = messages.letter(
        subscriber.address,
        items(letter.summaries),
        subscriber.frequency,
        manage_link=link_for(subscriber, Purpose.MANAGE),
        leave_link=link_for(subscriber, Purpose.LEAVE),
    )
    db.session.flush()
    _take_over(letter)
    db.session.add_all(
        SentSummary(subscriber_id=subscriber_id, summary_id=summary.id, outbox_id=mail.id, sent_at=now)
        for summary in letter.summaries
    )
    db.session.commit()
    return True


def _take_over(letter: queries.Letter) -> None:
    """Let this letter say what earlier ones, given up, were to say: they must not be tried again beside it.

    Had one of them been put back this very moment, its row would stay, and this letter could not be written.
    """
    rows = queries.unsent_rows(letter.subscriber.id, [summary.id for summary in letter.summaries])
    outbox.replace([row.outbox_id for row in rows if row.outbox_id])
    db.session.execute(delete(SentSummary).where(SentSummary.id.in_([row.id for row in rows])))
