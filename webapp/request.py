"""What a request brings: texts without what no text may hold, and the network it came from."""

from __future__ import annotations

import ipaddress
import string
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import flask
from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from webapp.editorial.characters import without_forbidden


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


def network_of_request() -> str:
    """The network a request came from, which is what one sender is taken to be: see `network_of`."""
    return network_of(request.remote_addr or "unknown")


def network_of(ip: str) -> str:
    """An IPv4 address as it is; the /64 of an IPv6 address, since a household has all of one."""
    try:
        parsed = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
