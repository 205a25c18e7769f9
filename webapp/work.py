"""What runs by the clock, in one process: `flask work`. TASKS is all of it."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import time
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any, NamedTuple

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from webapp.contact.actions import delete_old_messages
from webapp.errors import why_not_ready
from webapp.formats import plural
from webapp.mail.actions import Round, delete_old_mail, deliver_mail
from webapp.mail.delivery import carrier
from webapp.rate_limits import delete_expired
from webapp.subscriptions.actions import Sending, delete_unconfirmed, send_letters

UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}

log = logging.getLogger(__name__)


class Stop:
    """Notes, inside the block, Ctrl+C or an end asked by the system: what is being done is finished first."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self) -> None:
        self.is_asked = False

    def __enter__(self) -> Stop:
        # Set by name also in the background of a shell, which tells its children to ignore Ctrl+C.
        self._before = [signal.signal(name, self._ask) for name in self.SIGNALS]
        return self

    def _ask(self, *_: object) -> None:
        self.is_asked = True
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # asked again, it ends at once

    def __exit__(self, *_: object) -> None:
        for name, before in zip(self.SIGNALS, self._before, strict=True):
            signal.signal(name, before)


class Task(NamedTuple):
    """One thing to do at the start and then again and again. Doing it twice does no harm."""

    name: str
    when: dt.timedelta
    """The time between two runs."""
    action: Callable[[Stop], object]
    """What it returns is printed, unless it is empty."""

    @property
    def pause(self) -> str:
        """The time between two runs in words: 2 seconds, 1 day."""
        seconds = int(self.when.total_seconds())
        unit, length = next((unit, length) for unit, length in UNITS.items() if seconds % length == 0)
        return plural(seconds // length, unit)


def deliver(stop: Stop) -> Round:
    with carrier(current_app.config) as chosen:
        return deliver_mail(chosen, is_stopped=lambda: stop.is_asked)


def write_letters(stop: Stop) -> Sending:
    """Letters that are due, until a stop is asked: the next run goes on there."""
    return send_letters(lambda readers: takewhile(lambda _: not stop.is_asked, readers))


def tidy(_stop: Stop) -> str:
    """What is kept for a time only, as /privacy promises."""
    delete_expired()
    mails, addresses, messages = delete_old_mail(), delete_unconfirmed(), delete_old_messages()
    found = [
        plural(mails, "mail"),
        plural(addresses, "unconfirmed address", "unconfirmed addresses"),
        plural(messages, "message"),
    ]
    return ", ".join(found) if mails or addresses or messages else ""


DELIVER = Task("deliver mail", dt.timedelta(seconds=2), deliver)
TASKS = [
    DELIVER,
    Task("write the letters that are due", dt.timedelta(hours=1), write_letters),
    Task("delete what has expired", dt.timedelta(hours=6), tidy),
]


def run(app: Flask, tasks: Iterable[Task], stop: Stop, say: Callable[[str], object]) -> None:
    """Do the tasks by the clock until `stop` is asked, then finish what is being done."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a task that takes long is no news
    scheduler = BackgroundScheduler(timezone=dt.UTC, executors={"default": ThreadPoolExecutor(4)})
    for task in tasks:
        scheduler.add_job(
            _Runner(app, task, stop, say),
            "interval",
            seconds=task.when.total_seconds(),
            next_run_time=dt.datetime.now(dt.UTC),
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    while not stop.is_asked:
        time.sleep(0.2)
    scheduler.shutdown()


class _Runner:
    """A task in the application's context. An error is told once, and does not end the work."""

    def __init__(self, app: Flask, task: Task, stop: Stop, say: Callable[[str], object]) -> None:
        self.app, self.task, self.stop, self.say = app, task, stop, say
        self.last_error = ""

    def __call__(self) -> None:
        with self.app.app_context():
            try:
                result: Any = self.task.action(self.stop)
            except Exception as error:
                if str(error) != self.last_error:
                    self._tell(error)
                self.last_error = str(error)
            else:
                self.last_error = ""
                if result:
                    self.say(f"{self.task.name}: {result}")

    def _tell(self, error: Exception) -> None:
        if why := isinstance(error, OperationalError) and why_not_ready(error):
            log.error(why)
        else:
            log.exception("Could not do this now: %s. It will be tried again.", self.task.name)
