"""All summaries as data, for whoever builds on them. /data explains the two files.

Of a small library each is a page like any other, kept until the next edition. Of a large one it is written while it is
sent: nothing of it stays in memory or among the pages, and only a few are sent at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import BoundedSemaphore

from flask import Blueprint, Flask, Response, current_app
from werkzeug.exceptions import TooManyRequests

from webapp.data.files import PARTS, as_csv, as_json
from webapp.data.queries import summary_count, whole_summaries
from webapp.page_cache.cacheable import cacheable

bp = Blueprint("data", __name__, url_prefix="/data")

MOST_KEPT = 250
"""Summaries: about 1 MB of JSON."""
AT_A_TIME = 2
"""Large files that one process sends at the same time."""
_turns = BoundedSemaphore(AT_A_TIME)


@bp.get("/summaries.json")
@cacheable
def summaries_json() -> Response:
    return _file(as_json, "application/json")


@bp.get("/summaries.csv")
@cacheable
def summaries_csv() -> Response:
    response = _file(as_csv, "text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="summaries.csv")
    return response


def _file(form: Callable[[PARTS], Iterator[str]], content_type: str) -> Response:
    if summary_count() <= MOST_KEPT:
        return Response("".join(form(whole_summaries())), content_type=content_type)
    if not _turns.acquire(blocking=False):
        raise TooManyRequests(retry_after=60)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    response = Response(_in_contexts(app, form(whole_summaries())), content_type=content_type)
    response.call_on_close(_turns.release)
    return response


def _in_contexts(app: Flask, pieces: Iterator[str]) -> Iterator[str]:
    """Each piece is made in a context of its own: while it is on its way, no connection to the database is held."""
    while True:
        with app.app_context():
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
