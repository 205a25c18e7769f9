"""The folder of what this site keeps (Flask's instance folder): for its user alone, and held while the site runs."""

from __future__ import annotations

import fcntl
import os
import stat
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

BEING_RESTORED = "The site did not start: a backup is being brought back just now. Start it again when that is done."


class BeingRestoredError(SystemExit):
    """Nothing may run on this folder now. The text is one sentence for the owner."""


def make_private_folder(folder: Path) -> None:
    """Make the folder, and let nobody but its owner look into it, if that is us."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid == os.geteuid() and found.st_mode & 0o077:
        folder.chmod(stat.S_IMODE(found.st_mode) & 0o700)


def write_private_file(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, whole and on the disk."""
    path.unlink(missing_ok=True)  # an older one may be open to others
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Let the names in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderLock:
    """Every process that has an application shares the lock of its folder; only a restore wants it alone.

    The kernel keeps it, by an advisory lock on the folder itself: it ends with the process, however that ends.
    """

    def __init__(self, folder: Path) -> None:
        self.handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        weakref.finalize(self, os.close, self.handle)
        if not self._take(fcntl.LOCK_SH):
            raise BeingRestoredError(BEING_RESTORED)

    @contextmanager
    def exclusive(self) -> Iterator[bool]:
        """True inside the block if no other process has the folder; none can take it then."""
        is_exclusive = self._take(fcntl.LOCK_EX)
        try:
            yield is_exclusive
        finally:
            self._take(fcntl.LOCK_SH)

    def _take(self, kind: int) -> bool:
        try:
            fcntl.flock(self.handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without such locks: the lock of the database itself is left
        return True


def init_app(app: Flask) -> None:
    app.extensions["folder_lock"] = FolderLock(Path(app.instance_path))
