"""Small helpers for routes."""

from __future__ import annotations

import ipaddress
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
