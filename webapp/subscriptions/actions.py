"""Subscribing, confirming, changing, leaving."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence

from limits import parse
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from webapp import clock, rate_limits
from webapp.database import UNSEEN
from webapp.extensions import db
from webapp.formats import plural
from webapp.mail import outbox
from webapp.mail.queries import often_refused
from webapp.models import Subscriber
from webapp.subscriptions import consent, mails, queries
from webapp.subscriptions.tokens import Purpose, digest_of, link_for, new_secret, token_for

LINK_LIFETIME = dt.timedelta(days=14)
MAILS_OF_THE_SITE = parse("200 per hour")
"""Mails that anybody can have sent to any address. The rest wait, so that mail providers keep taking ours."""
UNCONFIRMED_RETENTION = dt.timedelta(days=30)
MAILS = ("confirm_subscription", "already_subscribed", "letter", "correction")
"""The mails to subscribers; they go when the person goes."""
REFUSALS = 3
"""On so many days a letter is refused before an address is taken off."""

log = logging.getLogger(__name__)


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
        mails.already_subscribed(address, link_for(subscriber, Purpose.MANAGE), due_at=due_at)
        db.session.commit()
        return
    if subscriber is None:
        subscriber = Subscriber(address=address, secret=new_secret(), created_at=now)
        db.session.add(subscriber)
    subscriber.topics, subscriber.frequency = list(topics), frequency
    subscriber.consent_wording, subscriber.consent_at = consent.CURRENT, now
    subscriber.confirm_until = due_at + LINK_LIFETIME
    db.session.flush()
    subscriber.confirm_digest = digest_of(token_for(subscriber, Purpose.CONFIRM))
    link, good_until = link_for(subscriber, Purpose.CONFIRM), subscriber.confirm_until.date()
    mails.confirm_subscription(address, link, good_until, due_at=due_at)
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
        execution_options=UNSEEN,
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
        .where(Subscriber.confirmed_at.is_(None), Subscriber.consent_at < clock.now() - UNCONFIRMED_RETENTION)
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
        mails.readers_dropped(owner, len(people))
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
