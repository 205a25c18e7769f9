"""One request over the network: what goes out, and how much comes in. Nothing about a reader is in it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import quote

from webapp import clock
from webapp.addresses import with_ascii_domain
from webapp.scholarly.pace import within

if TYPE_CHECKING:
    import httpx2

PROGRAM = "SpinalCordResearchHelp"
REDIRECTS = {301, 302, 303, 307, 308}


class LostError(Exception):
    """No answer came, or not a whole one. Trying again may help."""


class UnreadableError(Exception):
    """The answer is too large, or packed in a way we did not ask for."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one call."""

    seconds: float = 15.0
    """In all, with waiting and trying again. Somebody may sit before the form."""
    connect_seconds: float = 4.0
    silent_seconds: float = 8.0
    """Without a byte."""
    bytes: int = 4_000_000
    """Of the answer, unpacked."""
    attempts: int = 3
    backoff_seconds: float = 0.5
    """Before the second attempt; twice as long before each further one."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    retry_after: str = ""
    elsewhere: str = ""
    """Where a redirect leads, as a whole URL."""


class Transport:
    """The connections of this process to all services."""

    def __init__(self, contact: str | None, limits: Limits) -> None:
        self.limits = limits
        address = quote(with_ascii_domain(contact), safe="@+") if contact else ""
        self.headers = {
            "User-Agent": f"{PROGRAM} (mailto:{address})" if address else PROGRAM,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
        }

    @cached_property
    def _http(self) -> httpx2.Client:
        import httpx2  # 5 MB of each process, which no page for readers needs

        return httpx2.Client(
            headers=self.headers,
            timeout=httpx2.Timeout(self.limits.silent_seconds, connect=self.limits.connect_seconds),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # none is kept, so none goes out
            follow_redirects=False,
            trust_env=False,  # no password from a .netrc, and only config.py reads the environment
        )

    def send(self, url: str, deadline: float, message: object | None = None) -> Answer:
        """What the URL answers until `deadline` (of clock.steady()); a message is posted to it, as JSON.

        Raises LostError or UnreadableError.
        """
        import httpx2

        try:
            return within(deadline - clock.steady(), lambda: self._send(url, deadline, message))
        except TimeoutError as error:
            raise LostError("it took too long") from error
        except httpx2.TransportError as error:
            raise LostError(f"{type(error).__name__} {error}".strip()) from error

    def close(self) -> None:
        """Let go of connections that are kept for the next question."""
        if "_http" in vars(self):
            self._http.close()

    def _send(self, url: str, deadline: float, message: object | None) -> Answer:
        asked = {"method": "GET"} if message is None else {"method": "POST", "json": message}
        with self._http.stream(url=url, **asked) as response:
            headers = response.headers
            packing = headers.get("Content-Encoding", "identity").lower()
            if packing not in {"identity", "gzip"}:
                raise UnreadableError(f"it is packed as {packing}")
            parts = _until(deadline, response.iter_raw(65_536))
            body = _bounded(unpacked(parts, self.limits.bytes) if packing == "gzip" else parts, self.limits.bytes)
            return Answer(
                response.status_code,
                body,
                headers.get("Retry-After", ""),
                str(response.next_request.url) if response.next_request else "",
            )


def _until(deadline: float, parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        if clock.steady() > deadline:
            raise LostError("it took too long")
        yield part


def _bounded(parts: Iterable[bytes], most: int) -> bytes:
    """All parts in one. Stops reading where they become more than `most` bytes."""
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > most:
            raise UnreadableError(f"it is larger than {most} bytes")
    return bytes(body)


def unpacked(parts: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Gzip unpacked in steps of at most `most` bytes: a small parcel can hold a thousandfold."""
    machine, is_empty = zlib.decompressobj(wbits=31), True
    try:
        for part in parts:
            rest, is_empty = part, False
            while rest:
                yield machine.decompress(rest, most)
                rest = machine.unconsumed_tail
    except zlib.error as error:
        raise UnreadableError(f"it is not packed well: {error}") from error
    if not machine.eof and not is_empty:
        raise LostError("it broke off")
