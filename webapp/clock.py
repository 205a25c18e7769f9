"""The only reader of the clock, so that tests can set it. Times are in UTC."""

from __future__ import annotations

import datetime as dt
import time


def now() -> dt.datetime:
    """The time of day. It can jump either way: somebody sets it, or the machine finds out what time it is."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    return now().date()


def steady() -> float:
    """Seconds that only go forward, whatever is done to the clock. Only the difference of two means anything."""
    return time.monotonic()


def wait(seconds: float) -> None:
    time.sleep(seconds)
