"""Small helpers for routes."""

from __future__ import annotations

from typing import TypeVar

from flask import abort, current_app, request

Found = TypeVar("Found")


def or_404(found: Found | None) -> Found:
    """What was found, or the 404 page."""
    if found is None:
        abort(404)
    return found


def absolute_url(path: str) -> str:
    """A path of this site as the address to publish, on the host of the SITE_URL setting."""
    return f"{current_app.config['SITE_URL']}{path}"


def address_of(endpoint: str, **values: str) -> str:
    """The address of a view as it stands in a mail; needs no request."""
    return absolute_url(current_app.url_map.bind("").build(endpoint, values))


def canonical_url() -> str:
    """The address of the page being answered, without its query."""
    return absolute_url(request.path)
