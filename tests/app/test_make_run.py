"""`make run`, with a real make: what goes wrong is said in one sentence, and the next start works.

The flask, venv and pip that it calls stand in the project's folder, where Python looks first: so each test takes a
moment, and says when what happens. tests/mail/test_processes.py runs the site itself this way.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from webapp.errors import FULL

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")

ROOT = Path(__file__).parents[2]
FLASK = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
word = sys.argv[1]
with open("called", "a") as called:
    called.write(f"{' '.join(sys.argv[1:])} {os.environ['SITE_URL']} {os.environ['FLASK_SKIP_DOTENV']}\\n")
if word in {"work", "run"}:
    pathlib.Path(f"{word}.new").write_text(str(os.getpid()))
    os.rename(f"{word}.new", f"{word}.pid")
    time.sleep(60)
wrong = pathlib.Path(f"{word}.wrong")
if wrong.exists():
    sys.exit(wrong.read_text())
"""
VENV = """
import sys
sys.path.pop(0)
import venv
venv.create(sys.argv[-1], clear="--clear" in sys.argv)
"""
PIP = """
import os, pathlib, time
with open("installed", "a") as installed:
    installed.write("begun ")
pathlib.Path(".venv/half-installed").touch()
pathlib.Path("pip.pid").write_text(str(os.getpid()))
while pathlib.Path("slow").exists():
    time.sleep(0.02)
pathlib.Path(".venv/half-installed").unlink()
with open("installed", "a") as installed:
    installed.write("done ")
"""
Make = Callable[..., subprocess.Popen[str]]


def until(is_true: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, source in {"flask": FLASK, "venv": VENV, "pip": PIP}.items():
        (tmp_path / f"{name}.py").write_text(source)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def make(project: Path) -> Iterator[Make]:
    """`make ...` as in a terminal: a group of processes, all of which Ctrl+C reaches."""
    started = []

    def run(*words: str) -> subprocess.Popen[str]:
        environment = {
            k: v
            for k, v in os.environ.items()
            if k not in {"SITE_URL", "FLASK_SKIP_DOTENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
        }
        process = subprocess.Popen(
            ["make", *words],
            cwd=project,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(make: Make, port: int) -> Make:
    """`make run` in an environment that is whole."""
    whole = ("-o", ".venv/run", f"BIN={Path(sys.executable).parent}")
    return lambda *words: make(*whole, "run", *(words or [f"PORT={port}"]))


def said(process: subprocess.Popen[str]) -> str:
    """What a start that failed said, without make's own last line."""
    text, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    return "\n".join(line for line in text.splitlines() if not line.startswith("make:"))


def pid(project: Path, name: str) -> int:
    """The process, as soon as it runs."""
    path = project / f"{name}.pid"
    until(lambda: path.exists() and path.read_text())
    found = int(path.read_text())
    path.unlink()
    return found


def is_gone(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_sets_up_then_serves_and_works_and_ctrl_c_ends_both(project: Path, start: Make, port: int) -> None:
    process = start()
    both = [pid(project, "work"), pid(project, "run")]
    called = (project / "called").read_text().splitlines()
    end = f" http://127.0.0.1:{port} 1"
    assert called[:2] == [f"db upgrade{end}", f"library load --if-empty{end}"]
    assert sorted(called[2:]) == [f"run --port {port}{end}", f"work{end}"]
    os.killpg(process.pid, signal.SIGINT)
    text, _ = process.communicate(timeout=60)
    assert "ended by itself" not in text
    assert "Traceback" not in text
    until(lambda: all(map(is_gone, both)))


@pytest.mark.parametrize("line", ["SITE_URL=https://a.example", " export SITE_URL = x", "site_url=x"])
def test_the_address_in_the_file_of_settings_counts(project: Path, start: Make, line: str) -> None:
    (project / ".env").write_text(f"OWNER_NAME=Ada\n{line}\n")
    (project / "db.wrong").write_text("stop here")
    (project / "flask.py").write_text(FLASK.replace("os.environ['SITE_URL']", "os.environ.get('SITE_URL')"))
    assert said(start()) == "stop here"
    assert (project / "called").read_text() == "db upgrade None 1\n"


def test_twice_at_once_the_second_says_so_and_the_first_goes_on(project: Path, start: Make) -> None:
    first = start()
    both = [pid(project, "work"), pid(project, "run")]
    with socket.create_server(("127.0.0.1", 0)) as other:
        another_port = other.getsockname()[1]
    for words in ((), (f"PORT={another_port}",)):
        assert said(start(*words)) == (
            "The site already runs from this folder: stop the other `make run` with Ctrl+C first."
        )
    assert first.poll() is None
    assert not any(map(is_gone, both))
    os.killpg(first.pid, signal.SIGKILL)
    start()
    assert pid(project, "run")


@pytest.mark.parametrize(
    ("dead", "sentence"),
    [
        ("work", "The work by the clock (mail, letters, deletions) has ended by itself, so the site was stopped."),
        ("run", "The web server has ended by itself, so the site was stopped."),
    ],
)
def test_when_one_of_the_two_dies_the_other_is_stopped_and_the_next_start_works(
    project: Path, start: Make, dead: str, sentence: str
) -> None:
    process = start()
    both = {"work": pid(project, "work"), "run": pid(project, "run")}
    os.kill(both[dead], signal.SIGKILL)
    assert said(process) == f"{sentence} Start it again with `make run`."
    assert all(map(is_gone, both.values()))
    start()
    assert pid(project, "work")


def test_a_port_that_is_taken_is_said_before_anything_is_done(project: Path, start: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        text = said(start(f"PORT={number}"))
    assert text.startswith(f"Port {number} is in use")
    assert "make run PORT=" in text
    assert not (project / "called").exists()


@pytest.mark.parametrize("number", ["many", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_said(start: Make, number: str) -> None:
    assert said(start(f"PORT={number}")) == f"PORT={number} is no port: take a number such as 8000."


def test_a_full_disk_is_said_before_anything_is_done(project: Path) -> None:
    """On a disk of its own, of two megabytes."""
    (project / "disk").mkdir()
    script = """
        mount -t tmpfs -o size=2m none disk || exit 77
        cp -r Makefile scripts flask.py disk/
        make -C disk --no-print-directory -o .venv/run BIN="$1" run PORT=45678; make=$?
        test ! -e disk/called || exit 78
        exit $make"""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare on this machine")
    command = ["unshare", "-rm", "sh", "-c", script, "sh", str(Path(sys.executable).parent)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode in {1, 77}:
        pytest.skip("this machine lets nobody mount a disk of their own")
    assert done.returncode == 2
    assert done.stderr.startswith("No space left: the site was not started.")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "reason", ["[Errno 28] No space left on device", "(sqlite3.Error) database or disk is full", f"Error: {FULL}"]
)
def test_a_disk_that_gets_full_is_said_in_one_sentence(project: Path, start: Make, reason: str) -> None:
    (project / "library.wrong").write_text(f"Traceback (most recent call last):\n  ...\n{reason}\n")
    text = said(start())
    assert text.startswith("No space left: the site was not started.")
    assert "\n" not in text
    (project / "library.wrong").unlink()
    start()
    assert pid(project, "run")


def test_what_stops_the_set_up_is_shown_and_nothing_is_served(project: Path, start: Make) -> None:
    sentence = "The site did not start, because a setting is wrong. SITE_URL cannot be 'x'."
    (project / "db.wrong").write_text(sentence)
    assert said(start()) == sentence
    (project / "db.wrong").write_text("Traceback (most recent call last):\n  ...\nValueError")
    assert said(start()).endswith("The site was not started: `flask db upgrade` failed, as the lines above say.")
    assert "work" not in (project / "called").read_text()


PYTHON = f"PYTHON={sys.executable}"


def installed(project: Path) -> str:
    return (project / "installed").read_text()


def test_an_environment_is_made_once(project: Path, make: Make) -> None:
    for _ in range(2):
        assert make(".venv/run", PYTHON).wait(timeout=60) == 0
    assert installed(project) == "begun done "
    asked = [str(project / ".venv" / "bin" / "python"), "-c", "import os; print(os.environ['FLASK_SKIP_DOTENV'])"]
    environment = {name: value for name, value in os.environ.items() if name != "FLASK_SKIP_DOTENV"}
    assert subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout == "1\n"


@pytest.mark.parametrize("is_all_killed", [False, True], ids=["pip", "all"])
def test_an_interrupted_environment_is_made_anew(project: Path, make: Make, is_all_killed: bool) -> None:
    (project / "slow").touch()
    process = make(".venv/run", PYTHON)
    number = pid(project, "pip")
    os.killpg(process.pid, signal.SIGKILL) if is_all_killed else os.kill(number, signal.SIGKILL)
    if not is_all_killed:
        assert "The environment could not be made" in said(process)
    until(lambda: is_gone(number))
    assert (project / ".venv" / "half-installed").exists()
    assert not (project / ".venv" / "run").exists()
    (project / "slow").unlink()
    (project / ".venv" / "left-over").touch()
    again = make(".venv/run", PYTHON)
    assert again.wait(timeout=60) == 0
    assert installed(project) == "begun begun done "
    assert not (project / ".venv" / "left-over").exists(), "it was made from the start"
    assert (project / ".venv" / "run").exists()


def test_an_environment_without_pip_is_made_anew(project: Path, make: Make) -> None:
    """Killed even earlier, while Python made it."""
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (project / ".venv" / "left-over").touch()
    assert make(".venv/run", PYTHON).wait(timeout=60) == 0
    assert not (project / ".venv" / "left-over").exists()
    assert installed(project) == "begun done "


def test_an_environment_whose_python_has_gone_is_made_anew(project: Path, make: Make) -> None:
    assert make(".venv/run", PYTHON).wait(timeout=60) == 0
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/no/such/python3.11")
    assert make(".venv/run", PYTHON).wait(timeout=60) == 0
    assert python.exists()
    assert installed(project) == "begun done begun done "


def test_two_starts_at_once_make_one_environment(project: Path, make: Make) -> None:
    (project / "slow").touch()
    first = make(".venv/run", PYTHON)
    pid(project, "pip")
    second = make(".venv/run", PYTHON)
    assert second.stdout
    assert second.stdout.readline() == "The environment is being made by another start; this one waits for it ...\n"
    (project / "slow").unlink()
    assert (first.wait(timeout=60), second.wait(timeout=60)) == (0, 0)
    assert installed(project) == "begun done "


def test_a_changed_list_renews_the_environment_in_place(project: Path, make: Make) -> None:
    assert make(".venv/dev", PYTHON).wait(timeout=60) == 0
    assert make(".venv/run", PYTHON).wait(timeout=60) == 0
    assert installed(project) == "begun done ", "the tests' list holds the site's"
    (project / ".venv" / "own").touch()
    requirements = project / "requirements.txt"
    requirements.write_text("# of another version\n")
    os.utime(requirements, (1, 1))  # as unpacked from an archive: older than what is installed
    assert make(".venv/run", PYTHON).wait(timeout=60) == 0
    assert installed(project) == "begun done begun done "
    assert (project / ".venv" / "own").exists()


def test_a_linked_environment_is_never_emptied(
    project: Path, make: Make, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shared = tmp_path_factory.mktemp("shared")
    (shared / "of-somebody-else").touch()
    (project / ".venv").symlink_to(shared)
    assert ".venv is a link" in said(make(".venv/run", PYTHON))
    assert (shared / "of-somebody-else").exists()


def test_no_python_or_one_that_is_too_old_is_said(project: Path, make: Make) -> None:
    sentence = "Python 3.11 or newer is needed, and none was found."
    for python in ("", "no-such-python"):
        assert said(make("run", f"PYTHON={python}")) == sentence
    old = "import runpy, sys; sys.version_info, sys.version = (3, 9, 2), '3.9.2 (main)'; sys.argv[1:] = ['run'];"
    command = [sys.executable, "-c", f"{old} runpy.run_path('scripts/environment.py', run_name='__main__')"]
    ended = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == (
        "Python 3.11 or newer is needed; this is 3.9.2. Name another: make run PYTHON=/path/to/python3.11\n"
    )
