"""Lists of the desk, page by page."""

from __future__ import annotations

from flask import request

MOST_PAGES = 10_000
"""No list is longer; a larger number is no page, and would be no number for the database either."""


def page_asked_for() -> int:
    """The page of a list that the address names; the first one otherwise."""
    return min(max(request.args.get("page", 1, int), 1), MOST_PAGES)
