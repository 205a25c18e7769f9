"""Finished pages as files: shared by processes, there after a restart, and read by nginx without the site.

Each edition (of one build, with one set of settings) has a folder of its own. The link `current` leads to it, and
nginx reads below that link. A change that readers can see takes the link away before it is committed; whoever serves
puts it in its place again by one rename, once it has read the new edition. Both hold a lock, so the link never leads
to an edition older than the committed one; killed at any moment, there is no link, and the site itself answers.

A fault of the folder (full, read-only, gone) costs speed, never a page.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from webapp import clock
from webapp.database import Reader
from webapp.page_cache.files import KeptPage, read_page, read_times, stamp, write_page

CURRENT, PREVIOUS = "current", "previous"
"""Links to the pages of this edition, and of the last one of which all most read pages were made."""
VOUCHED = "vouched"
"""A folder of links to `current` that are good for some seconds (following.py)."""
COMPLETE = ".complete"
"""Lies in the folder of an edition when its most read pages are made."""
SIZE = ".size"
"""Lies in the folder of an edition; as many bytes long as the pages there have KiB, so that processes can add to it."""
RESERVE = 200 * 1024 * 1024
"""Bytes that stay free on the disk: the database needs them more."""
REST = 60
"""Seconds in which nothing is written after a fault."""

log = logging.getLogger(__name__)


class PageFolderError(Exception):
    """Old pages cannot be taken away, so nothing may be published. The text says so to the owner."""


class PageFolder:
    """The folders of pages, and the links to them."""

    def __init__(self, folder: Path, edition: Reader, marks: tuple[object, ...], max_bytes: int) -> None:
        """`marks`: what besides the edition a page depends on, the same for all processes of a site."""
        self.folder, self.edition, self.max_bytes = folder, edition, max_bytes
        self._marks = marks
        self._version = ("", "")
        self._followed: tuple[str, float] = ("", 0.0)
        self._resting_until = 0.0

    def version(self, edition: str) -> str:
        """The name of an edition's folder."""
        known = self._version
        if known[0] != edition:
            text = repr((edition, *self._marks)).encode()
            self._version = known = (edition, hashlib.blake2b(text, digest_size=12).hexdigest())
        return known[1]

    def read(self, version: str, name: str) -> KeptPage | None:
        """The page that is kept under a name, if it is there as a whole."""
        return read_page(self.folder / version / name)

    def keep(self, version: str, name: str, page: KeptPage, *, is_asked_for: bool = True) -> bool:
        """Write a page down; whether that was done. `is_asked_for`: a reader did; else it is made beforehand."""
        if self._resting_until > clock.steady():
            return False
        size = sum(map(len, page.bodies.values()))
        read_at = clock.now().timestamp() if is_asked_for else 0
        try:
            start = self.folder / version / name
            # Queries are without number, addresses are not: those keep half of the room.
            room = self.max_bytes if name.endswith("~") else self.max_bytes // 2
            if not self._has_room(start.parent, version, size, room):
                self._resting_until = clock.steady() + REST
                return False
            write_page(start, page, (read_at, stamp(version)))
        except OSError as error:
            self._resting_until = clock.steady() + REST
            log.warning("Pages are not kept as files in %s: %s. They are served all the same.", self.folder, error)
            return False
        return True

    def _has_room(self, folder: Path, version: str, size: int, room: int) -> bool:
        """Whether another page may be written there; it is counted then, and the folder is made."""
        make_open_folder(folder, self.folder)
        if shutil.disk_usage(folder).free < RESERVE:
            return False
        handle = os.open(self.folder / version / SIZE, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
        try:
            if os.fstat(handle).st_size * 1024 + size > room:
                return False
            os.write(handle, b"." * (size // 1024 + 1))
        finally:
            os.close(handle)
        return True

    def follow(self, edition: str) -> None:
        """Let `current` lead to the committed edition. Called at each request; looks at most once a second."""
        seconds = clock.steady()
        if self._followed[0] == edition and seconds - self._followed[1] < 1:
            return
        self._followed = (edition, seconds)
        with contextlib.suppress(OSError):
            if self.is_current(edition):
                return
            with self._lock(waits=False) as is_held:
                if not is_held:
                    self._followed = ("", 0.0)  # the next look tries again
                    return
                now = self.edition.value()  # once more: nothing can be published here meanwhile
                if isinstance(now, str):
                    self._unlink_current()
                    _link(self.folder / CURRENT, self.version(now))

    @contextlib.contextmanager
    def withdrawn(self) -> Iterator[None]:
        """Nobody finds pages by the link inside the block, nor puts it back. Raises PageFolderError."""
        with self._lock(waits=True):
            try:
                self._unlink_current()
            except OSError as error:
                raise PageFolderError(
                    f"Nothing was published, because the old pages cannot be taken out of {self.folder}: "
                    f"{error.strerror}. The folder must belong to the user that the site runs as. "
                    "It holds copies only: you may delete it. Then try again."
                ) from error
            yield

    def _unlink_current(self) -> None:
        current = self.folder / CURRENT
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if (current / COMPLETE).exists():
                current.replace(self.folder / PREVIOUS)
            else:
                current.unlink()

    def is_current(self, edition: str) -> bool:
        """Whether `current` leads to the pages of this edition."""
        return self._leads_to(CURRENT) == self.version(edition)

    def _leads_to(self, name: str) -> str:
        """The folder that a link leads to; empty when there is none."""
        try:
            return (self.folder / name).readlink().name
        except OSError:
            return ""

    @contextlib.contextmanager
    def _lock(self, *, waits: bool) -> Iterator[bool]:
        """Hold the lock of the folder; the kernel gives it back, however the process ends. False: another has it.

        True as well where there is no folder and none can be made: then no link is there either, or can be.
        """
        try:
            make_open_folder(self.folder, self.folder)
            handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            yield True
            return
        try:
            is_held = True
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
            except BlockingIOError:
                is_held = False
            except OSError:
                pass  # a file system without such locks
            yield is_held
        finally:
            os.close(handle)

    def most_read(self, limit: int) -> list[str]:
        """The names of the pages of the last complete edition that were asked for first: those are read the most.

        Of a page that was made beforehand, the file says when it was first read, unless the disk is mounted to note
        no such times.
        """
        found = []
        for folder, _, names in os.walk(self.folder / PREVIOUS):
            for name in names:
                if name.endswith(".json"):
                    read = [at for at in read_times(Path(folder), name.removesuffix(".json")) if at]
                    place = os.path.relpath(Path(folder, name.removesuffix(".json")), self.folder / PREVIOUS)
                    found += [(min(read), place)] if read else []
        return [name for _, name in sorted(found)[:limit]]

    def has(self, version: str, name: str) -> bool:
        return (self.folder / version / f"{name}.json").exists()

    def is_complete(self, version: str) -> bool:
        """Whether the most read pages of an edition are made."""
        return (self.folder / version / COMPLETE).exists()

    def note_complete(self, version: str) -> None:
        with contextlib.suppress(OSError):
            make_open_folder(self.folder / version, self.folder)
            (self.folder / version / COMPLETE).touch()

    def tidy(self) -> None:
        """Delete the folders of past editions, but for those that links lead to."""
        gone = []
        with self._lock(waits=False) as is_held, contextlib.suppress(OSError):
            wanted = {self._leads_to(CURRENT), self._leads_to(PREVIOUS), CURRENT, PREVIOUS, VOUCHED}
            for path in self.folder.iterdir() if is_held else ():
                if path.name not in wanted:
                    gone.append(path.rename(path.with_name(f".{secrets.token_hex(6)}")))
        for path in gone:  # without the lock: it may take long, and the link has to follow meanwhile
            shutil.rmtree(path, ignore_errors=True)


def make_open_folder(folder: Path, top: Path) -> None:
    """Make a folder, at or below `top`, into which everybody may look: nginx runs as another user."""
    if folder.is_dir():
        return
    if folder != top:
        make_open_folder(folder.parent, top)
    else:
        folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o755)


def _link(link: Path, target: str) -> None:
    unfinished = link.with_name(f".{secrets.token_hex(6)}")
    unfinished.symlink_to(target)
    unfinished.replace(link)
