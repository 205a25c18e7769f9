"""Real deliverers on a real database: killed half way, several at once, and run by the clock."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.factories import make_categories, make_summary
from tests.mail.conftest import Post
from tests.mail.server import Inbox
from tests.ports import free_port
from webapp.extensions import db
from webapp.mail import queries
from webapp.models import OutboxMail
from webapp.scholarly.client import URL_SETTINGS
from webapp.tasks import TASKS

ROOT = Path(__file__).parents[2]
Start = Callable[..., subprocess.Popen[str]]


def until(is_true: Callable[[], Any], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def start(app: Flask, inbox: Inbox) -> Iterator[Start]:
    """Run `flask ...` as a process of its own on the database and mail server of this test."""
    running = []
    environment = {
        **os.environ,
        "MAIL_URL": inbox.url,
        "MAIL_FROM": "letters@example.org",
        "SITE_URL": "https://example.org",
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        **dict.fromkeys(URL_SETTINGS, "http://127.0.0.1:9"),  # no test asks a service of the world
    }

    def run(*words: str) -> subprocess.Popen[str]:
        site = f"webapp:create_app({app.instance_path!r})"
        command = [sys.executable, "-m", "flask", "--app", site, *words]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def finished(process: subprocess.Popen[str]) -> str:
    said, wrong = process.communicate(timeout=90)
    faults = [line for line in wrong.splitlines() if "did not answer" not in line]  # the services are not there
    assert (process.returncode, faults) == (0, [])
    return said


def let_claims_run_out() -> None:
    """As if a quarter of an hour had passed."""
    db.session.execute(update(OutboxMail).values(claimed_until=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)))
    db.session.commit()


@pytest.mark.parametrize(("moment", "repeated"), [("before it was taken", 0), ("after it was taken", 1)])
def test_killed_half_way_and_started_again(inbox: Inbox, post: Post, start: Start, moment: str, repeated: int) -> None:
    """Nothing is lost. Only the one mail in flight may come twice: the server had it, but died with it did the
    deliverer, before it could write that down; and nobody else can know. It carries the same Message-ID.
    """
    for number in range(12):
        post(f"reader{number}@example.org")
    inbox.at_mail, inbox.moment = 5, moment
    process = start("mail", "deliver")
    inbox.then = process.kill
    assert process.wait(timeout=90) == -signal.SIGKILL

    taken = len(inbox.envelopes)
    assert taken == 4 + repeated
    assert queries.counts() == (8, 4, 0)
    inbox.at_mail = 0
    assert finished(start("mail", "deliver")) == "7 sent, 0 to be tried again, 0 given up.\n"
    assert queries.counts() == (1, 11, 0)  # the one in flight is still claimed
    let_claims_run_out()
    assert finished(start("mail", "deliver")) == "1 sent, 0 to be tried again, 0 given up.\n"
    assert queries.counts() == (0, 12, 0)

    copies = Counter(message["Message-ID"] for message in inbox.messages)
    assert len(copies) == 12
    assert copies.total() == 12 + repeated
    assert {message["To"] for message in inbox.messages} == {f"reader{number}@example.org" for number in range(12)}


def test_several_deliverers_send_each_mail_once(inbox: Inbox, post: Post, start: Start) -> None:
    for number in range(60):
        post(f"reader{number}@example.org")
    inbox.wait_for = 3  # the server answers nobody until three are there
    outcomes = [finished(process) for process in [start("mail", "deliver") for _ in range(3)]]
    counts = [int(outcome.split()[0]) for outcome in outcomes]
    assert sum(counts) == 60
    assert all(counts)
    assert len({message["Message-ID"] for message in inbox.messages}) == len(inbox.messages) == 60
    assert queries.counts() == (0, 60, 0)


@pytest.mark.parametrize("words", [("work",), ("mail", "deliver", "--loop")])
def test_it_goes_on_until_it_is_asked_to_stop(inbox: Inbox, post: Post, start: Start, words: tuple[str]) -> None:
    process = start(*words)
    post()
    until(lambda: len(inbox.envelopes) == 1)
    post()  # a mail that comes later goes too
    until(lambda: len(inbox.envelopes) == 2)
    process.send_signal(signal.SIGINT if words == ("work",) else signal.SIGTERM)
    assert "deliver mail: " in finished(process)
    assert queries.counts() == (0, 2, 0)


def test_a_stop_lets_the_mail_in_flight_arrive(inbox: Inbox, post: Post, start: Start) -> None:
    inbox.at_mail = 1
    process = start("work")
    inbox.then = lambda: process.send_signal(signal.SIGTERM)
    post()
    post()
    finished(process)
    assert queries.counts() == (1, 1, 0)
    assert len(inbox.envelopes) == 1


def test_work_on_a_site_that_is_not_set_up_says_so_once(tmp_path: Path) -> None:
    site = f"webapp:create_app({str(tmp_path)!r})"
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", site, "work"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr
    assert "make run" in process.stderr.readline()
    process.terminate()
    _, wrong = process.communicate(timeout=90)
    assert "Traceback" not in wrong
    assert process.returncode == 0


@pytest.fixture
def project(app: Flask, post: Post, tmp_path: Path) -> Path:
    """A newcomer's copy of the project, with one summary and one mail that waits."""
    make_categories()
    make_summary()
    post()
    for name in ("webapp", "migrations", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@contextmanager
def make_run(project: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`make run` as in a terminal: a group of processes, all of which Ctrl+C reaches."""
    command = ["make", "-o", ".venv/run", "run", f"BIN={Path(sys.executable).parent}", f"PORT={port}"]
    process = subprocess.Popen(
        command, cwd=project, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def is_group_gone(process: subprocess.Popen[str]) -> bool:
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


def is_answering(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.sqlite
@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
@pytest.mark.parametrize("is_ctrl_c", [True, False], ids=["Ctrl+C", "the end of make alone"])
def test_make_run_delivers_beside_the_server_and_leaves_nobody_behind(project: Path, is_ctrl_c: bool) -> None:
    port = free_port()
    with make_run(project, port) as process:
        until(lambda: list((project / "instance" / "mail").glob("*.eml")))
        until(lambda: is_answering(port))
        os.killpg(process.pid, signal.SIGINT) if is_ctrl_c else process.terminate()
        process.communicate(timeout=90)
        until(lambda: is_group_gone(process))
        assert not is_answering(port)


@pytest.mark.sqlite
@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_run_ends_its_work_when_the_server_cannot_start(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, make_run(project, taken.getsockname()[1]) as process:
        said, _ = process.communicate(timeout=90)
        assert process.returncode != 0
        assert f"Port {taken.getsockname()[1]} is in use" in said
        until(lambda: is_group_gone(process))


def test_anyone_can_read_what_is_done() -> None:
    assert [(task.name, task.pause) for task in TASKS] == [
        ("note that the work goes on", "1 minute"),
        ("say which key this host signs with", "1 minute"),
        ("deliver mail", "2 seconds"),
        ("publish what is due", "20 seconds"),
        ("make the most read pages anew", "1 second"),
        ("take off who cannot be reached any more", "1 hour"),
        ("write the letters that are due", "1 hour"),
        ("write the mails about corrections", "20 seconds"),
        ("tell search engines what changed", "5 minutes"),
        ("look whether papers were withdrawn or corrected", "1 hour"),
        ("look for new papers", "1 hour"),
        ("look what became of trials", "1 hour"),
        ("ask which trials look for people", "1 hour"),
        ("look up the papers that readers asked for", "1 hour"),
        ("tell the owner about mail that was given up", "1 hour"),
        ("delete files that nobody brought in", "6 hours"),
        ("delete what has expired", "6 hours"),
    ]
