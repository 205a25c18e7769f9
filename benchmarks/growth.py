"""How pages, searches, publishing and memory grow with the library: a site of 100,000 summaries beside one of 1,000.

    .venv/bin/python -m benchmarks.growth [SMALL LARGE]

No page is kept between requests. Both sites are asked in turn, so each ratio is of one moment.
"""

from __future__ import annotations

import re
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import event, select

from benchmarks.library import RARE, fill
from benchmarks.servers import Measured, Server, at_most, make_site, site
from tests.databases import copy_database, settings_for
from webapp import create_app
from webapp.documents import actions
from webapp.extensions import db
from webapp.models import Document, Revision

SIZES = (1_000, 100_000)
ROUNDS = 25
NOTHING_KEPT = {"PAGE_CACHE_BYTES": 0, "PAGE_FOLDER_BYTES": 0}
MEMORY = 20
"""MB that a worker may have more."""
MILLISECONDS = 250
"""In which a word that most summaries have is found among the most."""


def measure(sizes: tuple[int, int] = SIZES) -> list[Measured]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shipped").mkdir()
        shipped = make_site(folder / "shipped")
        instances = [folder / str(size) for size in sizes]
        for instance, size in zip(instances, sizes, strict=True):
            copy_database(shipped, instance)
            _fill(instance, size)
        with ExitStack() as running:
            servers = [
                running.enter_context(site(instance, PAGE_FOLDER=str(folder / f"pages-{place}"), **NOTHING_KEPT))
                for place, instance in enumerate(instances)
            ]
            found = _pages(servers)
            small, large = (server.proportional_megabytes() for server in servers)
        found.append(at_most("memory of a worker, more at the large one", [large - small], MEMORY, " MB"))
        return [*found, *_in_process(instances)]


def _fill(instance: Path, size: int) -> None:
    app = create_app(instance, **settings_for(instance))
    with app.app_context():
        fill(db.session(), size)
        db.session.remove()
        if settings_for(instance):  # on a server, which would tidy up by itself, some minutes later
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        db.engine.dispose()


def _pages(servers: list[Server]) -> list[Measured]:
    """Each page at both sites, as a ratio of the times it takes."""
    last = [_last_page(server) for server in servers]
    slug = "/research/number-7"
    rows: dict[str, tuple[list[str], float]] = {
        "home": (["/", "/"], 1.2),
        "summary": ([slug, slug], 1.2),
        "glossary term": (["/glossary/spasticity"] * 2, 1.2),
        "list, first page": (["/research/"] * 2, 1.5),
        "list, tenth page": (["/research/?page=10"] * 2, 1.5),
        "list, last page": ([f"/research/?page={number}" for number in last], 1.5),
    }
    for choice in (
        "category=pain",
        "stage=animal",
        "level=2",
        "result=better",
        "phase=chronic",
        "sort=evidence",
        "sort=people",
        "sort=oldest",
    ):
        rows[f"list, {choice}"] = ([f"/research/?{choice}"] * 2, 1.5)
    rows[f"search for a word in one of 200 ({RARE})"] = ([f"/research/?q={RARE}"] * 2, 3)
    times: dict[str, list[float]] = {what: [] for what in rows}
    many = []
    for _ in range(ROUNDS):
        for what, (paths, _limit) in rows.items():
            small, large = (_milliseconds(server, path) for server, path in zip(servers, paths, strict=True))
            times[what].append(large / small)
        many.append(_milliseconds(servers[1], "/research/?q=people"))
    found = [at_most(f"{what}: large / small", times[what], rows[what][1]) for what in rows]
    return [*found, at_most("search for a word in most summaries, at the large one", many, MILLISECONDS, " ms")]


def _last_page(server: Server) -> int:
    page = server.get("/research/")[0].decode()
    return max(int(number) for number in re.findall(r"[?&;]page=(\d+)", page))


def _milliseconds(server: Server, path: str) -> float:
    start = time.perf_counter()
    server.get(path)
    return (time.perf_counter() - start) * 1000


def _in_process(instances: list[Path]) -> list[Measured]:
    """Publishing one summary, and how many statements pages take."""
    apps = [create_app(instance, **settings_for(instance), **NOTHING_KEPT) for instance in instances]
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for place, app in enumerate(apps):
            times[place].append(_publish_again(app))
    ratios = [large / small for small, large in zip(*times, strict=True)]
    paths = ("/", "/research/", "/research/number-7", "/research/?q=arm", "/glossary/spasticity")
    statements = [[_statements(app, path) for path in paths] for app in apps]
    for app in apps:
        with app.app_context():
            db.engine.dispose()
    unlike = sum(small != large for small, large in zip(*statements, strict=True))
    return [
        at_most("publishing one: large / small", ratios, 1.5),
        at_most(f"pages of {len(paths)} that take more SQL statements at the large one", [unlike], 0),
    ]


def _publish_again(app: Flask) -> float:
    """Milliseconds to publish a changed text of a summary that is public."""
    with app.app_context():
        document = db.session.scalars(select(Document).where(Document.key == "number-7")).one()
        revision = db.session.get_one(Revision, document.live_revision_id)
        content = dict(revision.content) | {"description": f"{revision.content['description']} "}
        draft = actions.save_revision(document, content, by="a benchmark", base=revision.number)
        start = time.perf_counter()
        actions.publish(document, draft)
        return (time.perf_counter() - start) * 1000


def _statements(app: Flask, path: str) -> int:
    sent: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    app.test_client().get(path, base_url=app.config["SITE_URL"])
    event.remove(engine, "before_cursor_execute", note)
    return len(sent)


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    for one in measure((asked[0], asked[1]) if asked else SIZES):
        print(one.row(), flush=True)
