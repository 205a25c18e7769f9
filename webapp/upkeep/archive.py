"""A backup as one file: a tar archive of a few files with fixed names, and a manifest that describes them."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from webapp import clock
from webapp.instance_folder import sync_folder

Name = Literal["site.db", "secret_key", ".env"]
DATABASE: Final = "site.db"
SECRET_KEY: Final = "secret_key"  # noqa: S105 (a file's name)
SETTINGS: Final = ".env"
NAMES: tuple[Name, ...] = (DATABASE, SECRET_KEY, SETTINGS)
MANIFEST = "manifest.json"
MAX_LENGTH = {MANIFEST: 64 * 1024, SECRET_KEY: 64 * 1024, SETTINGS: 1024 * 1024}
"""Bytes. The database may be as long as the archive."""
BLOCK = 1024 * 1024


class UpkeepError(Exception):
    """A backup could not be made or brought back. The text says why, for the owner."""


class Member(BaseModel):
    """One file of the archive: its length in bytes and its SHA-256."""

    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """What a backup holds."""

    model_config = ConfigDict(extra="ignore")

    format: Literal[1] = 1
    made_at: AwareDatetime = Field(default_factory=clock.now)
    version: str
    """The version of this project that made it."""
    revision: str
    """The revision of the database's schema."""
    members: dict[Name, Member]


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """A folder for unfinished work, on the same disk as the target, for this user alone; gone after the block."""
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-", suffix=".part") as folder:
        yield Path(folder)


def describe(path: Path) -> Member:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return Member(size=size, sha256=digest.hexdigest())


def write_archive(folder: Path, manifest: Manifest, target: Path) -> None:
    """Pack the files of `folder` that the manifest names. The target appears at once and whole, or not at all.

    Raises FileExistsError when there is a target, OSError when it cannot be written.
    """
    unfinished = folder / "archive.tar"
    handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            text = manifest.model_dump_json(indent=2).encode()
            _add(tar, MANIFEST, len(text), io.BytesIO(text), manifest)
            for name, member in manifest.members.items():
                with (folder / name).open("rb") as content:
                    _add(tar, name, member.size, content, manifest)
        file.flush()
        os.fsync(file.fileno())
    _give_name(unfinished, target)
    sync_folder(target.parent)


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes], manifest: Manifest) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(manifest.made_at.timestamp())
    tar.addfile(entry, content)


def _give_name(unfinished: Path, target: Path) -> None:
    """Rename, but never over a file that is there. Raises FileExistsError."""
    try:
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links, such as a memory stick
        if os.path.lexists(target):
            raise FileExistsError from None
        unfinished.rename(target)


def read_archive(archive: Path, folder: Path) -> Manifest:
    """Write the files of a backup into `folder`, checked against the manifest.

    Whatever else the archive may hold is refused, not skipped: other names, links, devices, files with holes,
    lengths that cannot be. Raises UpkeepError.
    """
    try:
        with tarfile.open(archive, mode="r:") as tar:
            return _read(tar, archive.stat().st_size, folder)
    except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError, MemoryError):
        raise UpkeepError(f"{archive} is not a whole backup of this site.") from None


def _read(tar: tarfile.TarFile, longest: int, folder: Path) -> Manifest:
    manifest: Manifest | None = None
    found: dict[str, Member] = {}
    for entry in tar:
        name = entry.name
        is_plain = entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not entry.issparse()
        is_known = name == MANIFEST if manifest is None else name in manifest.members and name not in found
        if not (is_plain and is_known and 0 <= entry.size <= min(longest, MAX_LENGTH.get(name, longest))):
            raise UpkeepError(f"The backup holds something that does not belong there: {name[:80]!r}.")
        content = tar.extractfile(entry)
        assert content is not None  # noqa: S101 (it is a regular file)
        if manifest is None:
            manifest = _manifest(content.read())
        else:
            _write(content, folder / name)
            found[name] = describe(folder / name)
            if found[name] != manifest.members[name]:  # type: ignore[index]
                raise UpkeepError(f"The backup is damaged: {name} is not what was written.")
    if manifest is None or set(found) != set(manifest.members) or not {DATABASE, SECRET_KEY} <= set(found):
        raise UpkeepError("The backup is not whole: something is missing in it.")
    return manifest


def _manifest(content: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise UpkeepError("This is not a backup that this version of the site can read.") from None


def _write(content: IO[bytes], path: Path) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while block := content.read(BLOCK):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
