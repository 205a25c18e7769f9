"""Files that somebody sent and has not brought in yet: a folder with a random name, of one session, for a day."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp import clock
from webapp.desk.files.unpacking import Sent, unpack
from webapp.instance_folder import make_private_folder, write_private_file

FOLDER = "desk-files"
"""In the instance folder: here lies what is on its way in or out."""
LIFETIME_SECONDS = 24 * 3600
MOST = 20
"""Uploads at a time. The oldest goes for the next."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Upload:
    folder: Path
    names: dict[str, str]
    """What each file is called, by where it lies."""
    left_out: list[str]

    @property
    def token(self) -> str:
        return self.folder.name

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def result(self) -> dict[str, Any] | None:
        """What came of bringing it in, once that was done."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "result.json").read_bytes())
        except FileNotFoundError:
            return None
        return found

    @property
    def is_taken(self) -> bool:
        return (self.folder / "taken").exists()

    def called(self, file: Path) -> str:
        return self.names[str(file.relative_to(self.files))]

    def take(self) -> bool:
        """Claim the one right to bring it in. False for who comes second."""
        try:
            (self.folder / "taken").touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            return False
        return True

    def give_back(self) -> None:
        """It was not brought in after all."""
        (self.folder / "taken").unlink(missing_ok=True)

    def finish(self, result: dict[str, Any]) -> None:
        """Keep no file, and what came of it, if there is room: all is in by now."""
        shutil.rmtree(self.files, ignore_errors=True)
        try:
            write_private_file(self.folder / "result.json", json.dumps(result).encode())
        except OSError:
            (self.folder / "result.json").unlink(missing_ok=True)

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def room(instance: Path) -> Path:
    """The folder for what is on its way, for this user alone."""
    folder = instance / FOLDER
    make_private_folder(folder)
    return folder


def receive(sent: Iterable[Sent], instance: Path, owner: str) -> Upload:
    """Keep what was sent. `owner`: the digest of the session that sent it. Raises UnpackingError, and OSError when the
    disk does not take it; then nothing is kept.
    """
    delete_old(instance, keep=MOST - 1)
    folder = room(instance) / secrets.token_urlsafe(24)
    try:
        (folder / "files").mkdir(mode=0o700, parents=True)
        unpacked = unpack(sent, folder / "files")
        about = {"owner": owner, "names": unpacked.names, "left_out": unpacked.left_out}
        write_private_file(folder / "about.json", json.dumps(about).encode())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Upload(folder, unpacked.names, unpacked.left_out)


def find(instance: Path, token: str, owner: str) -> Upload | None:
    """What a session sent; None when it is gone, too old, or another's."""
    folder = instance / FOLDER / token
    if not _TOKEN.fullmatch(token) or not folder.is_dir() or _age(folder) > LIFETIME_SECONDS:
        return None
    try:
        about = json.loads((folder / "about.json").read_bytes())
    except FileNotFoundError:
        return None
    if not secrets.compare_digest(about["owner"], owner):
        return None
    return Upload(folder, about["names"], about["left_out"])


def delete_old(instance: Path, keep: int = MOST) -> int:
    """Delete what lies here for more than a day, and all but the newest; how many."""
    if not (instance / FOLDER).is_dir():
        return 0
    found = sorted((instance / FOLDER).iterdir(), key=_age)
    old = [path for number, path in enumerate(found) if number >= keep or _age(path) > LIFETIME_SECONDS]
    for path in old:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(old)


def _age(path: Path) -> float:
    """Seconds since something was last put there."""
    try:
        return clock.now().timestamp() - path.stat().st_mtime
    except FileNotFoundError:  # another request deleted it
        return float("inf")
