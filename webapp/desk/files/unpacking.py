"""Files that were sent, plain or in a zip, as plain files in a folder.

Nothing that was sent decides where a file lies: each gets a folder with a number. Names are only shown, and the last
part of a name is the file's. Everything is bounded by what is really read, never by what a zip says of itself.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from webapp.editorial.characters import forbidden_in, on_one_line
from webapp.instance_folder import write_private_file
from webapp.library.checking import CATEGORIES, GLOSSARY
from webapp.library.source import MAX_FILE_BYTES

MAX_FILES = 1000
MAX_BYTES = 30_000_000
"""Of all files together, unpacked. The files of all documents that come with the site have 800,000."""
MAX_DEPTH = 6
"""Folders in each other; an export has two."""
MAX_NAME_BYTES = 150
MAX_DIRECTORY_BYTES = 1_000_000
"""Of the list of files in a zip: it is read before anything else."""
MOST_READ = MAX_FILE_BYTES + 1
"""Bytes of one file: one more than it may have, so that its check says so."""
TOO_MANY = f"These are more than {MAX_FILES:,} files. Send some of them at a time."
_DIRECTORY_END, _LONGEST_END = b"PK\x05\x06", 22 + 65_535
_LARGE_DIRECTORY = b"PK\x06\x07"
_DRIVE = re.compile(r"[A-Za-z]:")
_OF_THE_SYSTEM = {"__MACOSX", "Thumbs.db", "desktop.ini"}
_PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)


class UnpackingError(Exception):
    """Nothing of what was sent is taken. The text is the sentence for who sent it."""


class Sent(NamedTuple):
    """A file as it was sent, by the name its sender gives it."""

    name: str
    content: IO[bytes]


@dataclass
class Unpacked:
    """What lies in the folder now."""

    names: dict[str, str] = field(default_factory=dict)
    """What each file is called, by where it lies: a number and the last part of its name."""
    left_out: list[str] = field(default_factory=list)
    """A sentence for each that was not taken."""
    size: int = 0


def unpack(sent: Iterable[Sent], folder: Path) -> Unpacked:
    """Write what was sent into the folder. Raises UnpackingError when it is too much, or nothing that can be read."""
    unpacked = Unpacked()
    for name, content in _members(sent, unpacked):
        if len(unpacked.names) + len(unpacked.left_out) >= MAX_FILES:
            raise UnpackingError(TOO_MANY)
        if problem := _problem_with(name, unpacked):
            unpacked.left_out.append(f"{_shown(name)} {problem}")
            continue
        unpacked.size += len(content)
        if unpacked.size > MAX_BYTES:
            raise UnpackingError(f"Unpacked, these files have more than {MAX_BYTES // 1_000_000} megabytes.")
        place = f"{len(unpacked.names) + 1}/{name.rpartition('/')[2]}"
        (folder / place).parent.mkdir(mode=0o700)
        write_private_file(folder / place, content)
        unpacked.names[place] = _shown(name)
    if not unpacked.names:
        raise UnpackingError(" ".join(["There was no file that can be read.", *unpacked.left_out[:5]]))
    return unpacked


def _members(sent: Iterable[Sent], unpacked: Unpacked) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file, those inside a zip too. What a system puts there for itself is passed over."""
    for one in sent:
        if not one.name.lower().endswith(".zip"):
            yield one.name, one.content.read(MOST_READ)
            continue
        try:
            yield from _inside(one, unpacked)
        except _DAMAGED as error:
            raise UnpackingError(f"{_shown(one.name)} is no zip file that can be read: it may be damaged.") from error


def _inside(sent: Sent, unpacked: Unpacked) -> Iterator[tuple[str, bytes]]:
    if not _has_short_directory(sent.content):
        raise UnpackingError(f"{_shown(sent.name)} is no zip file, or one with too many files in it.")
    with zipfile.ZipFile(sent.content) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and not _is_of_the_system(member)]
        if len(members) > MAX_FILES:
            raise UnpackingError(TOO_MANY)
        for member in members:
            if problem := _problem_inside(member):
                unpacked.left_out.append(f"{_shown(member.filename)} {problem}")
                continue
            with archive.open(member) as content:
                text = content.read(MOST_READ)
            yield member.filename, text


def _is_of_the_system(member: zipfile.ZipInfo) -> bool:
    """Whether it is hidden, or lies in a folder that is. A part that is .. hides nothing."""
    parts = [part for part in member.filename.split("/") if part not in {".", ".."}]
    return any(part in _OF_THE_SYSTEM or part.startswith(".") for part in parts)


def _has_short_directory(content: IO[bytes]) -> bool:
    """Whether the list of files in a zip can be read without a thought."""
    size = content.seek(0, 2)
    content.seek(max(size - _LONGEST_END, 0))
    tail = content.read()
    content.seek(0)
    at = tail.rfind(_DIRECTORY_END)
    if at < 0 or len(tail) < at + 22 or tail[max(at - 20, 0) :].startswith(_LARGE_DIRECTORY):
        return False
    return int.from_bytes(tail[at + 12 : at + 16], "little") <= MAX_DIRECTORY_BYTES


def _problem_inside(member: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        return "is a link or something else that is no plain file, and is left out."
    if member.flag_bits & 0x1:
        return "is locked with a password, and is left out. Zip it without one."
    if member.compress_type not in _PLAIN:
        return "is packed in an unusual way, and is left out. Zip it with the program of your system."
    return ""


def _problem_with(name: str, unpacked: Unpacked) -> str:
    """Why a file is not taken, as the end of a sentence that begins with its name; empty when it is."""
    parts = name.split("/")
    if forbidden_in(name):
        return "has a sign in its name that nobody can see, and is left out. Give it another name."
    if "\\" in name or _DRIVE.match(name) or {"", ".", ".."} & set(parts):
        return "has a name that leads out of its folder, and is left out."
    if len(parts) > MAX_DEPTH + 1:
        return f"lies more than {MAX_DEPTH} folders deep, and is left out."
    if len(parts[-1].encode()) > MAX_NAME_BYTES:
        return "has too long a name, and is left out."
    return _problem_with_kind(parts[-1], unpacked)


def _problem_with_kind(name: str, unpacked: Unpacked) -> str:
    if name in {CATEGORIES, GLOSSARY}:
        is_second = any(place.endswith(f"/{name}") for place in unpacked.names)
        return "is there twice; only the first is taken." if is_second else ""
    if name.endswith(".yml"):
        return f"is left out: only {CATEGORIES} and {GLOSSARY} end in .yml here."
    return "" if name.endswith(".md") else "is left out: only files that end in .md or .yml are read."


def _shown(name: str) -> str:
    """A name as it can be shown: its end, if it is long."""
    name = on_one_line(name)
    return name if len(name) <= MAX_NAME_BYTES else f"…{name[-MAX_NAME_BYTES:]}"
