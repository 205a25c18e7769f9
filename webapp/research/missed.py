"""A search that found nothing is counted once its page is out: no reader waits for it."""

from __future__ import annotations

from flask import Response, current_app, request

from webapp.search.missed.actions import count_missed


def count_afterwards(response: Response, words: str) -> Response:
    """The answer, never kept ready: or the next day on which somebody asks for the same would not be seen."""
    response.cache_control.no_store = True
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def count() -> None:
        with app.app_context():
            count_missed(words)

    if request.method == "GET":
        response.call_on_close(count)
    return response
