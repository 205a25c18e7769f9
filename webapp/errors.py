"""What a reader is told when something goes wrong: one table, one page."""

from __future__ import annotations

from flask import Flask, Response, current_app, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from webapp.htmx import wants_fragment

NOT_SET_UP = "The database is not set up, or is older than this version: run `make run`, or `flask db upgrade`."

WORDS = {
    400: ("We could not read that request", "Something in it was not as we expected. Please go back and try again."),
    403: (
        "We did not take that",
        "It came from a page of another site, or your browser did not say where from. Please open the form here.",
    ),
    404: ("We cannot find that page", "The address may be mistyped, or the page may have moved."),
    405: ("That cannot be done here", "This address does not take what was sent to it. Nothing was changed."),
    410: ("That page is gone", "We took this page down on purpose. It will not come back."),
    413: ("That was too long", "What was sent is larger than we can take. Please shorten it and try again."),
    429: ("Too many requests at once", "Please wait a minute and try again. Nothing you wrote is lost on your side."),
    503: ("This site is not ready yet", "It is being set up or updated. Please try again in a few minutes."),
    500: ("Something broke on our side", "It is not your fault. Please try again in a few minutes."),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(OperationalError, _answer_without_tables)


def _answer_without_tables(error: OperationalError) -> Response:
    """A database that was never set up, or is behind the code: one sentence to the owner, not a traceback."""
    if "no such" not in str(error.orig):
        raise error
    current_app.logger.error(NOT_SET_UP)
    return _answer(ServiceUnavailable())


def _answer(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, SecurityError):
        return _wrong_host()
    title, text = WORDS.get(status, WORDS[400] if status < 500 else WORDS[500])
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
