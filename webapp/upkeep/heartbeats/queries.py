"""When something last said that it is running."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Heartbeat

WORKER, BACKUP, ENGINES = "worker", "backup", "search engines"
"""The last of them: up to which change search engines have been told (webapp/indexnow)."""


def last_heartbeat(name: str = WORKER) -> dt.datetime | None:
    """The time in UTC, None if it never ran. `flask work` says so every minute, and is late by a few at the worst.

    The time may lie ahead of now by what the clock was set back, for a minute.
    """
    return db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
