"""A service on this machine, and clients that ask it in a hurry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.scholarly.server import Service, serving
from webapp import clock
from webapp.scholarly.client import URL_SETTINGS, Client
from webapp.scholarly.transport import Limits

Connect = Callable[..., Client]
CONTACT = "owner@example.org"


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(Service()) as service:
        yield service


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds for which somebody wanted to wait. Nobody does: the clock stands still, and goes forward by them."""
    asked: list[float] = []
    monkeypatch.setattr(clock, "steady", lambda: sum(asked))
    monkeypatch.setattr(clock, "wait", asked.append)
    return asked


@pytest.fixture
def connect(service: Service) -> Iterator[Connect]:
    """Make a client of the service; it is closed at the end."""
    made: list[Client] = []

    def make(url: str = "", contact: str | None = CONTACT, **limits: Any) -> Client:
        bounds = {"seconds": 5, "connect_seconds": 1, "silent_seconds": 1, "bytes": 100_000, "backoff_seconds": 0.01}
        made.append(Client(dict.fromkeys(URL_SETTINGS, url or service.url), contact, Limits(**(bounds | limits))))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(connect: Connect, waits: list[float]) -> Client:
    """A client that waits for nothing."""
    return connect()
