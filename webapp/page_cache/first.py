"""Answers what was answered before, before Flask looks at it."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from webapp import htmx
from webapp.edition import ASKED_IN
from webapp.page_cache.files import KeptPage, file_name, stamp
from webapp.page_cache.folder import PageFolder
from webapp.page_cache.memory import CachedPage, Headers, PageCache, coding_for, etag_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_QUERY = 400
"""Bytes of a query that is remembered; longer ones are answered all the same."""
MADE = "webapp.page_cache.made"
"""Where `cacheable` leaves the page it answered with, and its edition."""
BEFOREHAND = "webapp.page_cache.beforehand"
"""Set in a request that no reader sent: its page is to be kept as files."""


class PagesFirst:
    """Answers a request that was answered before in this edition, before Flask looks at it: from memory or from files.

    Only GET and HEAD, only at a host of ours, and only with what `cacheable` made: nothing else of a request than its
    method, path, query, coding, the marks of a fragment and the ETags it names is looked at here. What is asked for
    twice is kept as files, once the second answer is out: so a page costs nobody the writing, and one that a robot
    fetches once takes no space.
    """

    def __init__(self, app: Flask, wsgi_app: WSGIApplication) -> None:
        self.app, self.wsgi_app = app, wsgi_app
        self.files: PageFolder = app.extensions["page_folder"]
        self.edition = self.files.edition
        weakref.finalize(app, self.edition.close)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = self._asked(environ)
        now = self.edition.value() if asked else None
        if asked is None or not isinstance(now, str):
            return self.wsgi_app(environ, start_response)
        self.files.follow(now)
        pages: PageCache = self.app.extensions["page_cache"]
        page = pages.answering(asked, now) or self._from_files(asked, now)
        answer = page.answer(coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))) if page else None
        if page is None or answer is None:  # not made, or not compressed in this way
            environ[ASKED_IN] = now
            return self._by_flask(environ, start_response, asked)
        body = answer.body
        if answer.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 NOT MODIFIED", answer.headers_of_304.copy())
            body = b""
        else:
            start_response("200 OK", answer.headers.copy())
            if environ["REQUEST_METHOD"] == "HEAD":
                body = b""
        if page.is_in_files or page.name is None:
            return [body]
        return ClosingIterator([body], partial(self._keep, now, page))

    def _asked(self, environ: WSGIEnvironment) -> Asked | None:
        """What of a request decides which page answers it; None for one that is not for us."""
        get = environ.get
        query = get("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or len(query) > MAX_QUERY:
            return None
        hosts = self.app.config["TRUSTED_HOSTS"]
        host = get("HTTP_HOST", hosts[0]).lower().partition(":")[0]
        if host not in hosts:
            return None
        return Asked(get("PATH_INFO", ""), query, htmx.marks_in(environ))

    def _from_files(self, asked: Asked, now: str) -> CachedPage | None:
        """The page as another process left it, kept in memory from here on."""
        name = asked.file_name
        kept = self.files.read(self.files.version(now), name) if name else None
        if kept is None or name is None:
            return None
        etag = etag_for(stamp(self.files.version(now)), is_fragment=htmx.is_fragment(asked.marks))
        page = CachedPage(kept.key, name, etag, kept.headers, kept.bodies, is_in_files=True)
        pages: PageCache = self.app.extensions["page_cache"]
        pages.put(page)
        pages.remember(asked, now, page)
        return page

    def _by_flask(self, environ: WSGIEnvironment, start_response: StartResponse, asked: Asked) -> Iterable[bytes]:
        """The long way; what `cacheable` answers is noted, with all headers that other parts of the site gave it."""

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            made = environ.get(MADE)
            names = {name.lower() for name, _ in headers}
            if made and status.startswith("200") and "set-cookie" not in names:
                now, page = made
                page.goes_out_with(headers)
                self.app.extensions["page_cache"].remember(asked, now, page)
                if BEFOREHAND in environ:
                    self._keep(now, page, is_asked_for=False)
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self.wsgi_app(environ, start)

    def _keep(self, now: str, page: CachedPage, *, is_asked_for: bool = True) -> None:
        version = self.files.version(now)
        if page.name is None or page.is_in_files:
            return
        if self.files.has(version, page.name):  # another process wrote it
            page.is_in_files = True
            return
        for coding in page.codings:
            if coding not in page.bodies:
                page.add_body(coding)
        kept = KeptPage(page.key, page.headers, {coding: page.bodies[coding] for coding in page.codings})
        page.is_in_files = self.files.keep(version, page.name, kept, is_asked_for=is_asked_for)


class Asked(NamedTuple):
    """What of a request decides which page answers it."""

    path: str
    query: str
    marks: htmx.Marks

    @property
    def file_name(self) -> str | None:
        """What its files are named; None when it is not kept as such."""
        is_fragment = htmx.is_fragment(self.marks)
        return file_name(self.path, self.query, is_fragment=is_fragment) if is_fragment or not any(self.marks) else None
