"""A line to a PostgreSQL server that can be cut."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


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
