"""A finished page as files: what they are named, and how they are written and read."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from webapp.page_cache.memory import Headers
from webapp.security import HEADERS

PATH = re.compile(r"(?:/[a-z0-9][a-z0-9._-]{0,100})*/?")
QUERY = re.compile(r"(?!(?:.*&)?q=)[a-z0-9=&-]{0,80}")
"""What names a file; whatever else is asked for is not kept as one. A search is not: its words are a reader's own.
The example for nginx has the same patterns.
"""
ENDINGS = {"identity": "", "gzip": ".gz", "br": ".br"}
PLAIN = {name.lower() for name in HEADERS} | {"content-type", "cache-control", "vary"}
"""The headers of a page that nginx may serve: it sends these, and no others."""


class KeptPage(NamedTuple):
    """A page as it lies in files."""

    key: str
    headers: Headers
    bodies: dict[str, bytes]
    """By content coding."""


def file_name(path: str, query: str, *, is_fragment: bool) -> str | None:
    """What the files of a request are named, without their endings; None for one that is not kept as files."""
    if not PATH.fullmatch(path) or not QUERY.fullmatch(query):
        return None
    return f"{path[1:]}~{'hx~' if is_fragment else ''}{query}"


def asked_as(name: str) -> tuple[str, str, bool]:
    """The request of a file's name: its path, its query, and whether it asks for a fragment."""
    path, _, query = name.partition("~")
    return f"/{path}", query.removeprefix("hx~"), query.startswith("hx~")


def read_page(start: Path) -> KeptPage | None:
    """A page, if it is there as a whole. `start`: its path, without endings."""
    try:
        about = json.loads(start.with_name(f"{start.name}.json").read_bytes())
        bodies = {
            coding: start.with_name(f"{start.name}{about['ending']}{ENDINGS[coding]}").read_bytes()
            for coding in about["codings"]
        }
        return KeptPage(about["key"], [(name, value) for name, value in about["headers"]], bodies)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_page(start: Path, page: KeptPage, times: tuple[float, float]) -> None:
    """Write a page; it counts as there when its last file is. `times`: when it was last read, and its stamp."""
    ending = _ending(page.headers)
    for coding, body in page.bodies.items():
        _write(start.with_name(f"{start.name}{ending}{ENDINGS[coding]}"), body, times)
    about = {"key": page.key, "headers": page.headers, "ending": ending, "codings": list(page.bodies)}
    _write(start.with_name(f"{start.name}.json"), json.dumps(about).encode(), times)


def stamp(version: str) -> int:
    """The time of all files of an edition, in seconds. nginx makes the ETag of it and of the length, and so do we:
    drawn from the edition, not from a clock, so that two editions never have the same.
    """
    return int(version[:8], 16) & 0x7FFFFFFF


def _ending(headers: Headers) -> str:
    """`.html` for a page that nginx may serve; others, such as a citation, have headers of their own."""
    named = {name.lower(): value for name, value in headers}
    is_plain = named.keys() == PLAIN and named["content-type"] == "text/html; charset=utf-8"
    return ".html" if is_plain else ".body"


def _write(path: Path, content: bytes, times: tuple[float, float]) -> None:
    """A file that everybody may read, there as a whole or not at all."""
    unfinished = path.with_name(f".{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644), "wb") as file:
            os.fchmod(file.fileno(), 0o644)  # whatever the umask is
            file.write(content)
        os.utime(unfinished, times)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def read_times(folder: Path, name: str) -> Iterator[float]:
    """When each file of a page was last read, in seconds; 0 for never."""
    for ending in (".json", *(f"{kind}{coding}" for kind in (".html", ".body") for coding in ENDINGS.values())):
        with contextlib.suppress(OSError):
            yield (folder / f"{name}{ending}").stat().st_atime
