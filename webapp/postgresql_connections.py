"""How a PostgreSQL server is reached; and the connections that are held beside the engine's: one to read the edition
with each request, one that holds the lead.
"""

from __future__ import annotations

import os
import select
from typing import Any

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from webapp import clock

BUSY_WAIT = 5000
"""Milliseconds a writer waits its turn."""
LEADING = 0x5C13
"""The number of the lock of whoever leads, among the advisory locks of this database."""
KNOWN_FOR = 600.0
"""Seconds for which a value that was read stays good while the server cannot be reached."""
PAUSE = 1.0
"""Seconds until a server that could not be reached is asked again."""
PATIENCE = 1.0
"""Seconds in which a server that is well has told the edition, however busy it is."""
HEARD_FROM = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""A server whose machine is dead, and says nothing any more, is given up after some ten seconds."""
SERVER_SIDE = {
    "timezone": "UTC",
    "lock_timeout": BUSY_WAIT,
    # A machine that dies or hangs in the middle of a change must not keep the others from writing, nor from leading.
    "idle_in_transaction_session_timeout": 60_000,
    "tcp_keepalives_idle": 5,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    # Statements here end before they could be compiled, and what they read by an index lies in memory or on an SSD.
    "jit": "off",
    "random_page_cost": 1.1,
}


def say_how(_dialect: object, _record: object, _arguments: list[Any], options: dict[str, Any]) -> None:
    """What each connection of the engine is opened with; what the owner's URL says besides counts more."""
    options.update({"connect_timeout": 5, "application_name": "webapp", **HEARD_FROM} | options)
    ours = " ".join(f"-c {name}={value}" for name, value in SERVER_SIDE.items())
    options["options"] = f"{ours} {options.get('options', '')}"


class Lead:
    """The right to do what only one host does. It is a lock of the server, held by a connection of its own, so it ends
    with the process, or with the connection, however they end; the next who asks has it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.connection: Connection | None = None
        self.is_ours = False

    def is_held(self) -> bool:
        """Whether it is ours at this moment; it is taken if nobody has it. Raises OperationalError where the server
        cannot be reached: then it is not ours any more.
        """
        try:
            if self.connection is None:
                self.connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                self.connection.detach()  # the pool neither counts nor closes it
            ask = "SELECT true" if self.is_ours else f"SELECT pg_try_advisory_lock({LEADING})"
            self.is_ours = bool(self.connection.scalar(text(ask)))
        except DBAPIError:
            self.give_up()
            raise
        return self.is_ours

    def give_up(self) -> None:
        connection, self.connection, self.is_ours = self.connection, None, False
        if connection is not None:
            connection.close()


class Reader:
    """Reads one value, again and again, on connections of its own: as many as threads ask at the same moment.

    While the server cannot be reached, as when it is started anew, the value stays what it was, for a time: nobody
    can change it then, save a host that still reaches it. Asked again after that, or when nothing was ever read, it
    gives None. However the server fails, nobody waits longer for it than some seconds, and then one thread in each
    PAUSE.
    """

    def __init__(self, url: URL, statement: str) -> None:
        _, how = url.get_dialect()().create_connect_args(url)
        self.how = {**HEARD_FROM, "application_name": "webapp", **how, "connect_timeout": 2, "autocommit": True}
        self.statement = statement.encode()
        self.process, self.idle = os.getpid(), list[Any]()
        self.last: tuple[float, object] = (0.0, None)
        self.try_at = 0.0
        """When the server, which could not be reached, is asked again; 0 while all is well."""

    def close(self) -> None:
        while self._idle():
            self.idle.pop().close()

    def value(self) -> object:
        """The first column of the first row as text, as it is committed at this moment."""
        import psycopg

        now = clock.steady()
        if now < self.try_at:
            return self._as_it_was(now)
        if self.try_at:
            self.try_at = now + PAUSE  # this thread asks, and the others go on meanwhile
        try:
            value = self._asked()
        except psycopg.Error:
            self.try_at = clock.steady() + PAUSE
            return self._as_it_was(now)
        self.try_at = 0.0
        if now >= self.last[0]:  # else another thread, which asked later, was told sooner
            self.last = now, value
        return value

    def _as_it_was(self, now: float) -> object:
        return self.last[1] if self.last[0] and now - self.last[0] < KNOWN_FOR else None

    def _idle(self) -> list[Any]:
        """Connections that nobody uses now. A process that was forked leaves its parent's alone."""
        if self.process != os.getpid():
            self._of_parent, self.idle, self.process = self.idle, [], os.getpid()  # in this order: threads
        return self.idle

    def _asked(self) -> object:
        import psycopg

        try:
            return self._told_by(self._idle().pop())
        except (IndexError, psycopg.Error):  # none is idle, or this one did not outlast its server
            return self._told_by(psycopg.connect(**self.how))

    def _told_by(self, connection: Any) -> object:
        """Ask on a connection, and keep it if it answers."""
        try:
            found = _first_value(connection.pgconn, self.statement)
        except BaseException:
            connection.close()
            raise
        self._idle().append(connection)
        return None if found is None else found.decode()


def _first_value(raw: Any, statement: bytes) -> bytes | None:
    """Ask and wait for PATIENCE alone: psycopg itself would wait for ever."""
    from psycopg import OperationalError, pq

    found, poll, end = None, select.poll(), clock.steady() + PATIENCE
    raw.send_query(statement)
    raw.flush()
    poll.register(raw.socket, select.POLLIN)
    while True:
        while raw.is_busy():
            if not poll.poll(max(0, end - clock.steady()) * 1000):
                raise OperationalError("no answer in time")
            raw.consume_input()
        result = raw.get_result()
        if result is None:
            return found
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise OperationalError(result.error_message.decode(errors="replace"))
        found = result.get_value(0, 0) if result.ntuples else None
