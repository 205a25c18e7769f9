"""Saying that something is running."""

from __future__ import annotations

from sqlalchemy import update

from webapp import clock
from webapp.extensions import db
from webapp.models import Heartbeat
from webapp.upkeep.heartbeats.queries import WORKER


def note_heartbeat(name: str = WORKER) -> None:
    """Write down that this is running now. Of two at once, one waits its turn, since the first statement writes."""
    now = clock.now()
    noted = db.session.scalars(update(Heartbeat).where(Heartbeat.name == name).values(at=now).returning(Heartbeat.name))
    if not noted.all():
        db.session.add(Heartbeat(name=name, at=now))
    db.session.commit()
