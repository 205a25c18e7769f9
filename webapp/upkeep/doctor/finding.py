"""What one look at the site came to, in the owner's words."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from webapp import clock
from webapp.formats import plural


class State(StrEnum):
    WELL = "ok"
    NOTE = "note"
    FAULT = "FAULT"


class Finding(NamedTuple):
    """One thing that was looked at."""

    state: State
    says: str
    remedy: str = ""


def well(says: str) -> Finding:
    return Finding(State.WELL, says)


def note(says: str, remedy: str = "") -> Finding:
    return Finding(State.NOTE, says, remedy)


def fault(says: str, remedy: str) -> Finding:
    return Finding(State.FAULT, says, remedy)


def ago(at: dt.datetime) -> str:
    minutes = max(0, int((clock.now() - at).total_seconds() // 60))
    if minutes < 120:
        return f"{plural(minutes, 'minute')} ago"
    hours = minutes // 60
    return f"{plural(hours, 'hour')} ago" if hours < 48 else f"{plural(hours // 24, 'day')} ago"
