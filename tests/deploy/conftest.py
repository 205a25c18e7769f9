"""The shipped site behind the gunicorn of deploy/, started once; and proxies in front of it or of a mere listener."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.clients import ask
from tests.deploy.proxies import PROXIES, ROOT, Proxy
from tests.missing import refuse
from tests.postgresql import Server, server

LISTENING = re.compile(r"Listening at: \S*127\.0\.0\.1:(\d+)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Side by side, these tests would start every process twice."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("deploy"))


@pytest.fixture(scope="session")
def project(shipped_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it stands on a host, with an instance folder of its own that holds the shipped library."""
    folder = tmp_path_factory.mktemp("host")
    for name in ("webapp", "migrations", "deploy", "wsgi.py"):
        (folder / name).symlink_to(ROOT / name)
    pages_of_others = shutil.ignore_patterns("pages")  # which another test's site may change meanwhile
    shutil.copytree(shipped_instance, folder / "instance", ignore=pages_of_others)
    return folder


@contextmanager
def gunicorn(project: Path, log: Path, *options: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`gunicorn --config deploy/gunicorn.conf.py`, as the unit starts it, with TRUSTED_PROXIES=1."""
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", *options]
    settings = {"SITE_URL": "https://example.org", "TRUSTED_PROXIES": "1", "HOME": str(project)}
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=project, stdout=output, stderr=output, env={**os.environ, **settings, **environment}
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGQUIT)  # without waiting for anybody
            process.wait(60)


def said(log: Path, wanted: str | re.Pattern[str], process: subprocess.Popen[bytes]) -> re.Match[str]:
    """Wait until the log has it."""
    end = time.monotonic() + 60
    while not (found := re.search(wanted, log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.02)
    return found


@dataclass(frozen=True)
class Site:
    """gunicorn, as deploy/ starts it."""

    pid: int
    """Of its first process."""
    port: int
    socket: str
    log: Path
    pages: Path
    """Where it keeps its pages as files."""


@pytest.fixture(scope="session")
def site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """On a port and on a Unix socket."""
    folder = tmp_path_factory.mktemp("gunicorn")
    log, unix = folder / "log", str(folder / "socket")
    with gunicorn(project, log, "--bind", "127.0.0.1:0", "--bind", f"unix:{unix}") as process:
        port = int(said(log, LISTENING, process)[1])
        ask(port, "/robots.txt")  # it listens before it is ready
        yield Site(process.pid, port, unix, log, project / "instance" / "pages")


@pytest.fixture(params=PROXIES, scope="session")
def proxy(request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Each of the two in front of the site."""
    with PROXIES[request.param](tmp_path_factory.mktemp(request.param), site.port, site.pages) as proxy:
        yield proxy


@dataclass
class Listener:
    """A server that keeps what it is asked, and leads everybody back to where they came from."""

    port: int
    requests: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Of the last request, with lower-case names."""
        return [(name.lower(), value) for name, value in self.requests[-1][1]]

    def value(self, name: str) -> str:
        """Of a header that came exactly once."""
        (value,) = [value for known, value in self.headers if known == name.lower()]
        return value


@pytest.fixture
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.requests.append((self.path, self.headers.items()))
            self.send_response(303)
            self.send_header("Location", self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 (the base class wants these names)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard = Listener(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield heard
    server.shutdown()
    thread.join()
    server.server_close()


InFrontOf = Callable[..., Proxy]


@pytest.fixture
def in_front_of(tmp_path: Path) -> Iterator[InFrontOf]:
    """Start a proxy in front of a port; for nginx, where pages lie as files."""
    with ExitStack() as stack:

        def start(name: str, upstream: int, pages: Path | None = None) -> Proxy:
            folder = tmp_path / f"{name}-{upstream}"
            folder.mkdir()
            return stack.enter_context(PROXIES[name](folder, upstream, pages))

        yield start


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of these tests, which they may stop. Without one: skipped, but a failure where CI=true."""
    try:
        with server() as started:
            yield started
    except LookupError as error:
        refuse(str(error))
