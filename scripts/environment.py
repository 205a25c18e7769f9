"""The environment of the project: .venv, with exactly what a list of requirements names. Needs nothing but Python.

    python scripts/environment.py run     what the site needs
    python scripts/environment.py dev     what the tests need besides

The marks .venv/run and .venv/dev say what is whole, by the digest of its list, and are taken away while it is changed.
So an environment without any mark was interrupted, and is made anew. The time of a list says nothing: a version that is
unpacked or put back may be older than the environment, and need another.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LISTS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
SPACE = {"run": 300, "dev": 700}
"""Megabytes that are needed on the disk."""
ONE_ENV_FILE = """
import pathlib, sysconfig
line = "import os; os.environ.setdefault('FLASK_SKIP_DOTENV', '1')"
pathlib.Path(sysconfig.get_path("purelib"), "one_env_file.pth").write_text(line)
"""
"""So that no `flask` command of this environment reads a .env by itself: webapp/config.py knows which one counts."""


def main(kind):
    if sys.version_info < (3, 11):  # noqa: UP036 (an older one comes as far as this line)
        version = sys.version.split()[0]
        stop(f"Python 3.11 or newer is needed; this is {version}. Name another: make run PYTHON=/path/to/python3.11")
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        stop("Python cannot make environments here: on Debian and Ubuntu, `apt-get install python3-venv` adds that.")
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < SPACE[kind]:
        stop(f"No space left: {ROOT} needs {SPACE[kind]} MB, and {free} are free. Make room and start again.")
    VENV.mkdir(exist_ok=True)
    with locked(VENV) as lock:
        if not is_current(kind):
            install(kind, lock)


def install(kind, lock):
    marks = [VENV / name for name in LISTS]
    is_whole = PYTHON.exists() and any(mark.exists() for mark in marks)
    if not is_whole and VENV.is_symlink():
        stop(".venv is a link to an environment that is not whole: make that one anew, or take the link away.")
    for mark in marks:
        mark.unlink(missing_ok=True)
    steps = [
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--no-deps",
            "-r",
            LISTS[kind],
        ],
        [PYTHON, "-c", ONE_ENV_FILE],
    ]
    if not is_whole:
        steps.insert(0, [sys.executable, "-m", "venv", "--clear", VENV])
    say(f"Installing what the {'site needs' if kind == 'run' else 'tests need'} (once) ...")
    for step in steps:
        # The lock is passed on: it holds as long as anything works on the environment, even alone.
        if subprocess.run(step, cwd=ROOT, pass_fds=[lock], check=False).returncode:
            stop("The environment could not be made; the reason stands above. The next start makes it anew.")
    for name in {"run", kind}:
        (VENV / name).write_text(digest_of(name))


def is_current(kind):
    """Whether nothing is to be done."""
    mark = VENV / kind
    return PYTHON.exists() and mark.exists() and mark.read_text() == digest_of(kind)


def digest_of(kind):
    return hashlib.sha256((ROOT / LISTS[kind]).read_bytes()).hexdigest()


@contextmanager
def locked(folder):
    """One at a time; the system gives the lock back when a process ends, however it ends."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("The environment is being made by another start; this one waits for it ...")
        fcntl.flock(handle, fcntl.LOCK_EX)
    yield handle
    os.close(handle)


def say(sentence):
    print(sentence, flush=True)


def stop(sentence):
    raise SystemExit(sentence)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        stop("Stopped. The next start makes the environment anew.")
    except OSError as error:
        stop(f"The environment could not be made: {error}. The next start makes it anew.")
