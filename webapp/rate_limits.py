"""Limits on what readers send. They are counted in the site's own database: exactly, whichever process answers and
however often it was started anew.

Flask-Limiter asks the storage here (RATELIMIT_STORAGE_URI in config.py). Who and what is counted is kept as a keyed
digest, so that no address can be read from the table, and no longer than it counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, has_request_context, request
from flask_limiter import RequestLimit
from limits import RateLimitItem
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from webapp import clock
from webapp.extensions import db, limiter
from webapp.models import RateLimitHit

CLOCK_ERROR = dt.timedelta(minutes=1)
"""Hits that end later than any new one could, by more than this, were counted by a clock that ran ahead."""

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.config["RATELIMIT_ON_BREACH_CALLBACK"] = _note_breach
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)  # below that it writes readers' addresses
    limiter.init_app(app)


class DatabaseStorage(Storage, MovingWindowSupport):
    """Counts in the database of the current application, in short transactions on a connection of its own: what a
    request did is counted even when the request's own changes are rolled back.

    While the database cannot be written, nothing is limited; the log says so. Nor can a mail be queued then.
    """

    STORAGE_SCHEME = ["database"]  # noqa: RUF012 (the base class says so)

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return DBAPIError, PoolTimeoutError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` for the next `expiry` seconds, unless more than `limit` would count then."""
        try:
            with self._locked(key, expiry) as (connection, digest):
                is_within = self._count(connection, digest) + amount <= limit
                if is_within:
                    self._add(connection, digest, clock.now() + dt.timedelta(seconds=expiry), amount)
        except self.base_exceptions as error:
            _note_failure(error)
            return True
        return is_within

    def reserve_entry(self, key: str, limit: int, expiry: int) -> dt.datetime:
        """Count one from the first moment on at which fewer than `limit` count; that moment, which may be past."""
        with self._locked(key) as (connection, digest):
            hits = select(RateLimitHit.expires_at).where(RateLimitHit.digest == digest)
            room_at = connection.scalar(hits.order_by(RateLimitHit.expires_at.desc()).offset(limit - 1).limit(1))
            starts_at = max(room_at or clock.now(), clock.now())
            self._add(connection, digest, starts_at + dt.timedelta(seconds=expiry))
        return starts_at

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest hit that counts was made (seconds since 1970), and how many count."""
        ours = RateLimitHit.digest == _digest(key), RateLimitHit.expires_at > clock.now()
        with db.engine.begin() as connection:
            ends_at, count = connection.execute(
                select(func.min(RateLimitHit.expires_at), func.count()).where(*ours)
            ).one()
        return (ends_at or clock.now() + dt.timedelta(seconds=expiry)).timestamp() - expiry, count

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._locked(key) as (connection, digest):
            self._add(connection, digest, clock.now() + dt.timedelta(seconds=expiry), amount)
            return self._count(connection, digest)

    def get(self, key: str) -> int:
        return self.get_moving_window(key, 0, 0)[1]

    def get_expiry(self, key: str) -> float:
        return self.get_moving_window(key, 0, 0)[0]

    def check(self) -> bool:
        with db.engine.begin() as connection:
            connection.execute(select(RateLimitHit.id).limit(1))
        return True

    def reset(self) -> int:
        with db.engine.begin() as connection:
            return connection.execute(delete(RateLimitHit)).rowcount

    def clear(self, key: str) -> None:
        with db.engine.begin() as connection:
            connection.execute(delete(RateLimitHit).where(RateLimitHit.digest == _digest(key)))

    @contextmanager
    def _locked(self, key: str, expiry: int | None = None) -> Iterator[tuple[Connection, str]]:
        """A transaction in which nobody else counts. SQLite gives the one lock for writing to a transaction that
        begins with a write, as this one does; a database with finer locks needs one for the key here.
        """
        digest = _digest(key)
        with db.engine.begin() as connection:
            _delete_expired(connection, clock.now())
            if expiry is not None:
                latest = clock.now() + dt.timedelta(seconds=expiry) + CLOCK_ERROR
                connection.execute(
                    delete(RateLimitHit).where(RateLimitHit.digest == digest, RateLimitHit.expires_at > latest)
                )
            yield connection, digest

    def _count(self, connection: Connection, digest: str) -> int:
        ours = RateLimitHit.digest == digest, RateLimitHit.expires_at > clock.now()
        return connection.scalar(select(func.count()).where(*ours)) or 0

    def _add(self, connection: Connection, digest: str, expires_at: dt.datetime, amount: int = 1) -> None:
        connection.execute(insert(RateLimitHit), [{"key": digest, "expires_at": expires_at}] * amount)


_storage = DatabaseStorage()
_limits = MovingWindowRateLimiter(_storage)


def hit(limit: RateLimitItem, *counted: str) -> bool:
    """Count one thing for what `counted` names; False, and nothing is counted, when the limit is reached."""
    if not current_app.config["RATELIMIT_ENABLED"]:
        return True
    is_within = _limits.hit(limit, *counted)
    if not is_within:
        _note(limit)
    return is_within


def reserve(limit: RateLimitItem, *counted: str) -> dt.datetime:
    """The moment (UTC) at which there is room within the limit; it is taken from then on. Nothing is refused."""
    now = clock.now()
    if not current_app.config["RATELIMIT_ENABLED"]:
        return now
    try:
        room_at = _storage.reserve_entry(limit.key_for(*counted), limit.amount, limit.get_expiry())
    except _storage.base_exceptions as error:
        _note_failure(error)
        return now
    if room_at > now:
        _note(limit)
    return max(room_at, now)


def delete_expired() -> int:
    """Delete what counts no more; how many rows. Every new hit does so too; this is for quiet days."""
    with db.engine.begin() as connection:
        return _delete_expired(connection, clock.now())


def _delete_expired(connection: Connection, now: dt.datetime) -> int:
    return connection.execute(delete(RateLimitHit).where(RateLimitHit.expires_at <= now)).rowcount


def _digest(key: str) -> str:
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"rate limit {key}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _note_breach(breached: RequestLimit) -> None:
    _note(breached.limit)


def _note(limit: RateLimitItem) -> None:
    """Say which limit was reached, and nothing of who reached it."""
    log.warning("A limit was reached at %s: %s.", request.endpoint if has_request_context() else "a command", limit)


def _note_failure(error: Exception) -> None:
    """What the database said has no values in it."""
    log.error("Limits could not be counted, so nothing was limited: %s", getattr(error, "orig", error))
