"""What a reader is told when something goes wrong: one table, one page."""

from __future__ import annotations

from typing import TypeVar

from flask import Flask, Response, abort, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Forbidden, Gone, HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from webapp.database import is_busy, is_full, is_set_up, why_unusable
from webapp.htmx import wants_fragment

Found = TypeVar("Found")

NOT_SET_UP = "The database is not set up, or is older than this version: run `make run`, or `flask db upgrade`."
TOO_NEW = (
    "The database belongs to a newer version of this site: install that version here too, or bring the backup of "
    "before back (`flask restore`)."
)
FULL = "The database could not be written: its disk is full, or broken. Nothing can be saved until there is room."
BUSY = "Something else wrote to the database for too long, so this could not. Nothing was saved of it; try again."
WORDS = {
    400: ("We could not read that request", "Something in it was not as we expected. Please go back and try again."),
    401: ("You are signed out", "What you wrote is still here. Sign in in another tab, then go on here."),
    403: (
        "We did not take that",
        "It came from a page of another site, or your browser did not say where from. Please open the form here.",
    ),
    404: ("We cannot find that page", "The address may be mistyped, or the page may have moved."),
    405: ("That cannot be done here", "This address does not take what was sent to it. Nothing was changed."),
    410: ("That page is gone", "We took this page down on purpose. It will not come back."),
    413: ("That was too long", "What was sent is larger than we can take. Please shorten it and try again."),
    429: ("Too many requests at once", "Please wait a minute and try again. Nothing you wrote is lost on your side."),
    503: (
        "This site is not ready yet",
        "It is being set up or updated. If you sent something, it was not taken: please try again in a few minutes.",
    ),
    507: (
        "There is no room left to save anything",
        "Nothing was changed, and nothing that was saved before is lost. Please try again later. If this is your "
        "site: its disk is full.",
    ),
    500: ("Something broke on our side", "It is not your fault. Please try again in a few minutes."),
}


class NoRoom(HTTPException):
    """The disk of the database is full."""

    code = 507
    description = FULL


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(OperationalError, _answer_without_database)


def or_404(found: Found | None) -> Found:
    """What was found, or the 404 page."""
    if found is None:
        abort(404)
    return found


def _answer_without_database(error: OperationalError) -> Response:
    """A database that is full, busy, was never set up, is behind the code, or is gone: one sentence to the owner, no
    traceback.
    """
    why = why_not_ready(error)
    if why is None:
        raise error
    current_app.logger.error(why)
    return _answer(NoRoom() if why == FULL else ServiceUnavailable())


def why_not_ready(error: OperationalError) -> str | None:
    """What to tell the owner when the database is full, busy, not set up or cannot be used; None for other faults."""
    if is_full(error):
        return FULL
    if is_busy(error):
        return BUSY
    return why_unusable(error) if is_set_up(error) else NOT_SET_UP


def _answer(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, SecurityError):
        return _wrong_host()
    if isinstance(error, CSRFError | Forbidden):
        # No address, no browser, nothing that was typed: where, and why.
        current_app.logger.warning("Refused at %s: %s", request.endpoint, error.description)
    title, text = WORDS.get(status, WORDS[400] if status < 500 else WORDS[500])
    if isinstance(error, Gone) and error.description != Gone.description:
        text = error.description or text  # the owner's own sentence
    context = {"title": title, "text": text, "status": status}
    try:
        # Where a form was sent in place, a notice stands above it and what was typed stays.
        is_notice = request.method == "POST" and wants_fragment()
        body = render_template("errors/_notice.html" if is_notice else "errors/error.html", **context)
    except Exception:  # the page that says so must not fail itself
        current_app.logger.exception("The error page could not be drawn")
        body = f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
    response = make_response(body, status)
    if not isinstance(error, InternalServerError):
        allowed = error.get_response().headers
        for name in ("Allow", "Retry-After"):
            if name in allowed:
                response.headers[name] = allowed[name]
    response.cache_control.no_store = True
    return response


def _wrong_host() -> Response:
    """For a host that is not ours: no page of the site, whose links would lead there; one sentence instead."""
    return Response(f"This site is at {current_app.config['SITE_URL']}\n", 400, mimetype="text/plain")
