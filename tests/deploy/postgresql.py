"""A PostgreSQL server of a test's own, which can be stopped, killed and started anew; a line to it that can be cut."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.deploy.proxies import installed
from tests.ports import free_port

PROGRAMS = ":".join(str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
"""Where Debian keeps the programs of the server; `postgres` will not run as root."""
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # a database of a test need not outlive a power cut
    "max_connections": "60",
}


class Server:
    """One that runs in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.run("initdb", "-D", str(folder / "data"), "-U", "site", "-A", "trust", "-E", "UTF8", "--no-sync")
        lines = [f"{name} = '{value}'\n" for name, value in {**SETTINGS, "port": str(self.port)}.items()]
        with (folder / "data" / "postgresql.auto.conf").open("a") as file:
            file.writelines(lines)
        self.start()

    def run(self, program: str, *words: str) -> None:
        path = shutil.which(program, path=PROGRAMS) or installed(program, "postgresql")
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run([*user, path, *words], cwd="/", capture_output=True, text=True, check=False)
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

    def url(self, name: str) -> str:
        return f"postgresql://site@127.0.0.1:{self.port}/{name}"


@contextmanager
def server() -> Iterator[Server]:
    """Skipped where PostgreSQL is not installed, a failure where CI=true."""
    if not shutil.which("initdb", path=PROGRAMS):
        installed("initdb", "postgresql")
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))  # elsewhere the server's user could not look into it
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        started = Server(folder)
        try:
            yield started
        finally:
            with suppress(AssertionError):  # one that is stopped already
                started.stop("immediate")
    finally:
        shutil.rmtree(folder)


class Line:
    """A port that leads to another. It can be cut, or go silent as when a machine at the other end is dead."""

    def __init__(self, target: int) -> None:
        self.target, self.open = target, list[socket.socket]()
        self.is_silent, self.is_cut = False, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.is_cut:
                    near.close()
                    continue
                self.open.append(near)
                if self.is_silent:
                    continue
                far = socket.create_connection(("127.0.0.1", self.target))
                self.open.append(far)
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if not self.is_silent:
                    sink.sendall(piece)
            sink.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self.is_cut = True
        while self.open:
            with suppress(OSError):
                self.open[-1].shutdown(socket.SHUT_RDWR)
            self.open.pop().close()

    def mend(self) -> None:
        self.is_cut = self.is_silent = False

    def close(self) -> None:
        self.listener.close()
        self.cut()
