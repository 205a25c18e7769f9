"""E-mail addresses: one normal form, by which an address is stored, compared, counted and mailed."""

from __future__ import annotations

import unicodedata

from email_validator import validate_email

MAX_LENGTH = 254
"""Letters that fit into the envelope of a mail (RFC 5321)."""


def normal_address(text: str) -> str | None:
    """The one form of an address, whichever way it was typed; None when the text is not one address.

    Letters of full width are the plain ones (NFKC, as Unicode's report 39 asks), case does not count, and the domain
    is as mail servers know it: faß.de is xn--fa-hia.de (IDNA 2008), never its neighbour fass.de.
    """
    if len(text) > MAX_LENGTH:
        return None
    local, _, domain = unicodedata.normalize("NFKC", text).rpartition("@")
    local = unicodedata.normalize("NFKC", local.lower())
    try:
        found = validate_email(f"{local}@{domain}", check_deliverability=False)
    except ValueError:
        return None
    address = f"{found.local_part}@{found.ascii_domain}"
    return address if len(address) <= MAX_LENGTH else None


def with_ascii_domain(address: str) -> str:
    """An address as it stands, with its domain as mail servers know it; unchanged when that is no domain."""
    local, _, domain = address.rpartition("@")
    normal = None if domain.isascii() else normal_address(f"a@{domain}")
    return f"{local}@{normal.rpartition('@')[2]}" if normal else address


def mailbox_of(address: str) -> str:
    """The mailbox behind an address in its normal form: mail to ada+anything@example.org reaches ada@example.org."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
