"""`make run`: sets up the database, then serves the site and does what runs by the clock, until Ctrl+C.

    python scripts/run.py 5000

When one of the two processes ends, so does the other: a site whose mail stays behind unseen fools its owner.
"""

import errno
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLASK = [sys.executable, "-m", "flask"]
SET_UP = [["db", "upgrade"], ["library", "load", "--if-empty"]]
SPACE = 50
"""Megabytes that must be free on the disk, so that what readers send can be kept."""
PATIENCE = 60
"""Seconds that a process may take to finish what it is doing."""
NO_SPACE = f"No space left: the site was not started. Make room on the disk of {ROOT} and start again."


class Stop:
    """Notes Ctrl+C, an end asked by the system, and a terminal that is closed."""

    def __init__(self):
        self.asked = []
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda number, _: self.asked.append(number))

    @property
    def is_urgent(self):
        """Ctrl+C was pressed twice. Other signals come twice by themselves: to the group, and from make."""
        return self.asked.count(signal.SIGINT) > 1


def main(port_text):
    os.chdir(ROOT)
    stop = Stop()
    port = checked_port(port_text)
    lock = only_one()  # noqa: F841 (held as long as this process lives)
    if shutil.disk_usage(ROOT).free < SPACE * 1_000_000:
        raise SystemExit(NO_SPACE)
    check_free(port)
    os.environ["FLASK_SKIP_DOTENV"] = "1"  # webapp/config.py reads the one file that counts
    if not is_site_url_set():
        os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"
    for words in SET_UP:
        if not stop.asked:
            set_up(words, stop)
    if not stop.asked:
        serve(port, stop)


def checked_port(text):
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT={text} is no port: take a number such as 8000.")
    return int(text)


def only_one():
    """The lock of this folder. The system gives it back when the process ends, however it ends."""
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(
            "The site already runs from this folder: stop the other `make run` with Ctrl+C first."
        ) from None
    except OSError:
        pass  # a network disk that knows no locks
    return lock


def check_free(port):
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = "is in use by another program, perhaps by this site from before"
        else:
            why = f"cannot be taken: {error.strerror}"
        raise SystemExit(f"Port {port} {why}. Stop that one, or take another: make run PORT=8000") from None


def is_site_url_set():
    try:
        in_file = (ROOT / ".env").read_text(encoding="utf-8", errors="replace")
    except OSError:
        in_file = ""
    return bool(os.environ.get("SITE_URL") or re.search(r"(?mi)^\s*(export\s+)?SITE_URL\s*=", in_file))


def set_up(words, stop):
    done = subprocess.run([*FLASK, *words], stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    if done.returncode == 0 or stop.asked:
        return
    if "No space left on device" in done.stderr or "disk is full" in done.stderr:
        raise SystemExit(NO_SPACE)
    sys.stderr.write(done.stderr)
    if "Traceback" in done.stderr:
        raise SystemExit(f"The site was not started: `flask {' '.join(words)}` failed, as the lines above say.")
    raise SystemExit(1)


def serve(port, stop):
    running = {
        "The work by the clock (mail, letters, deletions)": subprocess.Popen([*FLASK, "work"]),
        "The web server": subprocess.Popen([*FLASK, "run", "--port", str(port)]),
    }
    while not stop.asked and all(process.poll() is None for process in running.values()):
        time.sleep(0.1)
    was_asked = bool(stop.asked)
    ended = [name for name, process in running.items() if process.poll() is not None]
    end(running.values(), stop)
    if not was_asked:
        raise SystemExit(f"{ended[0]} has ended by itself, so the site was stopped. Start it again with `make run`.")


def end(processes, stop):
    """Ask each to finish; kill what does not, or when Ctrl+C comes once more."""
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        if process.poll() is None:
            process.terminate()
    while any(process.poll() is None for process in processes):
        if stop.is_urgent or time.monotonic() > deadline:
            for process in processes:
                process.kill()
        time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1])
