"""What a request brings, and small helpers for routes."""

from __future__ import annotations

import ipaddress
import string
from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import quote

import flask
from flask import abort, current_app, request
from werkzeug.datastructures import ImmutableMultiDict

from webapp.editorial.characters import without_forbidden

Found = TypeVar("Found")


class TextFields(ImmutableMultiDict[str, Any]):
    """The fields of a form or of a query string; every text in them without what no text may hold."""

    def __init__(self, fields: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__((_clean(name), _clean(value)) for name, value in fields)


def _clean(value: Any) -> Any:
    return without_forbidden(value) if isinstance(value, str) else value  # a file stays what it is


class Request(flask.Request):
    """A request whose texts are clean wherever they are read: `form` and `args` are TextFields."""

    parameter_storage_class = TextFields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.query_string.isascii():  # bytes that should have come as percent signs, and perhaps no UTF-8
            self.query_string = quote(self.query_string, safe=string.punctuation).encode()


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
    return absolute_url(quote(request.path, safe=string.punctuation))


def network_of_request() -> str:
    """The network a request came from, which is what one sender is taken to be: see `network_of`."""
    return network_of(request.remote_addr or "unknown")


def network_of(ip: str) -> str:
    """An IPv4 address as it is; the /64 of an IPv6 address, since a household has all of one."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))
