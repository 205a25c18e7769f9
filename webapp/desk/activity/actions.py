"""Writing the activity log."""

from __future__ import annotations

from webapp import clock
from webapp.extensions import db
from webapp.models import Activity


def note(who: str, what: str) -> None:
    """Add a line to the activity log, in the transaction of what it tells."""
    db.session.add(Activity(at=clock.now(), who=who, what=what))
