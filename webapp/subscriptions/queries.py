"""Subscribers, by address and by the links they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Category, Subscriber
from webapp.subscriptions.tokens import Purpose, claimed_id, digest_of, is_genuine


def topics() -> list[Category]:
    """What letters can be about, in the order of the site."""
    return list(db.session.scalars(Category.listed()))


def subscriber_at(address: str) -> Subscriber | None:
    return db.session.scalar(select(Subscriber).where(Subscriber.address == address))


def subscriber_by(token: str, purpose: Purpose) -> Subscriber | None:
    """Whose link this is; None when it was not made by us, or the person has left."""
    id_ = claimed_id(token)
    found = db.session.scalar(select(Subscriber).where(Subscriber.id == id_)) if id_ else None
    return found if found and is_genuine(token, found, purpose) else None


def is_open(subscriber: Subscriber, token: str, now: dt.datetime) -> bool:
    """Whether this link can still confirm."""
    is_its_link = subscriber.confirm_digest == digest_of(token)
    return is_its_link and subscriber.confirm_until is not None and subscriber.confirm_until > now


def confirmed_at_addresses(addresses: Collection[str]) -> list[tuple[int, str]]:
    """Id and address of the confirmed subscribers among these addresses."""
    rows = select(Subscriber.id, Subscriber.address).where(
        Subscriber.confirmed_at.is_not(None), Subscriber.address.in_(addresses)
    )
    return [(id_, address) for id_, address in db.session.execute(rows)]
