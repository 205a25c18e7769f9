"""Two hosts on this machine: each with a project folder, gunicorn and nginx of its own, on one PostgreSQL."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, make_url, text

from tests.conftest import make_app
from tests.deploy.clients import Answer, ask
from tests.deploy.conftest import LISTENING, gunicorn, said
from tests.deploy.proxies import ROOT, Proxy, nginx
from tests.factories import make_categories, make_summary, make_terms
from tests.ports import free_port
from tests.postgresql import Server
from webapp.database import engine_options
from webapp.scholarly.client import URL_SETTINGS

MAIL = {"MAIL_FROM": "letters@example.org"}


@dataclass
class Host:
    """One of the two. `door` is its nginx, which asks its own gunicorn and that of the other."""

    project: Path
    port: int
    settings: dict[str, str]
    door: Proxy | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def pages(self) -> Path:
        return self.project / "instance" / "pages"

    @property
    def log(self) -> Path:
        return self.project / "log"

    def asked(self, path: str, **how: Any) -> Answer:
        """What a reader is told who comes to this host."""
        assert self.door
        return ask(self.door.port, path, **how)

    @contextmanager
    def serving(self) -> Iterator[None]:
        with gunicorn(self.project, self.log, "--bind", f"127.0.0.1:{self.port}", **self.settings) as self.process:
            said(self.log, LISTENING, self.process)
            ask(self.port, "/robots.txt")  # it listens before it is ready
            yield

    def kill(self) -> None:
        """All of the site at once, as when the machine dies."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in [self.process.pid, *map(int, children)]:
            os.kill(pid, signal.SIGKILL)

    def flask(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **self.settings, **settings}
        with (self.project / f"{words[0]}.log").open("a") as output:
            return subprocess.Popen(command, cwd=self.project, stdout=output, stderr=output, env=environment, text=True)

    def worked(self) -> str:
        """What its `flask work` said so far."""
        return (self.project / "work.log").read_text()


@dataclass
class Hosts:
    first: Host
    second: Host
    app: Flask
    """The site as a command on the first host has it."""
    engine: Engine
    stack: ExitStack

    def start(self, host: Host) -> None:
        self.stack.enter_context(host.serving())

    @property
    def both(self) -> tuple[Host, Host]:
        return self.first, self.second

    def count(self, what: str) -> int:
        with self.engine.connect() as connection:
            return int(connection.scalar(text(f"SELECT count(*) FROM {what}")))


@contextmanager
def two_hosts(folder: Path, server: Server) -> Iterator[Hosts]:
    url = server.new_database()
    settings = {
        "DATABASE_URL": url,
        "SECRET_KEY": "the same on both hosts",
        "SITE_URL": "https://example.org",
        "TRUSTED_PROXIES": "1",
        **dict.fromkeys(URL_SETTINGS, "http://127.0.0.1:9"),  # no test asks a service of the world
    }
    hosts = [Host(_project(folder / name), free_port(), settings) for name in ("one", "two")]
    engine_url = make_url(url).set(drivername="postgresql+psycopg")
    app = make_app(
        hosts[0].project / "instance",
        SQLALCHEMY_DATABASE_URI=engine_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
        **{name: settings[name] for name in ("SECRET_KEY", "SITE_URL")},
    )
    with app.app_context():
        upgrade()
        make_categories()
        make_summary()
        make_terms(spasticity="Edition number 0")
    with ExitStack() as stack:
        engine = create_engine(engine_url, **engine_options(url))
        site = Hosts(hosts[0], hosts[1], app, engine, stack)
        for host in hosts:
            site.start(host)
        for host, other in zip(hosts, reversed(hosts), strict=True):
            place = folder / f"nginx-{host.project.name}"
            place.mkdir()
            host.door = stack.enter_context(nginx(place, host.port, host.pages, other.port))
        yield site
        engine.dispose()


def _project(folder: Path) -> Path:
    folder.mkdir()
    for name in ("webapp", "migrations", "deploy", "wsgi.py"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "instance").mkdir()
    return folder


@dataclass
class Crowd:
    """Readers, or writers, who ask again and again until the block ends; what they were told."""

    ask: Callable[[int], Answer | None]
    answers: list[Answer] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @contextmanager
    def busy(self, threads: int, pause: float = 0.005) -> Iterator[Crowd]:
        is_over = threading.Event()

        def go(number: int) -> None:
            while not is_over.wait(pause):
                try:
                    answer = self.ask(number)
                except (OSError, HTTPException) as error:  # refused, or cut off
                    self.faults.append(repr(error))
                    continue
                if answer:
                    self.answers.append(answer)

        crowd = [threading.Thread(target=go, args=(number,)) for number in range(threads)]
        for thread in crowd:
            thread.start()
        try:
            yield self
        finally:
            is_over.set()
            for thread in crowd:
                thread.join()


class Letter:
    """The contact form, opened once and sent many times, each from another address."""

    def __init__(self, host: Host) -> None:
        page = host.asked("/contact").body.decode()
        self.values = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
        self.opened_at = time.monotonic()
        self.numbers = itertools.count(1)

    def sent_anew(self, port: int, tag: str) -> Answer:
        """One that was never sent before, from somebody who never sent one."""
        number = next(self.numbers)
        return self.sent(port, f"127.1.{number // 250}.{1 + number % 250}", text=f"Is this kept? {tag} {number}")

    def sent(self, port: int, source: str, **words: str) -> Answer:
        """An empty one where there are no words."""
        time.sleep(max(0, self.opened_at + 2.1 - time.monotonic()))  # so long nobody needs to fill it in
        filled = {"address": "ada@example.org", "topic": "question", **words} if words else {}
        body = urlencode(self.values | filled).encode()
        kind = "Content-Type: application/x-www-form-urlencoded"
        return ask(port, "/contact", kind, f"Content-Length: {len(body)}", method="POST", body=body, source=source)


def stopped(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    process.wait(30)
