"""HTMX in one place: the only module that knows its headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, after_this_request, render_template, request
from jinja2_fragments.flask import render_block

Marks = tuple[str | None, str | None, str | None]
"""The headers that decide whether a request asks for one region of the page."""


def marks_in(environ: Mapping[str, Any]) -> Marks:
    """Those of a request."""
    get = environ.get
    return get("HTTP_HX_REQUEST"), get("HTTP_HX_REQUEST_TYPE"), get("HTTP_HX_HISTORY_RESTORE_REQUEST")


def is_fragment(marks: Marks) -> bool:
    """Whether a request with these asks for one region of the page."""
    asked, kind, restores = marks
    return asked == "true" and kind in {None, "partial"} and restores is None


def marks_of(*, is_fragment: bool) -> dict[str, str]:
    """Such values for a request that asks for one region, or for the whole page."""
    return {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"} if is_fragment else {}


def wants_fragment() -> bool:
    """Whether this request asks for one region of the page. Recording the question sets `Vary`.

    A request of the back button, or one that swaps the whole page, gets the whole page.
    """

    @after_this_request
    def _vary(response: Response) -> Response:
        response.vary.update(["HX-Request", "HX-Request-Type"])
        return response

    return is_fragment(marks_in(request.environ))


def render_page(template: str, *, fragment: str | None = None, **context: Any) -> str:
    """The whole page, or only its block `fragment` when that is what was asked for."""
    if fragment and wants_fragment():
        return render_block(template, fragment, **context)
    return render_template(template, **context)


def push_url(response: Response, url: str) -> Response:
    """Let the address bar follow a fragment: to the clean URL of the state it shows."""
    if wants_fragment():
        response.headers["HX-Push-Url"] = url
    return response
