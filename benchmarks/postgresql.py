"""Growth on PostgreSQL: on the server that TEST_POSTGRESQL names, or on one that is started from what is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import growth
from benchmarks.servers import Measured
from tests import databases, postgresql


def measure(sizes: tuple[int, int] = growth.SIZES) -> list[Measured]:
    with server() as address, databases.on(address):
        return growth.measure(sizes)


@contextmanager
def server() -> Iterator[str]:
    """The address of a server. Raises LookupError where there is none and none can be started."""
    if named := os.environ.get("TEST_POSTGRESQL"):
        yield named
    else:
        with postgresql.server(settings={}) as started:
            yield started.url()


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    try:
        print(*(one.row() for one in measure((asked[0], asked[1]) if asked else growth.SIZES)), sep="\n")
    except LookupError as error:
        raise SystemExit(str(error)) from None
