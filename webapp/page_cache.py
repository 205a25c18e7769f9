"""Pages that are the same for every reader are kept as compressed bytes, until the next edition.

Nothing of a request but its path, its understood query and whether it asks for a fragment reaches a page, so these
and the edition, the build and the settings make its key. Headers choose the encoding, or a 304; nothing else.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import brotli
from cachetools import LRUCache
from flask import Flask, Response, current_app, make_response, request

from webapp.edition import edition
from webapp.htmx import wants_fragment

Params = ParamSpec("Params")
View = TypeVar("View", bound=Callable[..., Any])

ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=9),
    "gzip": partial(gzip.compress, compresslevel=9, mtime=0),
    "identity": bytes,
}
"""The content codings, the smallest first."""
MIN_COMPRESSED_BYTES = 400
"""Bytes from which compressing is worth it."""
SECRET = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "MAIL_URL"}


@dataclass
class CachedPage:
    """A finished page: its headers, and its body in every coding that was asked for."""

    headers: list[tuple[str, str]]
    bodies: dict[str, bytes] = field(default_factory=dict)

    def add_body(self, encoding: str) -> None:
        """Compress the body into a coding, once and for all."""
        self.bodies[encoding] = ENCODINGS[encoding](self.bodies["identity"])

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values())) + 500


class PageCache:
    """The pages of one process, bounded in bytes; where there is no room, the one not asked for the longest goes."""

    def __init__(self, size: int) -> None:
        self._pages: LRUCache[str, CachedPage] = LRUCache(size, getsizeof=lambda page: page.size)
        self._lock = Lock()

    def get(self, key: str) -> CachedPage | None:
        with self._lock:
            return self._pages.get(key)

    def put(self, key: str, page: CachedPage) -> None:
        """Keep a page, or note that it has grown by a body. One that is too large is not kept."""
        with self._lock:
            if page.size <= self._pages.maxsize:
                self._pages[key] = page


def init_app(app: Flask) -> None:
    app.extensions["page_cache"] = PageCache(app.config["PAGE_CACHE_BYTES"])
    settings = {name: value for name, value in app.config.items() if name not in SECRET and _is_plain(value)}
    app.config["SETTINGS_DIGEST"] = _digest(json.dumps(settings, sort_keys=True))

    @app.after_request
    def _no_store(response: Response) -> Response:
        """Nobody keeps an answer unless its view says so: it may hold what is one reader's."""
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def cacheable(
    view: Callable[Params, Any] | None = None, /, *, query: Callable[[Any], Any] | None = None
) -> Callable[..., Any]:
    """The answer is the same for every reader: 304 or the cached page while the edition is the same.

    `query` makes of request.args what the page depends on; its text is in the key. Without it the page depends on
    no part of the query and must not read it.
    """
    if view is None:
        return partial(cacheable, query=query)

    @wraps(view)
    def cached(*args: Params.args, **kwargs: Params.kwargs) -> Response:
        asked = (request.path, str(query(request.args)) if query else "", wants_fragment())
        key = _digest(repr((edition(), current_app.config["BUILD"], current_app.config["SETTINGS_DIGEST"], asked)))
        encoding = request.accept_encodings.best_match(ENCODINGS) or "identity"
        etag = f"{key}-{encoding}"
        if etag in request.if_none_match.as_set(include_weak=True):
            return _for_everyone(Response(status=304), etag)
        pages: PageCache = current_app.extensions["page_cache"]
        page = pages.get(key)
        if page is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200:
                return response
            headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
            page = CachedPage(headers, {"identity": response.get_data()})
            pages.put(key, page)
        if len(page.bodies["identity"]) < MIN_COMPRESSED_BYTES:
            encoding = "identity"
        if encoding not in page.bodies:
            page.add_body(encoding)
            pages.put(key, page)
        response = Response(page.bodies[encoding], headers=page.headers)
        if encoding != "identity":
            response.content_encoding = encoding
        return _for_everyone(response, etag)

    return cached


def _for_everyone(response: Response, etag: str) -> Response:
    response.set_etag(etag, weak=True)
    response.vary.add("Accept-Encoding")
    response.cache_control.public = True
    response.cache_control.max_age = 0
    response.cache_control.must_revalidate = True
    return response


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
