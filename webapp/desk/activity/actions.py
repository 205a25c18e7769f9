"""Writing the activity log."""

from __future__ import annotations

from textwrap import shorten

from webapp import clock
from webapp.extensions import db
from webapp.models import Activity


def note(who: str, what: str) -> None:
    """Add a line to the activity log, in the transaction of what it tells."""
    db.session.add(Activity(at=clock.now(), who=who, what=what))


def called(name: str) -> str:
    """A name as a line of the log has it: in quotation marks, cut where it is long."""
    return f"“{shorten(name, 70, placeholder=' …')}”"
