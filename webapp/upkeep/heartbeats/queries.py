"""When something last said that it is running."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import select

from webapp import clock
from webapp.extensions import db
from webapp.models import Heartbeat
from webapp.secret_key import keys_for_signing

WORKER, BACKUP, ENGINES = "worker", "backup", "search engines"
"""The last of them: up to which change search engines have been told (webapp/indexnow)."""
KEY = "key "
"""Begins the name of what says with which secret key a host signs; a digest follows, too short to find the key by."""
RECENT = dt.timedelta(minutes=3)
"""Whoever runs has said so since then."""


def last_heartbeat(name: str = WORKER) -> dt.datetime | None:
    """The time in UTC, None if it never ran. `flask work` says so every minute, and is late by a few at the worst.

    The time may lie ahead of now by what the clock was set back, for a minute.
    """
    return db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))


def key_name(key: str) -> str:
    return KEY + hashlib.blake2b(b"which key", key=hashlib.sha256(key.encode()).digest(), digest_size=4).hexdigest()


def is_another_key_used() -> bool:
    """Whether something on this database signs with a key that is not believed here.

    Where two hosts differ, forms, sessions and voters' cookies of one are refused by the other, and limits count apart.
    """
    recent = select(Heartbeat.name).where(Heartbeat.name.startswith(KEY), Heartbeat.at > clock.now() - RECENT)
    return bool(set(db.session.scalars(recent)) - {key_name(key) for key in keys_for_signing()})
