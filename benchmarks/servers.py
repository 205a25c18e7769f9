"""Servers to measure: the site under the settings of deploy/, and bare Flask on the same worker class beside it."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from tests.databases import settings_for
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
NEVER_ANEW = ["--max-requests", "0"]
"""A worker that starts anew takes what it has used with it, and nothing could be counted."""
BARE_SETTINGS = [
    "--workers",
    "2",
    "--threads",
    "4",
    "--worker-class",
    "gthread",
    "--forwarded-allow-ips",
    "",
    "--preload",
]
BARE = """
from flask import Flask
app = Flask("bare")
body = "x" * {size}
app.add_url_rule("/", view_func=lambda: body, endpoint="page")
"""


@dataclass
class Server:
    """gunicorn that runs."""

    port: int
    pid: int
    first_answer: float
    """Seconds from its start to the first page."""

    @property
    def workers(self) -> list[int]:
        return [int(child) for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def cpu_seconds(self) -> float:
        """What the threads of its workers have used so far, by the scheduler's own clock (not by its ticks)."""
        files = [file for pid in self.workers for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(file.read_text().split()[0]) for file in files) / 1e9

    def proportional_megabytes(self) -> float:
        """PSS of a worker: its own memory and its share of what it has in common with others; the largest worker's."""
        texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.workers]
        return (
            max(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith("Pss:")) / 1024
        )

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[bytes, Mapping[str, str]]:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=dict(headers or {}))
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.read(), answer.headers


@contextmanager
def gunicorn(words: Sequence[str], folder: Path) -> Iterator[Server]:
    port, start = free_port(), time.monotonic()
    words = [sys.executable, "-m", "gunicorn", *words, "--bind", f"127.0.0.1:{port}"]
    own = {"PYTHONPATH": f"{folder}:{ROOT}", "SITE_URL": f"http://127.0.0.1:{port}"}
    environment = {**os.environ, **own}
    with (folder / "gunicorn.log").open("a") as log:
        process = subprocess.Popen(words, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        while True:
            if process.poll() is not None or time.monotonic() - start > 60:
                raise SystemExit((folder / "gunicorn.log").read_text())
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).close()
                break
            except urllib.error.URLError:
                time.sleep(0.005)
        yield Server(port, process.pid, time.monotonic() - start)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


@contextmanager
def site(instance: Path, **settings: object) -> Iterator[Server]:
    """The site, as the unit in deploy/ starts it, on an instance folder of one's own. `settings` go to create_app."""
    folder = Path(mkdtemp(dir=instance.parent))
    called = _called(instance, **settings)
    (folder / "measured.py").write_text(f"from webapp import create_app\napp = {called}\n")
    words = ["--config", str(ROOT / "deploy" / "gunicorn.conf.py"), *NEVER_ANEW, "measured:app"]
    with gunicorn(words, folder) as server:
        yield server


def _called(instance: Path, **settings: object) -> str:
    """The call that makes the site of an instance folder."""
    named = "".join(f", {name}={value!r}" for name, value in {**settings_for(instance), **settings}.items())
    return f"create_app({str(instance)!r}{named})"


@contextmanager
def bare(folder: Path, size: int) -> Iterator[Server]:
    """A Flask view that sends so many bytes, and nothing else."""
    (folder / "bare.py").write_text(BARE.format(size=size))
    with gunicorn([*BARE_SETTINGS, "bare:app"], folder) as server:
        yield server


def make_site(folder: Path) -> Path:
    """An instance folder with a migrated database and the shipped library."""
    instance = folder / "instance"
    instance.mkdir()
    command = [sys.executable, "-m", "flask", "--app", f"webapp:{_called(instance)}"]
    for words in (["db", "upgrade"], ["library", "load"]):
        subprocess.run([*command, *words], cwd=ROOT, check=True, capture_output=True)
    return instance


def wrk(port: int, path: str, headers: Mapping[str, str], seconds: int, connections: int = 8) -> tuple[int, float]:
    """Requests that were answered, and how many a second."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://127.0.0.1:{port}{path}"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    requests, rate = re.search(r"(\d+) requests in", told), re.search(r"Requests/sec:\s+([\d.]+)", told)
    if requests is None or rate is None or ("Non-2xx" in told and "If-None-Match" not in headers):
        raise SystemExit(told)
    return int(requests[1]), float(rate[1])


def cpu_ratio(server: Server, path: str, headers: Mapping[str, str], beside: Server, seconds: int = 2) -> float:
    """CPU time of one request, as a ratio to one for "/" of another server.

    Both are asked at the same time: how fast a shared machine is changes from one second to the next.
    """
    servers, paths = (server, beside), (path, "/")
    sent: tuple[Mapping[str, str], ...] = (headers, {})
    before = [one.cpu_seconds() for one in servers]
    with ThreadPoolExecutor() as pool:
        asked = list(pool.map(wrk, (one.port for one in servers), paths, sent, (seconds, seconds)))
    used = [one.cpu_seconds() - start for one, start in zip(servers, before, strict=True)]
    ours, bare = (seconds / requests for seconds, (requests, _) in zip(used, asked, strict=True))
    return ours / bare


@dataclass
class Measured:
    """What one run found, as a ratio or with its unit."""

    what: str
    values: list[float]
    limit: str
    is_kept: Callable[[float], bool]
    unit: str = ""

    def row(self) -> str:
        middle = statistics.median(self.values)
        spread = f"{min(self.values):.2f} to {max(self.values):.2f}" if len(self.values) > 1 else ""
        kept = "yes" if self.is_kept(middle) else "**no**"
        return f"| {self.what} | {middle:.2f}{self.unit} | {spread} | {self.limit}{self.unit} | {kept} |"


def at_most(what: str, values: list[float], limit: float, unit: str = "") -> Measured:
    return Measured(what, values, f"at most {limit:g}", lambda value: value <= limit, unit)


def at_least(what: str, values: list[float], limit: float, unit: str = "") -> Measured:
    return Measured(what, values, f"at least {limit:g}", lambda value: value >= limit, unit)
