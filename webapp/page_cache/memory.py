"""Finished pages in the memory of a process, compressed once for each coding."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from threading import Lock
from typing import NamedTuple

import brotli
from cachetools import LRUCache
from werkzeug.http import parse_accept_header

Headers = list[tuple[str, str]]

ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=9, lgwin=16),  # a larger window takes 20 times as long and saves nothing
    "gzip": partial(gzip.compress, compresslevel=9, mtime=0),
    "identity": bytes,
}
"""The content codings, the smallest first."""
MIN_COMPRESSED_BYTES = 400
"""Bytes from which compressing is worth it."""
MAX_REQUESTS = 20_000
"""Requests of which it is known which page answers them: about 500 bytes each. Past that all are forgotten."""
_OF_ONE_BODY = {"content-length", "content-encoding", "etag"}
_OF_A_304 = {"cache-control", "vary"}


@lru_cache(maxsize=256)
def coding_for(accepted: str) -> str:
    """In which coding to answer whoever accepts these."""
    return parse_accept_header(accepted).best_match(ENCODINGS) or "identity"


class Answer(NamedTuple):
    """One body of a page, with all that is said of it."""

    etag: str
    headers: Headers
    body: bytes
    headers_of_304: Headers


@dataclass
class CachedPage:
    """A finished page."""

    key: str
    """What of the request it depends on, and the edition, as a digest."""
    name: str | None
    """What its files are named; None when it is not kept as such."""
    etag: str
    """What it has in common with no page of another edition."""
    headers: Headers
    """Those it goes out with, but for what belongs to one body."""
    bodies: dict[str, bytes]
    """Its body in every coding that was asked for, and in "identity"."""
    is_in_files: bool = False
    _answers: dict[str, Answer] = field(default_factory=dict)
    """By the coding asked for."""

    def answer(self, coding: str) -> Answer | None:
        """What goes out when this coding is asked for, if the body is there in it."""
        known = self._answers.get(coding)
        if known is None:
            encoding, body = self.body_for(coding)
            if body is None:
                return None
            etag = self.etag_of(body)
            headers = [*self.headers, ("ETag", etag), ("Content-Length", str(len(body)))]
            if encoding != "identity":
                headers.append(("Content-Encoding", encoding))
            unchanged = [*(one for one in self.headers if one[0].lower() in _OF_A_304), ("ETag", etag)]
            self._answers[coding] = known = Answer(etag, headers, body, unchanged)
        return known

    def goes_out_with(self, headers: Headers) -> None:
        """Note the headers that the page was answered with."""
        self.headers = [one for one in headers if one[0].lower() not in _OF_ONE_BODY]
        self._answers.clear()

    def add_body(self, encoding: str) -> None:
        """Compress the body into a coding, once and for all."""
        self.bodies[encoding] = ENCODINGS[encoding](self.bodies["identity"])

    @property
    def codings(self) -> list[str]:
        """In what it is sent. A short page is not worth compressing."""
        return ["identity"] if len(self.bodies["identity"]) < MIN_COMPRESSED_BYTES else list(ENCODINGS)

    def body_for(self, encoding: str) -> tuple[str, bytes | None]:
        """The coding in which the page goes out when one is asked for, and its body, if that is there already."""
        if encoding not in self.codings:
            encoding = "identity"
        return encoding, self.bodies.get(encoding)

    def etag_of(self, body: bytes) -> str:
        """With its quotes. nginx makes the same of a file's time and length."""
        return self.etag % len(body)

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values())) + 1_500


class PageCache:
    """The pages of one process, bounded in bytes; where there is no room, the one not asked for the longest goes."""

    def __init__(self, size: int) -> None:
        self._pages: LRUCache[str, CachedPage] = LRUCache(size, getsizeof=lambda page: page.size)
        self._keys: dict[Hashable, tuple[str, str]] = {}
        self._lock = Lock()

    def get(self, key: str) -> CachedPage | None:
        with self._lock:
            return self._pages.get(key)

    def put(self, page: CachedPage) -> None:
        """Keep a page, or note that it has grown by a body. One that is too large is not kept."""
        with self._lock:
            if page.size <= self._pages.maxsize:
                self._pages[page.key] = page

    def remember(self, asked: Hashable, edition: str, page: CachedPage) -> None:
        """Note which page answers a request, as long as the edition is the same."""
        if len(self._keys) >= MAX_REQUESTS:
            self._keys.clear()
        self._keys[asked] = edition, page.key

    def answering(self, asked: Hashable, edition: str) -> CachedPage | None:
        """The page that answers a request in this edition, if that is known."""
        known = self._keys.get(asked)
        return self.get(known[1]) if known and known[0] == edition else None


def etag_for(stamp: int, *, is_fragment: bool) -> str:
    """The ETag of a page, with a place for the length of its body. A part of a page has another than the whole: a
    browser names what it has of an address, whichever of the two it asks for.
    """
    return f'"{stamp:x}-%x{"-part" if is_fragment else ""}"'
