"""Ports for servers that tests start."""

from __future__ import annotations

import contextlib
import random
import socket


def free_port() -> int:
    """A port that nobody listens on, below those that the system gives to whoever asks for any: a test beside this one
    cannot be given it in the meantime.
    """
    while True:
        port = random.randint(20_000, 32_000)  # noqa: S311 (no secret)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
