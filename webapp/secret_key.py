"""The secret key that signs forms and voters' cookies: made once, kept in a file, changed without a reader noticing.

The file holds the key. After a change it holds, below the new key, each older one with the last day on which what it
signed is still taken: "KEY until 2027-01-31".
"""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from flask import current_app

from webapp import clock
from webapp.instance_folder import sync_folder

MIN_LENGTH = 16
"""Characters of the shortest key that is taken."""
OLD_KEY_DAYS = 366
"""Days an old key is kept: a voter's cookie lives a year after the last vote, an open form a week."""
_OLD = re.compile(r"(?P<key>.+) until (?P<until>\d{4}-\d\d-\d\d)")


class SecretKeyError(Exception):
    """The key cannot be used, made or kept. The text is one sentence for the owner."""


class OldKey(NamedTuple):
    key: str
    until: dt.date
    """The last day, in UTC, on which it counts."""


class Keys(NamedTuple):
    current: str
    old: list[OldKey]
    """The newest first; those whose time is over are left out."""

    @property
    def fallbacks(self) -> list[str]:
        """The old keys as Flask's SECRET_KEY_FALLBACKS wants them: the oldest first."""
        return [old.key for old in reversed(self.old)]


def new() -> str:
    """43 characters that nobody can guess."""
    return secrets.token_urlsafe(32)


def long_enough(key: str) -> str:
    """The key itself. Raises ValueError for one that can be guessed."""
    if len(key.strip()) < MIN_LENGTH:
        raise ValueError(f"it must have at least {MIN_LENGTH} characters")
    return key


def keys_for_signing() -> list[str]:
    """What itsdangerous wants: the last one signs, every one of them is believed."""
    return [*(current_app.config["SECRET_KEY_FALLBACKS"] or []), str(current_app.secret_key or "")]


def read_or_make(path: Path) -> Keys:
    """The keys in the file, which the first start makes. Raises SecretKeyError."""
    try:
        path.lstat()
    except FileNotFoundError:
        _make(path)
    except OSError:
        pass  # reading it says what is wrong
    return read(path)


def read(path: Path) -> Keys:
    """The keys in the file. Raises SecretKeyError when they cannot be read or used."""
    try:
        lines = path.read_text(encoding="utf-8").strip().split("\n")
    except OSError as error:
        raise SecretKeyError(f"The secret key in {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SecretKeyError(f"The secret key in {path} cannot be read: the file is not UTF-8 text.") from None
    old, current, today = [], [], clock.today()
    try:
        for line in lines:
            found = _OLD.fullmatch(line)
            if found is None:
                current.append(line)
            elif (until := dt.date.fromisoformat(found["until"])) >= today:
                old.append(OldKey(long_enough(_unescaped(found["key"])), until))
        key = long_enough("\n".join(current).strip())
    except ValueError as error:
        raise SecretKeyError(
            f"The secret key in {path} cannot be used: {error}. Put the file back from a backup, or delete it: "
            "the next start makes a new one."
        ) from None
    return Keys(key, old)


def rotate(path: Path, days: int) -> dt.date | None:
    """Put a new key into the file and keep the one before for so many days; 0 forgets every old key at once.

    Returns the last day of the key before, or None when it is forgotten. Raises SecretKeyError.
    """
    before = read(path)
    until = clock.today() + dt.timedelta(days=days)
    old = [OldKey(before.current, until), *before.old] if days else []
    lines = [new(), *(f"{_escaped(key)} until {last}" for key, last in old)]
    with _written(path, lines) as whole:
        owner = path.stat()
        os.chown(whole, owner.st_uid, owner.st_gid)  # run with sudo, it stays the key of the site's own user
        whole.replace(path)
    return until if days else None


def _escaped(key: str) -> str:
    """A key as one line of plain letters, whatever somebody chose it to be."""
    return key.encode("unicode_escape").decode("ascii")


def _unescaped(line: str) -> str:
    return line.encode("ascii").decode("unicode_escape")


def _make(path: Path) -> None:
    """A file with a random key under its name all at once; of several starts together the first one makes it."""
    with _written(path, [new()]) as whole:
        try:
            path.hardlink_to(whole)  # unlike a renaming, this fails where a key is
        except FileExistsError:
            return


@contextmanager
def _written(path: Path, lines: list[str]) -> Iterator[Path]:
    """A file beside `path`, for its user alone and safe on the disk, to be given the name inside the block."""
    whole = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # made with mode 0600
        whole = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        yield whole
        sync_folder(path.parent)
    except OSError as error:
        raise SecretKeyError(f"The secret key cannot be kept in {path.parent}: {error.strerror}.") from None
    finally:
        if whole:
            whole.unlink(missing_ok=True)


def how_to_rotate_a_setting(days: int) -> str:
    """What the owner does to change a key that is a setting, in words."""
    steps = [
        "Nothing was changed: SECRET_KEY is set, in the environment or in .env, so you change it there. Put",
        f"  SECRET_KEY={new()}",
    ]
    if days:
        steps += [
            "  SECRET_KEY_FALLBACKS=what SECRET_KEY is now, and after a comma what SECRET_KEY_FALLBACKS is now",
            "and start the site anew. Take each old key out of SECRET_KEY_FALLBACKS after "
            f"{days} day{'' if days == 1 else 's'}.",
        ]
    else:
        steps += ["take SECRET_KEY_FALLBACKS out, and start the site anew."]
    return "\n".join(steps)
