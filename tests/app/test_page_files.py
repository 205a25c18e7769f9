"""Pages as files: what is kept, what a fault of the folder costs, and that nothing old is found by the link."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.conftest import counted, make_app
from tests.factories import make_categories, make_summary
from tests.page import PageClient, client_of
from webapp import clock
from webapp.edition import edition, raise_edition
from webapp.extensions import db
from webapp.models import Category
from webapp.page_cache.files import read_times, stamp
from webapp.page_cache.folder import PageFolder, PageFolderError
from webapp.page_cache.remaking import remake_most_read

LIST = "/research/?level=2"


@pytest.fixture
def kept(instance: Path) -> Iterator[Flask]:
    """A site that keeps its pages in memory and as files, with one category."""
    app = again(instance)
    with app.app_context():
        make_categories()
        yield app


def again(instance: Path, **settings: Any) -> Flask:
    """The site as another process has it, or as it is after a restart."""
    return make_app(instance, PAGE_CACHE_BYTES=10**6, **settings)


def files_of(app: Flask) -> PageFolder:
    files: PageFolder = app.extensions["page_folder"]
    return files


def named(app: Flask) -> set[str]:
    """The names of the pages that lie in the folder the link leads to."""
    current = files_of(app).folder / "current"
    return {str(path.relative_to(current)).removesuffix(".json") for path in current.rglob("*.json")}


def twice(client: PageClient, *urls: str, **options: Any) -> None:
    for url in urls * 2:
        # Buffered: a server lets go of an answer that is out, and so does this.
        assert client.get(url, buffered=True, **options).status_code == 200


def publish(title: str = "Something new") -> None:
    db.session.add(Category(slug=title.lower().replace(" ", "-"), name=title, description="x", group="x", position=9))
    raise_edition(db.session())
    db.session.commit()


def test_a_page_that_is_asked_for_twice_is_there_after_a_restart(kept: Flask) -> None:
    client = client_of(kept)
    client.get("/about")
    assert named(kept) == set()
    twice(client, "/", "/about", LIST, "/feed.atom")
    twice(client, LIST, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert named(kept) == {"~", "about~", "research/~level=2", "research/~hx~level=2", "feed.atom~"}
    new = again(Path(kept.instance_path))
    other = client_of(new)
    for url in ("/", "/about", LIST, "/feed.atom"):
        for headers in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}):
            with counted(new) as sent, pytest.MonkeyPatch.context() as patch:
                patch.setattr(new, "full_dispatch_request", None)
                found = other.get(url, headers=headers)
            first = client.get(url, headers=headers)
            assert (found.data, dict(found.headers)) == (first.data, dict(first.headers))
            assert not sent
    fragment = {"HX-Request": "true", "HX-Request-Type": "partial"}
    assert other.get(LIST, headers=fragment).headers["HX-Push-Url"] == LIST
    assert other.get(LIST, headers=fragment).headers["ETag"] != other.get(LIST).headers["ETag"]


def test_what_readers_typed_and_what_says_nothing_is_no_file(kept: Flask) -> None:
    client = client_of(kept)
    twice(client, "/research/?q=despair", "/research/?level=2&q=despair", "/about?utm_source=x", "/about?a=1")
    twice(client, "/research/?stage=nonsense", "/research/?page=1&sort=newest", "/contact", "/research/?category=../..")
    assert named(kept) == {"about~", "research/~"}
    assert not [path for path in files_of(kept).folder.rglob("*") if "despair" in path.name]


def test_everybody_may_read_the_files_whatever_the_umask_is(kept: Flask) -> None:
    before = os.umask(0o077)
    try:
        twice(client_of(kept), "/research/")
    finally:
        os.umask(before)
    for path in (files_of(kept).folder, *files_of(kept).folder.rglob("*")):
        if path.name not in {".size", "current"}:
            assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path
    assert stat.S_IMODE(Path(kept.instance_path).stat().st_mode) == 0o700, "what is private stays so"


def test_the_folders_of_two_builds_and_of_two_editions_are_not_the_same(kept: Flask) -> None:
    files = files_of(kept)
    other = files_of(again(Path(kept.instance_path), OWNER_EMAIL="owner@example.org"))
    now = edition()
    assert len({files.version(now), other.version(now), files.version("another")}) == 3
    assert len({stamp(files.version(str(number))) for number in range(1000)}) == 1000


@pytest.mark.parametrize("fault", ["gone", "a file", "unwritable", "full", "damaged", "no space"])
def test_a_fault_of_the_folder_costs_no_page(kept: Flask, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    client, files = client_of(kept), files_of(kept)
    twice(client, "/about")
    folder, right = files.folder, client.get("/research/").text
    if fault == "damaged":
        for path in folder.rglob("*~*"):
            path.write_bytes(path.read_bytes()[:20])
    elif fault == "full":
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 10**6))
    else:
        shutil.rmtree(folder)
    if fault == "a file":
        folder.write_text("")
    if fault in {"unwritable", "no space"}:

        def refuse(*_: Any, **__: Any) -> Any:
            raise OSError(13 if fault == "unwritable" else 28, "no")

        for name in ("mkdir", "open"):
            monkeypatch.setattr(os, name, refuse)
    for app in (kept, again(Path(kept.instance_path)) if fault not in {"unwritable", "no space"} else kept):
        other = client_of(app)
        twice(other, "/about", "/research/")
        assert other.get("/research/").text == right
    assert fault in {"gone", "damaged"} or not named(kept) - {"about~"}
    if fault != "a file":
        monkeypatch.undo()
    publish()
    assert "Something new" in client.get("/categories/").text


def test_a_folder_that_is_full_takes_no_more_and_queries_leave_room_for_pages(kept: Flask) -> None:
    files, client = files_of(kept), client_of(kept)
    twice(client, "/research/?level=2")
    size = (files.folder / "current" / ".size").stat().st_size * 1024
    files.max_bytes = round(2.5 * size)
    twice(client, "/research/?level=2&sort=oldest")
    files._resting_until = 0
    twice(client, "/research/", "/about")
    assert named(kept) == {"research/~level=2", "research/~"}


def test_a_publication_takes_the_old_pages_away_before_it_is_committed(kept: Flask) -> None:
    client, link = client_of(kept), files_of(kept).folder / "current"
    twice(client, "/about")
    assert link.is_symlink()
    seen: list[tuple[bool, bool]] = []

    def look(*_: object) -> None:
        other = again(Path(kept.instance_path))  # another process is asked just now, and may not put it back
        other.test_client().get("/about")
        seen.append((link.is_symlink(), link.exists()))

    event.listen(db.engine, "commit", look)
    try:
        publish()
    finally:
        event.remove(db.engine, "commit", look)
    assert seen == [(False, False)]
    client.get("/about")
    assert link.readlink().name == files_of(kept).version(edition())


def test_killed_in_a_publication_no_old_page_is_left(kept: Flask) -> None:
    twice(client_of(kept), "/about")
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        event.listen(db.engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
        publish()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    link = files_of(kept).folder / "current"
    assert not link.is_symlink()
    new = again(Path(kept.instance_path))
    new.test_client().get("/about")
    assert link.readlink().name == files_of(kept).version(edition()), "nobody holds the lock, and nothing was published"


def test_after_a_publication_that_failed_the_link_comes_back(kept: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, link = client_of(kept), files_of(kept).folder / "current"
    twice(client, "/about")
    before = link.readlink()

    def fail(*_: object) -> None:
        raise ValueError

    event.listen(db.engine, "commit", fail)
    with pytest.raises(ValueError):  # noqa: PT011
        publish()
    event.remove(db.engine, "commit", fail)
    db.session.rollback()
    assert not link.is_symlink()
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now + 2)
    client.get("/about")
    assert link.readlink() == before


def test_where_old_pages_cannot_be_taken_away_nothing_is_published(
    kept: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a proxy would show them for good. The sentence says what to do."""
    twice(client_of(kept), "/about")

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(PageFolderError, match=r"Nothing was published.*must belong to the user"):
            publish()
        db.session.rollback()
    assert "Something new" not in client_of(kept).get("/categories/").text
    publish()
    assert "Something new" in client_of(kept).get("/categories/").text


def test_the_most_read_pages_are_made_before_readers_ask(kept: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_summary()
    files, client = files_of(kept), client_of(kept)

    def remake() -> int:
        return remake_most_read(kept, lambda: False)

    assert remake() == 0
    twice(client, "/research/", LIST, "/about", "/")
    publish("One")
    assert remake() == 4
    assert named(kept) == {"research/~", "research/~level=2", "about~", "~"}
    assert all(at == 0 for at in read_times(files.folder / "current", "about~"))
    new = again(Path(kept.instance_path))
    with counted(new) as sent:
        new.test_client().get("/")
        time.sleep(0.02)  # the times of files go by the ticks of the kernel
        new.test_client().get("/about")
    assert not sent
    assert remake() == 0, "once is enough"
    publish("Two")
    assert files.most_read(10) == ["~", "about~"], "in the order they were read; what nobody read is forgotten"
    assert files.most_read(1) == ["~"]
    assert remake() == 2
    folders = [path for path in files.folder.iterdir() if not path.is_symlink()]
    assert len(folders) == 2, "the editions before the last are deleted"


def test_pages_that_were_not_yet_made_again_are_not_forgotten_by_the_next_publication(kept: Flask) -> None:
    twice(client_of(kept), "/about")
    remake_most_read(kept, lambda: False)
    for title in ("One", "Two", "Three"):
        publish(title)
        client_of(kept).get("/research/")
    assert remake_most_read(kept, lambda: True) == 0
    publish("Four")
    assert remake_most_read(kept, lambda: False) == 1
    assert named(kept) == {"about~"}
