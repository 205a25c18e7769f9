"""Growth on PostgreSQL: on the server that TEST_POSTGRESQL names, or on one that is started from what is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import growth
from benchmarks.servers import Measured
from tests import databases
from tests.ports import free_port

PROGRAMS = "/usr/lib/postgresql"
"""Where Debian puts them, by version; elsewhere they are on the PATH."""
USER = "postgres"
"""Who runs the server where we are root, whom it refuses."""


def measure(sizes: tuple[int, int] = growth.SIZES) -> list[Measured]:
    with server() as address, databases.on(address):
        return growth.measure(sizes)


@contextmanager
def server() -> Iterator[str]:
    """The address of a server. Raises LookupError where there is none and none can be started."""
    if named := os.environ.get("TEST_POSTGRESQL"):
        yield named
        return
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        if is_root := os.geteuid() == 0:
            shutil.chown(folder, USER)
        data, log = str(folder / "data"), str(folder / "log")
        switches = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        _run("initdb", ["-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale"], is_root)
        _run("pg_ctl", ["start", "-w", "-D", data, "-l", log, "-o", switches], is_root)
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", ["stop", "-w", "-m", "immediate", "-D", data], is_root)


def _run(program: str, words: list[str], is_root: bool) -> None:
    user: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if is_root else {}
    subprocess.run([_installed(program), *words], check=True, stdout=subprocess.DEVNULL, cwd="/", **user)


def _installed(program: str) -> str:
    newest = max(Path(PROGRAMS).glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]), default=None)
    found = str(newest) if newest else shutil.which(program)
    if not found:
        raise LookupError(f"There is no {program}: `apt-get install postgresql`, or name a server in TEST_POSTGRESQL.")
    return found


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    try:
        print(*(one.row() for one in measure((asked[0], asked[1]) if asked else growth.SIZES)), sep="\n")
    except LookupError as error:
        raise SystemExit(str(error)) from None
