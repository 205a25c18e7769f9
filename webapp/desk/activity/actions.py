"""Writing the activity log."""

from __future__ import annotations

from textwrap import shorten

from webapp import clock
from webapp.extensions import db
from webapp.models import Activity

MOST_NOTED = 200
"""Letters of a line of the log; its column holds no more."""


def note(who: str, what: str) -> None:
    """Add a line to the activity log, in the transaction of what it tells: cut where it is too long for one."""
    db.session.add(Activity(at=clock.now(), who=who, what=shorten(what, MOST_NOTED, placeholder=" ...")))


def called(name: str) -> str:
    """A name as a line of the log has it: in quotation marks, cut where it is long."""
    return f"“{shorten(name, 70, placeholder=' …')}”"
