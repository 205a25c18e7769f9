"""CPU time of a request under the settings of deploy/, against a bare Flask view that sends as many bytes.

    .venv/bin/python -m benchmarks.requests

Starts both under gunicorn with the same worker class, asks them in turn with wrk (apt-get install wrk), and prints
the CPU time of the server's processes for each request as a ratio: median, smallest and largest of the rounds.
Throughput on a shared machine is a coin toss; the time a processor was used is not.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
ROUNDS, SECONDS = 5, 3
SETTINGS = ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--forwarded-allow-ips", ""]
TICK = os.sysconf("SC_CLK_TCK")
BARE = """
from flask import Flask
app = Flask("bare")
body = "x" * {size}
app.add_url_rule("/", view_func=lambda: body, endpoint="page")
"""
OURS = """
from pathlib import Path
from webapp import create_app
app = create_app(Path({instance!r}))
"""
REQUESTS: dict[str, tuple[str, dict[str, str]]] = {
    "list, plain": ("/research/", {}),
    "list, br": ("/research/", {"Accept-Encoding": "gzip, deflate, br"}),
    "summary, plain": ("/research/{slug}", {}),
    "summary, br": ("/research/{slug}", {"Accept-Encoding": "gzip, deflate, br"}),
    "summary, 304": ("/research/{slug}", {"Accept-Encoding": "br", "If-None-Match": "{etag}"}),
}


@contextmanager
def server(port: int, folder: Path, app: str, environment: dict[str, str]) -> Iterator[int]:
    """gunicorn with the settings of deploy/ that cost time; the id of its first process."""
    words = [sys.executable, "-m", "gunicorn", *SETTINGS, "--bind", f"127.0.0.1:{port}", app]
    settings = os.environ | environment | {"PYTHONPATH": f"{folder}:{ROOT}"}
    process = subprocess.Popen(words, cwd=folder, env=settings, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            time.sleep(0.1)
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
                break
            except OSError:
                continue
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def cpu_seconds(parent: int) -> float:
    """What the workers of a server have used so far."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    found = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children]
    return sum(int(fields[11]) + int(fields[12]) for fields in found) / TICK


def microseconds(port: int, parent: int, path: str, headers: dict[str, str]) -> float:
    """CPU time of one request, on average over some seconds of many."""
    words = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", f"http://127.0.0.1:{port}{path}"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    before = cpu_seconds(parent)
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    requests = re.search(r"(\d+) requests in", told)
    if requests is None or ("Non-2xx" in told and "If-None-Match" not in headers):
        raise SystemExit(told)
    return (cpu_seconds(parent) - before) / int(requests[1]) * 1_000_000


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        site = {"SITE_URL": "http://127.0.0.1:8101"}
        (folder / "ours.py").write_text(OURS.format(instance=str(folder / "instance")))
        flask = [sys.executable, "-m", "flask", "--app", "ours"]
        settings = os.environ | site | {"PYTHONPATH": f"{folder}:{ROOT}"}
        for words in (["db", "upgrade"], ["library", "load"]):
            subprocess.run([*flask, *words], cwd=folder, env=settings, check=True, capture_output=True)
        with server(8101, folder, "ours:app", site) as ours:
            page = urllib.request.urlopen("http://127.0.0.1:8101/research/").read().decode()
            slug = re.search(r'href="/research/([a-z0-9-]{20,})"', page)
            if slug is None:
                raise SystemExit("no summary is listed")
            (folder / "bare.py").write_text(BARE.format(size=len(page)))
            with server(8102, folder, "bare:app", {}) as bare:
                _print(ours, bare, slug[1])


def _print(ours: int, bare: int, slug: str) -> None:
    asked = urllib.request.Request(f"http://127.0.0.1:8101/research/{slug}", headers={"Accept-Encoding": "br"})
    etag = urllib.request.urlopen(asked).headers["ETag"]
    ratios: dict[str, list[float]] = {name: [] for name in REQUESTS}
    for _ in range(ROUNDS):
        for name, (path, headers) in REQUESTS.items():
            words = {key: value.format(etag=etag) for key, value in headers.items()}
            base = microseconds(8102, bare, "/", {})
            ratios[name].append(microseconds(8101, ours, path.format(slug=slug), words) / base)
    for name, found in ratios.items():
        print(f"{name:16} {statistics.median(found):.2f}  ({min(found):.2f} to {max(found):.2f}) of the bare view")


if __name__ == "__main__":
    main()
