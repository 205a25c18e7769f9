"""Who votes: a random number in a cookie of the reader's own. It says nothing about the person.

Each part of the site where readers vote has a number of its own, which the browser sends to that part alone: what
somebody says in one is not tied to what they say in another. The number is made with the form, so that two presses of
one form are one reader even before the cookie came back; the cookie is set when somebody votes, not before. A reader
whose browser keeps no cookies votes all the same.
"""

from __future__ import annotations

import secrets

from flask import Response, request
from itsdangerous import BadSignature, Signer

from webapp.secret_key import keys_for_signing

COOKIE = "reader"
"""This name, and the salt below, stay as they are: voters' browsers hold cookies that were made with them."""
SECURE = "__Secure-"
"""On HTTPS, a browser takes a cookie of such a name from HTTPS alone. (The stricter __Host- wants the path /, and so
would send the cookie with every page.)"""
RESEARCH, ASK = "/research/", "/ask"
"""Where a browser sends the cookie: whether a summary was helpful, and which papers are wished for."""
LIFETIME = 365 * 24 * 3600
"""Seconds the cookie is kept after the last vote."""


def known_voter() -> str | None:
    """The voter whose cookie came with this request."""
    return _read(request.cookies.get(SECURE + COOKIE)) or _read(request.cookies.get(COOKIE))


def voter_of_form(signed: str | None) -> str:
    """The voter: of the cookie, else of the form that was sent, else a new one."""
    return known_voter() or _read(signed) or secrets.token_hex(16)


def sign(voter: str) -> str:
    """What stands in the cookie and, while there is no cookie, in the form."""
    return _signer().sign(voter).decode()


def remember(response: Response, voter: str, place: str) -> None:
    """Keep the voter's number in their browser; on HTTPS a cookie from before is renewed under the secure name."""
    if request.is_secure and COOKIE in request.cookies:
        _delete(response, COOKIE, place)
    name = SECURE + COOKIE if request.is_secure else COOKIE
    response.set_cookie(
        name, sign(voter), max_age=LIFETIME, path=place, secure=request.is_secure, httponly=True, samesite="Lax"
    )


def forget(response: Response, place: str) -> None:
    for name in (SECURE + COOKIE, COOKIE):
        if name in request.cookies:
            _delete(response, name, place)


def _delete(response: Response, name: str, place: str) -> None:
    response.delete_cookie(name, path=place, secure=request.is_secure, httponly=True, samesite="Lax")


def _read(signed: str | None) -> str | None:
    try:
        return _signer().unsign(signed or "").decode()
    except BadSignature:
        return None


def _signer() -> Signer:
    return Signer(keys_for_signing(), salt="reader")
