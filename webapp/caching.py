"""Pages that are the same for every reader are kept, until the next edition.

The edition is a number that goes up with every change readers can see. A page's ETag is made of the
edition, the build and the request; while it stays the same the answer is 304, or the kept page.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, current_app, make_response, request
from sqlalchemy import func, select, update

from webapp.extensions import cache, db
from webapp.htmx import wants_fragment
from webapp.models import Edition, Summary

Params = ParamSpec("Params")


def edition() -> str:
    """The current edition. A summary whose day of publication comes makes a new one by itself."""
    today = dt.datetime.now(dt.UTC).date()
    newest = select(func.max(Summary.published_on)).where(Summary.published_on <= today).scalar_subquery()
    row = db.session.execute(select(Edition.number, newest).where(Edition.id == 1)).one_or_none()
    return f"{row[0]}.{row[1]}" if row else "0"


def raise_edition() -> None:
    """Say that readers can see something new. Called by actions, inside their one commit."""
    raised = db.session.execute(
        update(Edition).where(Edition.id == 1).values(number=Edition.number + 1, changed_at=dt.datetime.now(dt.UTC))
    )
    if not raised.rowcount:  # type: ignore[attr-defined]
        db.session.add(Edition(id=1, number=1, changed_at=dt.datetime.now(dt.UTC)))


def for_one_reader(view: Callable[Params, Any]) -> Callable[Params, Response]:
    """Nobody keeps the answer: it holds what is one reader's, such as a form's token or an answer."""

    @wraps(view)
    def unkept(*args: Params.args, **kwargs: Params.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        response.cache_control.no_store = True
        return response

    return unkept


def same_for_everyone(view: Callable[Params, Any]) -> Callable[Params, Response]:
    """Answer 304 or the kept page while the edition is the same; else make the page and keep it."""

    @wraps(view)
    def kept(*args: Params.args, **kwargs: Params.kwargs) -> Response:
        asked = f"{edition()} {current_app.config['BUILD']} {wants_fragment()} {request.full_path}"
        etag = hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        if request.if_none_match.contains_weak(etag):
            response = Response(status=304)
        elif found := cache.get(etag):
            response = Response(found[0], headers=found[1])
        else:
            response = make_response(view(*args, **kwargs))
            if response.status_code == 200:
                cache.set(etag, (response.get_data(), list(response.headers)))
        if response.status_code in (200, 304):
            response.set_etag(etag, weak=True)
            response.cache_control.public = True
            response.cache_control.max_age = 0
            response.cache_control.must_revalidate = True
        return response

    return kept
