"""A PostgreSQL server of one's own, started from what is installed; it can be stopped, killed and started anew.

`python -m tests.postgresql make test` starts one, names it in TEST_POSTGRESQL, and runs that command.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.ports import free_port

PROGRAMS = ":".join(str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
"""Where Debian keeps the programs of the server, beside the PATH."""
USER = "postgres"
"""Who runs the server where we are root, whom it refuses."""
SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""A database of a test need not outlive a power cut; but a server that is killed must lose nothing."""


def program(name: str) -> str:
    """Where a program of the server is. Raises LookupError where it is not installed."""
    found = shutil.which(name, path=PROGRAMS) or shutil.which(name)
    if not found:
        raise LookupError(f"There is no {name}: `apt-get install postgresql`.")
    return found


class Server:
    """One that runs in a folder, which its user can look into."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        self.run("initdb", "-D", str(folder / "data"), "-U", "site", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        lines = [f"{name} = '{value}'\n" for name, value in {**SETTINGS, **settings, "port": str(self.port)}.items()]
        with (folder / "data" / "postgresql.auto.conf").open("a") as file:
            file.writelines(lines)
        self.start()

    def run(self, name: str, *words: str) -> None:
        user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        done = subprocess.run([*user, program(name), *words], cwd="/", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def control(self, *words: str) -> None:
        self.run("pg_ctl", "-s", "-w", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), *words)

    def start(self) -> None:
        self.control("start")

    def stop(self, mode: str = "fast") -> None:
        """`fast` hangs up on everybody; `immediate` is as if it had been killed."""
        self.control("-m", mode, "stop")

    def new_database(self) -> str:
        """Its URL."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://site@127.0.0.1:{self.port}/{name}"


@contextmanager
def server(settings: dict[str, str] = FORGETFUL) -> Iterator[Server]:
    """Raises LookupError where PostgreSQL is not installed."""
    program("initdb")
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))  # elsewhere the server's user could not look into it
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        started = Server(folder, settings)
        try:
            yield started
        finally:
            with suppress(AssertionError):  # one that is stopped already
                started.stop("immediate")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    with server() as running:
        environment = {**os.environ, "TEST_POSTGRESQL": running.url()}
        code = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    raise SystemExit(code)
