"""A service of our own on this machine, which can also be slow, huge, broken, busy, or send one elsewhere."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from webapp import clock

Body = bytes | str | object
Misdeed = Callable[[BaseHTTPRequestHandler, threading.Event], None]
"""What is done to the connection instead of an answer. The event is set when the server stops."""


@dataclass
class Reply:
    """One answer: an object is sent as JSON."""

    body: Body = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    misdeed: Misdeed | None = None

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass
class Question:
    """What came in."""

    path: str
    headers: list[tuple[str, str]]
    at: float
    """Of clock.steady()."""
    message: object = None
    """What was posted as JSON."""

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


class Service:
    """Answers with `replies`, one after the other; the last one again and again."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [Reply(status=404, body="Resource not found.")]
        self.asked: list[Question] = []
        self.url = ""
        self.is_over = threading.Event()
        self._lock = threading.Lock()

    def replies_with(self, *replies: Reply | Body) -> None:
        self.replies = [one if isinstance(one, Reply) else Reply(one) for one in replies]

    def next_reply(self, path: str, headers: list[tuple[str, str]], message: object = None) -> Reply:
        with self._lock:
            self.asked.append(Question(path, headers, clock.steady(), message))
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or the second of two packets waits 40 ms for the client's word on the first

        def do_POST(self) -> None:
            self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def do_GET(self) -> None:
            self.answer()

        def answer(self, message: object = None) -> None:
            reply = service.next_reply(self.path, self.headers.items(), message)
            with suppress(OSError):  # the client has gone
                if reply.misdeed:
                    self.close_connection = True
                    reply.misdeed(self, service.is_over)
                    return
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.content)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what is tested."""


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """The service on a free port of this machine."""
    server = Server(("127.0.0.1", 0), _handler(service))
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.005), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def silent(_: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    """Take the question and say nothing."""
    is_over.wait(30)


def dripping_head(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    """A byte of the head now and then, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not is_over.wait(0.05):
        handler.wfile.write(b"a")
        handler.wfile.flush()


def dripping_body(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    """A byte of the body now and then, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not is_over.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def broken_off(handler: BaseHTTPRequestHandler, _: threading.Event) -> None:
    """Half of what was promised."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"status": ')


def hung_up(_: BaseHTTPRequestHandler, __: threading.Event) -> None:
    """Not a word."""


def endless(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    """A body that does not say how long it is, and never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not is_over.is_set():
        handler.wfile.write(b"[" * 65_536)


def packed(body: bytes) -> Reply:
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})
