"""Pages that are the same for every reader are kept as compressed bytes, until the next edition.

Nothing of a request but its path, its understood query and whether it asks for a fragment reaches a page, so these
and the edition, the build and the settings make its key. Headers choose the encoding, or a 304; nothing else.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import weakref
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial, wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import brotli
from cachetools import LRUCache
from flask import Flask, Response, current_app, make_response, request
from werkzeug.http import parse_accept_header, parse_etags

from webapp.edition import edition
from webapp.edition import reader as edition_reader
from webapp.htmx import wants_fragment

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
MAX_REQUESTS = 20_000
"""Requests of which it is known which page answers them: about 500 bytes each."""
MAX_QUERY = 400
"""Bytes of a query that is remembered; longer ones are answered all the same."""
FRAGMENT_MARKS = ("HTTP_HX_REQUEST", "HTTP_HX_REQUEST_TYPE", "HTTP_HX_HISTORY_RESTORE_REQUEST")
"""What `wants_fragment` reads, as it stands in the environment of a request."""
MADE = "webapp.page_cache.made"
"""Where `cacheable` leaves the page it answered with: its edition, its key, itself."""
SECRET = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "MAIL_URL"}


Headers = list[tuple[str, str]]
_OF_ONE_BODY = {"content-length", "content-encoding", "etag"}


@dataclass
class CachedPage:
    """A finished page: its headers, and its body in every coding that was asked for."""

    headers: Headers
    bodies: dict[str, bytes] = field(default_factory=dict)
    sent: Headers | None = None
    """All headers it went out with, those of other parts of the site too, but for what belongs to one body."""

    def add_body(self, encoding: str) -> None:
        """Compress the body into a coding, once and for all."""
        self.bodies[encoding] = ENCODINGS[encoding](self.bodies["identity"])

    def body_for(self, encoding: str) -> tuple[str, bytes | None]:
        """The coding in which the page goes out when one is asked for, and its body, if that is there already."""
        if len(self.bodies["identity"]) < MIN_COMPRESSED_BYTES:
            encoding = "identity"
        return encoding, self.bodies.get(encoding)

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values())) + 1_500


class PageCache:
    """The pages of one process, bounded in bytes; where there is no room, the one not asked for the longest goes."""

    def __init__(self, size: int) -> None:
        self._pages: LRUCache[str, CachedPage] = LRUCache(size, getsizeof=lambda page: page.size)
        self._keys: LRUCache[Hashable, tuple[str, str]] = LRUCache(MAX_REQUESTS)
        self._lock = Lock()

    def get(self, key: str) -> CachedPage | None:
        with self._lock:
            return self._pages.get(key)

    def put(self, key: str, page: CachedPage) -> None:
        """Keep a page, or note that it has grown by a body. One that is too large is not kept."""
        with self._lock:
            if page.size <= self._pages.maxsize:
                self._pages[key] = page

    def remember(self, asked: Hashable, edition: str, key: str) -> None:
        """Note which page answers a request, as long as the edition is the same."""
        with self._lock:
            self._keys[asked] = edition, key

    def answering(self, asked: Hashable, edition: object) -> tuple[str, CachedPage] | None:
        """The key and the page that answer a request in this edition, if that is known."""
        with self._lock:
            known = self._keys.get(asked)
            page = self._pages.get(known[1]) if known and known[0] == edition else None
            return (known[1], page) if known and page else None


class PagesFirst:
    """Answers a request that was answered before in this edition, before Flask looks at it.

    Only GET and HEAD, only at a host of ours, and only with what `cacheable` made: nothing else of a request than its
    method, path, query, coding, the marks of a fragment and the ETags it names is looked at here.
    """

    def __init__(self, app: Flask, wsgi_app: WSGIApplication) -> None:
        self.app, self.wsgi_app = app, wsgi_app
        with app.app_context():
            self.edition = edition_reader()
        weakref.finalize(app, self.edition.close)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = self._asked(environ)
        if asked is None:
            return self.wsgi_app(environ, start_response)
        pages: PageCache = self.app.extensions["page_cache"]
        now = self.edition.value()
        found = pages.answering(asked, now) if now else None
        answer = _answer(*found, environ) if found else None
        if answer is None:
            return self.wsgi_app(environ, _noting(environ, start_response, pages, asked))
        status, headers, body = answer
        start_response(status, headers)
        return [body]

    def _asked(self, environ: WSGIEnvironment) -> Hashable | None:
        """What of a request decides which page answers it; None for one that is not for us."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or len(environ.get("QUERY_STRING", "")) > MAX_QUERY:
            return None
        config = self.app.config
        host = environ.get("HTTP_HOST", config["TRUSTED_HOSTS"][0]).lower().partition(":")[0]
        if host not in config["TRUSTED_HOSTS"]:
            return None
        marks = (environ.get(name) for name in FRAGMENT_MARKS)
        page = (environ.get("PATH_INFO"), environ.get("QUERY_STRING"), *marks)
        return (*page, config["BUILD"], config["SETTINGS_DIGEST"])


def _answer(key: str, page: CachedPage, environ: WSGIEnvironment) -> tuple[str, Headers, bytes] | None:
    encoding, body = page.body_for(_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
    if body is None or page.sent is None:
        return None  # it has to be compressed first
    etag = f'W/"{key}-{encoding}"'
    seen = environ.get("HTTP_IF_NONE_MATCH")
    if seen and f"{key}-{encoding}" in parse_etags(seen).as_set(include_weak=True):
        return "304 NOT MODIFIED", [*(one for one in page.sent if one[0] != "Content-Type"), ("ETag", etag)], b""
    headers = [*page.sent, ("ETag", etag), ("Content-Length", str(len(body)))]
    if encoding != "identity":
        headers.append(("Content-Encoding", encoding))
    return "200 OK", headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body


@lru_cache(maxsize=256)
def _encoding(accepted: str) -> str:
    return parse_accept_header(accepted).best_match(ENCODINGS) or "identity"


def _noting(
    environ: WSGIEnvironment, start_response: StartResponse, pages: PageCache, asked: Hashable
) -> StartResponse:
    """Notes what `cacheable` answers, with all headers that other parts of the site gave it."""

    def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
        made = environ.get(MADE)
        names = {name.lower() for name, _ in headers}
        if made and status.startswith("200") and "set-cookie" not in names:
            edition_of_page, key, page = made
            page.sent = [one for one in headers if one[0].lower() not in _OF_ONE_BODY]
            pages.remember(asked, edition_of_page, key)
        return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

    return start


def init_app(app: Flask) -> None:
    app.extensions["page_cache"] = PageCache(app.config["PAGE_CACHE_BYTES"])
    settings = {name: value for name, value in app.config.items() if name not in SECRET and _is_plain(value)}
    app.config["SETTINGS_DIGEST"] = _digest(json.dumps(settings, sort_keys=True))

    @app.after_request
    def _no_store(response: Response) -> Response:
        """Nobody keeps an answer unless its view says so: it may hold what is one reader's."""
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.wsgi_app = PagesFirst(app, app.wsgi_app)  # type: ignore[method-assign]


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
        now = edition()
        key = _digest(repr((now, current_app.config["BUILD"], current_app.config["SETTINGS_DIGEST"], asked)))
        encoding = _encoding(request.headers.get("Accept-Encoding", ""))
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
        encoding, body = page.body_for(encoding)
        if body is None:
            page.add_body(encoding)
            pages.put(key, page)
        request.environ[MADE] = now, key, page
        response = Response(page.bodies[encoding], headers=page.headers)
        if encoding != "identity":
            response.content_encoding = encoding
        return _for_everyone(response, f"{key}-{encoding}")

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
