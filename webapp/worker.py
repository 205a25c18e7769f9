"""The work by the clock, in one process: `flask work`. What there is to do stands in tasks.py.

One task after the other, in a plain loop. Pauses are measured with a clock that only goes forward, so it does not
matter to what the time of day is set. A task that takes long is asked to break off after a minute, and goes on when
the others have had their turn: so a slow mail server keeps neither letters nor deletions away.

Of several hosts on one database one leads and does all; the others do what is local, and ask again and again whether
the lead is free. Whoever loses it notices before the next task.
"""

from __future__ import annotations

import datetime as dt
import logging
import signal
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy.exc import OperationalError

from webapp import clock
from webapp.database import Lead
from webapp.errors import why_not_ready
from webapp.formats import plural

UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
TURN_SECONDS = 60.0
"""Seconds after which a task is asked to let the others have their turn."""
LATE_SECONDS = 120.0
"""Seconds: a task that begins so much too late, or a clock that jumps so far, is worth a line in the log."""
POLL_SECONDS = 0.2
"""Seconds of sleep at a time: so soon a stop is heard."""
STANDING_BY_SECONDS = 1.0
"""Seconds until a host that stands by asks again whether it leads."""
LEADS = "This host leads: it does all of this."
STANDS_BY = "Another host leads. This one stands by: it keeps its own pages, and takes over when the other stops."
SET_BACK = "The clock was set back by %s. The work goes on as before."
WENT_FORWARD = "The clock went forward by %s: it was set, or the machine slept. All tasks are done now."

log = logging.getLogger(__name__)


class Stop:
    """Notes, inside the block, Ctrl+C or an end asked by the system: what is being done is finished first.

    The same signal again ends it at once. (Ctrl+C in `make run` brings one of each, and that is one wish.)
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self) -> None:
        self.is_asked = False

    def __enter__(self) -> Stop:
        # Set by name also in the background of a shell, which tells its children to ignore Ctrl+C.
        self._before = [signal.signal(name, self._ask) for name in self.SIGNALS]
        return self

    def _ask(self, number: int, _frame: object) -> None:
        self.is_asked = True
        signal.signal(number, signal.SIG_DFL)

    def __exit__(self, *_: object) -> None:
        for name, before in zip(self.SIGNALS, self._before, strict=True):
            signal.signal(name, before)


class Turn:
    """The time a task has before it should break off: until a stop is asked, or until its seconds are over, if any."""

    def __init__(self, stop: Stop, seconds: float | None = None) -> None:
        self.stop, self.is_cut = stop, False
        self.end = None if seconds is None else clock.steady() + seconds

    def is_over(self) -> bool:
        """Asked by the task, between two steps, while there is more to do."""
        self.is_cut = self.is_cut or (self.end is not None and clock.steady() >= self.end)
        return self.is_cut or self.stop.is_asked


class Task(NamedTuple):
    """One thing to do at the start and then again and again. Doing it twice, or twice at once, does no harm."""

    name: str
    when: dt.timedelta
    """The time between the end of a run and the next."""
    action: Callable[[Turn], object]
    """What it returns is printed, unless it is empty."""
    is_local: bool = False
    """Whether each host does it for itself; the rest is done by the one that leads."""

    @property
    def pause(self) -> str:
        return in_words(self.when.total_seconds())


def in_words(seconds: float) -> str:
    """A length of time, in the largest unit that says it exactly: 2 seconds, 90 minutes, 1 day."""
    whole = max(round(seconds), 1)
    unit, length = next((unit, length) for unit, length in UNITS.items() if whole % length == 0)
    return plural(whole // length, unit)


def in_minutes(seconds: float) -> str:
    return in_words(round(seconds / 60) * 60)


def run(app: Flask, tasks: Iterable[Task], stop: Stop, say: Callable[[str], object], lead: Lead | None = None) -> None:
    """Do the tasks by the clock until `stop` is asked, then finish what is being done. `lead`: None where there is but
    one host.
    """
    errors = Errors()
    rank = Rank(lead, errors, say)
    watch = ClockWatch()
    due = {task: clock.steady() for task in tasks}
    while not stop.is_asked:
        if watch.has_jumped_forward():
            due = {task: min(time, clock.steady()) for task, time in due.items()}
        task = min(due, key=lambda task: due[task])
        early = due[task] - clock.steady()
        if early > 0:
            clock.wait(min(early, POLL_SECONDS))
            continue
        if not task.is_local and not rank.is_first():
            due[task] = clock.steady() + STANDING_BY_SECONDS
            continue
        if -early > LATE_SECONDS:
            log.warning("Late by %s: %s.", in_minutes(-early), task.name)
        turn = Turn(stop, TURN_SECONDS)
        do(app, task, turn, errors, say)
        due[task] = clock.steady() + (0 if turn.is_cut else task.when.total_seconds())


def do(app: Flask, task: Task, turn: Turn, errors: Errors, say: Callable[[str], object]) -> None:
    """One run of a task in the application's context. An error is told, and does not end the work."""
    with app.app_context():
        try:
            result: Any = task.action(turn)
        except Exception as error:
            errors.tell(task, error)
        else:
            errors.forget(task)
            if result:
                say(f"{task.name}: {result}")


class Rank:
    """Whether this host leads, and says so when that changes."""

    ASKING = Task("ask who leads", dt.timedelta(seconds=STANDING_BY_SECONDS), lambda _turn: None)

    def __init__(self, lead: Lead | None, errors: Errors, say: Callable[[str], object]) -> None:
        self.lead, self.errors, self.say = lead, errors, say
        self.said = ""

    def is_first(self) -> bool:
        """Asked before each task that only one host does."""
        if self.lead is None:
            return True
        try:
            is_held = self.lead.is_held()
        except OperationalError as error:
            self.errors.tell(self.ASKING, error)
            self.said = ""
            return False
        self.errors.forget(self.ASKING)
        words = LEADS if is_held else STANDS_BY
        if words != self.said:
            self.said = words
            self.say(words)
        return is_held


class Errors:
    """Tells each error once for as long as it lasts: one of the database for all tasks together."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def tell(self, task: Task, error: Exception) -> None:
        words = _words(task, error)
        if words not in self.known.values():
            if isinstance(error, OperationalError):
                log.error(words)
            else:
                log.error("Could not do this now: %s. It will be tried again.", task.name, exc_info=error)
        self.known[task.name] = words

    def forget(self, task: Task) -> None:
        self.known.pop(task.name, None)


def _words(task: Task, error: Exception) -> str:
    if not isinstance(error, OperationalError):
        return f"{task.name}: {error!r}"
    return why_not_ready(error) or f"The database cannot be used now ({error.orig}). The work goes on and tries again."


class ClockWatch:
    """Sees the time of day jump against the steady clock, and says so in the log."""

    def __init__(self) -> None:
        self.difference = self._difference()

    def has_jumped_forward(self) -> bool:
        """Whether time passed unseen since the last question: the machine slept, or its clock was behind."""
        before, self.difference = self.difference, self._difference()
        jump = self.difference - before
        if abs(jump) > LATE_SECONDS:
            log.warning(SET_BACK if jump < 0 else WENT_FORWARD, in_minutes(abs(jump)))
        return jump > LATE_SECONDS

    def _difference(self) -> float:
        return clock.now().timestamp() - clock.steady()
