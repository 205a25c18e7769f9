"""Saying that something is running."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, update

from webapp import clock
from webapp.extensions import db
from webapp.models import Heartbeat
from webapp.secret_key import keys_for_signing
from webapp.upkeep.heartbeats.queries import KEY, WORKER, key_name


def note_heartbeat(name: str = WORKER, at: dt.datetime | None = None) -> None:
    """Write down that this is running now, or has come as far as `at`.

    Of two at once, one waits its turn, since the first statement writes.
    """
    now = at or clock.now()
    noted = db.session.scalars(update(Heartbeat).where(Heartbeat.name == name).values(at=now).returning(Heartbeat.name))
    if not noted.all():
        db.session.add(Heartbeat(name=name, at=now))
    db.session.commit()


def note_key() -> None:
    """Say with which key this host signs. What nobody said for a day is forgotten."""
    note_heartbeat(key_name(keys_for_signing()[-1]))
    is_old = Heartbeat.at < clock.now() - dt.timedelta(days=1)
    db.session.execute(delete(Heartbeat).where(Heartbeat.name.startswith(KEY), is_old))
    db.session.commit()
