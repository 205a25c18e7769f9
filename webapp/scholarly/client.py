"""The one polite client that asks the services: at their pace, within limits, and nothing twice in a short time."""

from __future__ import annotations

import logging
import math
import random
import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from cachetools import TTLCache

from webapp import clock
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.pace import Pace, seconds_in
from webapp.scholarly.transport import REDIRECTS, Answer, Limits, LostError, Transport, UnreadableError

log = logging.getLogger(__name__)

Found = TypeVar("Found")

URL_SETTINGS = ("CROSSREF_URL", "EUROPEPMC_URL", "PUBMED_URL", "TRIALS_URL", "INDEXNOW_URL")
KEPT_SECONDS = 15 * 60
KEPT_BYTES = 8_000_000
"""Of answers in memory, in each process."""
MAX_PAUSE = 60 * 60.0
"""Seconds. For longer no service is left alone, whatever its Retry-After says."""
MAX_REDIRECTS = 3

_BUSY = {408, 425, 429, 500, 502, 503, 504}
_BUSY_BODY = re.compile(rb'\s*\{\s*"error"\s*:\s*"API rate limit exceeded')
"""PubMed says so with status 200 as well."""
_NOTHING_BODY = re.compile(rb"ID list is empty|Empty id list", re.IGNORECASE)
"""How PubMed says with status 400 that it has no such record."""
_OUR_MISTAKE_BODY = re.compile(rb"Unknown piece name", re.IGNORECASE)
"""How ClinicalTrials.gov says with status 404 that it has no such field, which tells nothing about the trial."""

TYPED = "What you typed is kept."


@dataclass(frozen=True)
class Service:
    """Who is asked."""

    name: str
    """As the owner knows it."""
    setting: str
    """The name of the setting that holds its address."""
    interval: float
    """Seconds between two questions."""
    interval_without_contact: float = 0.0
    """The same for those who do not say whom to write to, where it is longer."""


class _BusyError(Exception):
    """The service cannot answer now. `pause`: the seconds it asks for, if it says so."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Client:
    """Asks services for all threads of a process; `shared_client` has the one."""

    def __init__(self, urls: Mapping[str, str], contact: str | None = None, limits: Limits | None = None) -> None:
        """`urls`: the address of each service by its setting. `contact`: the e-mail address the services are told."""
        self.urls, self.contact, self.limits = urls, contact, limits or Limits()
        self._transport = Transport(contact, self.limits)
        self._paces: dict[Service, Pace] = {}
        self._kept: TTLCache[str, bytes] = TTLCache(KEPT_BYTES, KEPT_SECONDS, timer=clock.steady, getsizeof=len)
        self._lock = Lock()

    def ask(
        self, service: Service, path: str, query: Mapping[str, str], read: Callable[[bytes], Found | None]
    ) -> Found | None:
        """What `read` makes of the answer; None where the service has no such thing. Raises ScholarlyError.

        `path` is quoted already. `read` raises ValueError for an answer that is not what it should be.
        """
        url = self._url(service, path) + (f"?{urlencode(query)}" if query else "")
        with self._lock:
            body = self._kept.get(url)
        if body is None and (body := self._fetch(service, url)) is None:
            return None
        try:
            found = read(body)
        except ValueError as error:
            raise self._refusal(service, "sent an answer that cannot be read", str(error)) from error
        with self._lock:
            if len(body) <= self._kept.maxsize:
                self._kept[url] = body
        return found

    def tell(self, service: Service, path: str, message: object) -> bool:
        """Post a message to a service, as JSON. False, with nothing sent, while the service is to be left alone.

        Raises ScholarlyError where it does not take it; then it is left alone for MAX_PAUSE.
        """
        url, pace = self._url(service, path), self._pace(service)
        if pace.seconds_left() > self.limits.seconds:
            return False
        try:
            if self._fetch(service, url, message) is None:
                raise self._refusal(service, "has no such address", url)
        except ScholarlyError:
            pace.pause(MAX_PAUSE)
            raise
        return True

    def _url(self, service: Service, path: str) -> str:
        base = self.urls[service.setting].rstrip("/")
        if urlsplit(base).scheme not in {"http", "https"}:
            raise ScholarlyError(f"{service.setting} is no address of the web. {TYPED}")
        return f"{base}/{path}"

    def in_seconds(self, seconds: float) -> Client:
        """The same client, with its pace and its answers, for somebody who waits no longer than this for each."""
        other = copy(self)
        other.limits = replace(self.limits, seconds=min(seconds, self.limits.seconds))
        return other

    def close(self) -> None:
        """Hang up. The shared client never does."""
        self._transport.close()

    def _fetch(self, service: Service, url: str, message: object | None = None) -> bytes | None:
        """The answer, asked for again while there is time and hope."""
        deadline, pace = clock.steady() + self.limits.seconds, self._pace(service)
        for attempt in count(1):
            try:
                return self._follow(service, pace, url, deadline, message)
            except _BusyError as busy:
                backoff = self.limits.backoff_seconds * 2 ** (attempt - 1) * random.uniform(1, 1.3)  # noqa: S311
                pause = backoff if busy.pause is None else min(busy.pause, MAX_PAUSE)
                pace.pause(pause)
                if attempt < self.limits.attempts and clock.steady() + pause < deadline:
                    continue
                if busy.pause:
                    raise self._wait(service, pause) from busy
                raise self._refusal(service, "did not answer", str(busy)) from busy
        raise AssertionError("unreachable")

    def _follow(self, service: Service, pace: Pace, url: str, deadline: float, message: object | None) -> bytes | None:
        """The answer at the URL, or where it leads to on the service's own host."""
        for _ in range(MAX_REDIRECTS + 1):
            self._wait_for_turn(service, pace, deadline)
            answer = self._send(service, url, deadline, message)
            if answer.status not in REDIRECTS:
                return self._body(service, answer)
            if not _is_same_host(url, answer.elsewhere):
                raise self._refusal(service, "sent us on to another host", answer.elsewhere or "nowhere")
            url = answer.elsewhere
        raise self._refusal(service, "sent us round in a circle", "too many redirects")

    def _send(self, service: Service, url: str, deadline: float, message: object | None) -> Answer:
        try:
            return self._transport.send(url, deadline, message)
        except LostError as error:
            raise _BusyError(str(error)) from error
        except UnreadableError as error:
            raise self._refusal(service, "sent an answer that cannot be read", str(error)) from error

    def _body(self, service: Service, answer: Answer) -> bytes | None:
        """What an answer says, by its status."""
        status, reason = answer.status, f"status {answer.status}"
        if status in _BUSY or _BUSY_BODY.match(answer.body):
            raise _BusyError(reason, seconds_in(answer.retry_after) if answer.retry_after else None)
        if _OUR_MISTAKE_BODY.search(answer.body[:500]) and status != 200:
            raise self._refusal(service, "did not understand the question", reason)
        if status in {404, 410} or (status == 400 and _NOTHING_BODY.search(answer.body[:500])):
            return None
        if status in {401, 403}:
            raise self._refusal(service, "does not answer questions of this site", reason)
        if not 200 <= status < 300:
            raise self._refusal(service, "did not understand the question", reason)
        return answer.body

    def _wait_for_turn(self, service: Service, pace: Pace, deadline: float) -> None:
        patience = deadline - clock.steady()
        if patience <= 0:
            raise self._refusal(service, "did not answer", "no time is left")
        if (seconds := pace.take_turn(patience)) > patience:
            raise self._wait(service, seconds)
        clock.wait(seconds)

    def _pace(self, service: Service) -> Pace:
        with self._lock:
            interval = service.interval if self.contact else max(service.interval, service.interval_without_contact)
            return self._paces.setdefault(service, Pace(interval))

    def _wait(self, service: Service, seconds: float) -> ScholarlyError:
        log.warning("%s asks for a pause of %d seconds", service.name, seconds)
        minutes = math.ceil(seconds / 60)
        words = "a minute" if minutes <= 1 else f"{minutes} minutes"
        return ScholarlyError(f"{service.name} asks us to wait {words}. {TYPED} Try again then.")

    def _refusal(self, service: Service, what: str, reason: str) -> ScholarlyError:
        log.warning("%s %s: %s", service.name, what, reason[:300])
        return ScholarlyError(f"{service.name} {what}. {TYPED} Try again later.")


def _is_same_host(url: str, other: str) -> bool:
    here, there = urlsplit(url), urlsplit(other)
    return (here.scheme, here.netloc) == (there.scheme, there.netloc)


def shared_client(config: Mapping[str, Any]) -> Client:
    """The client of this process for these settings: all who ask share its pace and its answers."""
    return _client(config["SCHOLARLY_CONTACT"], *(config[name] for name in URL_SETTINGS))


@cache
def _client(contact: str | None, *urls: str) -> Client:
    return Client(dict(zip(URL_SETTINGS, urls, strict=True)), contact)
