"""Pages that are the same for every reader are kept as compressed bytes, until the next edition.

Nothing of a request but its path, its understood query and whether it asks for a fragment reaches a page, so these
and the edition, the build and the settings make its key. Headers choose the encoding, or a 304; nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from flask import Flask, Response, current_app, make_response, request

from webapp.edition import edition, reader
from webapp.extensions import db
from webapp.htmx import wants_fragment
from webapp.page_cache import withdrawing
from webapp.page_cache.files import file_name, stamp
from webapp.page_cache.first import MADE, PagesFirst
from webapp.page_cache.folder import PageFolder
from webapp.page_cache.memory import CachedPage, PageCache, coding_for, etag_for

Params = ParamSpec("Params")
View = TypeVar("View", bound=Callable[..., Any])

SECRET = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "MAIL_URL"}


class Wanted(Protocol):
    """What of a query a page depends on."""

    @property
    def clean_query(self) -> str:
        """The query string that asks for just this, without what goes without saying."""


withdrawing.listen(db.session)  # here, since all applications of a process share it


def init_app(app: Flask) -> None:
    app.extensions["page_cache"] = PageCache(app.config["PAGE_CACHE_BYTES"])
    settings = {name: value for name, value in app.config.items() if name not in SECRET and _is_plain(value)}
    app.config["SETTINGS_DIGEST"] = _digest(json.dumps(settings, sort_keys=True))

    @app.after_request
    def _no_store(response: Response) -> Response:
        """Nobody keeps an answer unless its view says so: it may hold what is one reader's."""
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    marks = (app.config["BUILD"], app.config["SETTINGS_DIGEST"])
    with app.app_context():
        app.extensions["page_folder"] = PageFolder(
            Path(app.config["PAGE_FOLDER"]), reader(), marks, app.config["PAGE_FOLDER_BYTES"]
        )
    app.wsgi_app = PagesFirst(app, app.wsgi_app)  # type: ignore[method-assign]


def cacheable(
    view: Callable[Params, Any] | None = None, /, *, query: Callable[[Any], Wanted] | None = None
) -> Callable[..., Any]:
    """The answer is the same for every reader: 304 or the cached page while the edition is the same. An answer that the
    view itself sends with `no-store` is made anew each time, and so is one that it streams, which is kept nowhere.

    `query` makes of request.args what the page depends on; its text is in the key, and it writes itself as a clean
    query. Without it the page depends on no part of the query and must not read it.
    """
    if view is None:
        return partial(cacheable, query=query)

    @wraps(view)
    def cached(*args: Params.args, **kwargs: Params.kwargs) -> Response:
        is_fragment = wants_fragment()
        wanted = query(request.args) if query else None
        asked = (request.path, str(wanted or ""), is_fragment)
        now = edition()
        version = current_app.extensions["page_folder"].version(now)
        key = _digest(repr((version, asked)))
        pages: PageCache = current_app.extensions["page_cache"]
        page = pages.get(key)
        if page is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200 or response.cache_control.no_store:
                return response
            if response.is_streamed:
                return _streamed(response, etag_for(stamp(version), is_fragment=is_fragment) % 0)
            headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
            etag = etag_for(stamp(version), is_fragment=is_fragment)
            name = file_name(request.path, wanted.clean_query if wanted else "", is_fragment=is_fragment)
            page = CachedPage(key, name, etag, headers, {"identity": response.get_data()})
            pages.put(page)
        encoding, body = page.body_for(coding_for(request.headers.get("Accept-Encoding", "")))
        if body is None:
            page.add_body(encoding)
            pages.put(page)
            body = page.bodies[encoding]
        request.environ[MADE] = now, page
        etag = page.etag_of(body)
        if etag in request.headers.get("If-None-Match", ""):
            return _for_everyone(Response(status=304), etag)
        response = Response(body, headers=page.headers)
        if encoding != "identity":
            response.content_encoding = encoding
        return _for_everyone(response, etag)

    return cached


def _streamed(response: Response, etag: str) -> Response:
    """An answer whose length nobody knows yet, unless it was seen in this edition."""
    if etag in request.headers.get("If-None-Match", ""):
        response.close()
        return _for_everyone(Response(status=304), etag)
    return _for_everyone(response, etag)


def _for_everyone(response: Response, etag: str) -> Response:
    response.headers["ETag"] = etag
    response.vary.add("Accept-Encoding")
    response.cache_control.public = True
    response.cache_control.max_age = 0
    response.cache_control.must_revalidate = True
    return response


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
