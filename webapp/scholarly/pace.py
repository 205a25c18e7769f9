"""How fast a service is asked, and how long one call may take in all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import Future
from email.utils import parsedate_to_datetime
from threading import Lock, Thread
from typing import TypeVar

from webapp import clock

T = TypeVar("T")


class Pace:
    """The moments at which one service may be asked, for all threads of this process."""

    def __init__(self, interval: float) -> None:
        """`interval`: seconds between two questions."""
        self.interval = interval
        self._next, self._lock = 0.0, Lock()

    def take_turn(self, patience: float) -> float:
        """Seconds to wait until our turn. More than `patience` when it comes too late: then it is not taken."""
        with self._lock:
            now = clock.steady()
            turn = max(now, self._next)
            if turn - now <= patience:
                self._next = turn + self.interval
            return turn - now

    def seconds_left(self) -> float:
        """Until something may be asked again."""
        with self._lock:
            return max(0.0, self._next - clock.steady())

    def pause(self, seconds: float) -> None:
        """Ask nothing for so long."""
        with self._lock:
            self._next = max(self._next, clock.steady() + seconds)


def seconds_in(retry_after: str) -> float | None:
    """What a Retry-After header asks for, as seconds or as a time of day; None when it says nothing we understand."""
    value = retry_after.strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - clock.now()).total_seconds())


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` gives or raises; TimeoutError when it takes longer.

    Time limits of sockets count from byte to byte, and those of names count nothing: whoever sends a byte now and then
    would be waited for without end. What hangs is left to itself.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:
            outcome.set_exception(error)

    Thread(target=run, name="scholarly", daemon=True).start()
    return outcome.result(timeout=max(0.0, seconds))
