"""Memory of a worker, and the time from the start of gunicorn to the first page."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.servers import Measured, at_most, bare, make_site, site

ROUNDS = 5
PAGES = (
    "/",
    "/research/",
    "/research/?q=arm+training",
    "/categories/pain",
    "/glossary/",
    "/glossary/spasticity",
    "/about",
)
"""Asked for until both workers have made each."""


def measure() -> list[Measured]:
    seconds, more = [], []
    with TemporaryDirectory() as name:
        folder = Path(name)
        instance = make_site(folder)
        for place in range(ROUNDS):
            # A page folder of its own, so that every page is made, and none is only read.
            with bare(folder, 20_000) as flask, site(instance, PAGE_FOLDER=str(folder / f"pages-{place}")) as ours:
                seconds.append(ours.first_answer)
                for _ in range(10):
                    for path in PAGES:
                        ours.get(path)
                    flask.get("/")
                more.append(ours.proportional_megabytes() - flask.proportional_megabytes())
    return [
        at_most("gunicorn to the first 200 on a migrated database", seconds, 1.5, " s"),
        at_most("memory of a worker (PSS), above one of bare Flask", more, 30, " MB"),
    ]


if __name__ == "__main__":
    for one in measure():
        print(one.row())
