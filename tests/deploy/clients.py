"""Clients on bare sockets: readers, liars who send what no browser would, and slow ones."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPResponse

PATIENCE = 10.0
"""Seconds after which a client gives up; long against the second a reader should wait at most."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """All of it, headers too."""
        return f"{self.headers}\n{self.body.decode(errors='replace')}"


def ask(
    where: int | str,
    path: str = "/",
    *lines: str,
    method: str = "GET",
    host: str = "example.org",
    body: bytes = b"",
    source: str = "127.0.0.1",
) -> Answer:
    """Send exactly this to a port or a Unix socket, and read the answer. `lines` are more header lines."""
    started = time.monotonic()
    head = "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *lines])
    with connected(where, source) as client:
        with suppress(ConnectionError):  # who refuses early may close before all of it has come
            client.sendall(head.encode() + b"\r\n\r\n" + body)
        with HTTPResponse(client, method=method) as response:
            response.begin()
            read = b""
            with suppress(ConnectionError):
                read = response.read()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, read, time.monotonic() - started)


def connected(where: int | str, source: str = "127.0.0.1") -> socket.socket:
    if isinstance(where, str):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(PATIENCE)
        client.connect(where)
        return client
    return socket.create_connection(("127.0.0.1", where), PATIENCE, (source, 0))


def until(is_true: Callable[[], object], seconds: float = 30) -> float:
    """Wait for it; how many seconds it took."""
    started = time.monotonic()
    while not is_true():
        assert time.monotonic() < started + seconds, "it did not happen"
        time.sleep(0.01)
    return time.monotonic() - started


HEAD = b"GET /research/ HTTP/1.1\r\nHost: example.org\r\nX-Slow: "
BODY = (
    b"POST /contact HTTP/1.1\r\nHost: example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\nname="
)


class SlowClients:
    """Connections that never finish what they ask, and send one more byte now and then so that nobody forgets them."""

    PAUSE = 0.2  # seconds between two bytes

    def __init__(self, sockets: list[socket.socket]) -> None:
        self.sockets = sockets
        self.is_over = threading.Event()

    def dribble(self) -> None:
        while not self.is_over.wait(self.PAUSE):
            for one in self.sockets:
                with suppress(OSError):  # cut off, or its pipe is full
                    one.send(b"a")

    def answered(self) -> list[socket.socket]:
        """Those who were answered or cut off."""
        with selectors.DefaultSelector() as selector:
            for one in self.sockets:
                selector.register(one, selectors.EVENT_READ, data=one)
            return [key.data for key, _ in selector.select(0)]


@contextmanager
def slow_clients(port: int, starts: list[bytes], per_address: int = 20) -> Iterator[SlowClients]:
    """One slow client for each of `starts`, which it sends at once. They come from many addresses of this machine."""
    sockets = []
    try:
        for number, start in enumerate(starts):
            client = connected(port, f"127.0.1.{1 + number // per_address}")
            sockets.append(client)
            client.sendall(start)
            client.setblocking(False)
        crowd = SlowClients(sockets)
        thread = threading.Thread(target=crowd.dribble, daemon=True)
        thread.start()
        try:
            yield crowd
        finally:
            crowd.is_over.set()
            thread.join()
    finally:
        for client in sockets:
            client.close()
