"""HTMX in one place: the only module that knows its headers."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, render_template, request
from jinja2_fragments.flask import render_block


def wants_fragment() -> bool:
    """Whether this request asks for one region of the page. Recording the question sets `Vary`.

    A request of the back button, or one that swaps the whole page, gets the whole page.
    """

    @after_this_request
    def _vary(response: Response) -> Response:
        response.vary.update(["HX-Request", "HX-Request-Type"])
        return response

    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type", "partial") == "partial"
        and "HX-History-Restore-Request" not in request.headers
    )


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
