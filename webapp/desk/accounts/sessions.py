"""The cookie of a browser that is signed in, and who that is.

The cookie holds a random number and goes to /desk alone: no page for readers ever gets it. It is worth what its row in
the database is worth, so signing out, everywhere too, is deleting rows. A second cookie names the devices on which
somebody has signed in before: their tries are counted apart, so that a stranger's cannot lock them out.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from flask import Response, request
from itsdangerous import BadSignature, Signer

from webapp.desk.accounts import queries
from webapp.models import Account, DeskSession
from webapp.secret_key import keys_for_signing

COOKIE, DEVICE = "desk", "desk-device"
SECURE = "__Secure-"
PATH = "/desk"
LIFETIME = dt.timedelta(days=30)
"""Since a session was last used."""
_ASKED = "webapp.desk.session"
DEVICE_LIFETIME = dt.timedelta(days=365)


def digest_of(secret: str) -> str:
    """What is kept of a secret in its place."""
    return hashlib.sha256(secret.encode()).hexdigest()


def current_session() -> DeskSession | None:
    """The session of this request, asked for once."""
    if _ASKED not in request.environ:
        secret = request.cookies.get(_name(COOKIE))
        request.environ[_ASKED] = queries.live_session(digest_of(secret)) if secret else None
    found: DeskSession | None = request.environ[_ASKED]
    return found


def current_account() -> Account | None:
    """Who is signed in."""
    session = current_session()
    return queries.account_by_id(session.account_id) if session else None


def signed_in_account() -> Account:
    """The same behind the guard, where somebody is."""
    account = current_account()
    if account is None:
        raise RuntimeError("the guard of the desk lets nobody else through")
    return account


def remember(response: Response, secret: str, account: Account) -> Response:
    """Put a new session into the browser, and that the account has signed in here."""
    _set(response, COOKIE, secret, LIFETIME)
    _set(response, DEVICE, _signer().sign(str(account.id)).decode(), DEVICE_LIFETIME)
    return response


def forget(response: Response) -> Response:
    """Take the session out of the browser; the device stays known."""
    response.delete_cookie(_name(COOKIE), path=PATH, secure=request.is_secure, httponly=True, samesite="Lax")
    return response


def is_known_device(account: Account) -> bool:
    """Whether this account has signed in on this device before."""
    try:
        return _signer().unsign(request.cookies.get(_name(DEVICE), "")).decode() == str(account.id)
    except BadSignature:
        return False


def _name(cookie: str) -> str:
    return SECURE + cookie if request.is_secure else cookie


def _set(response: Response, cookie: str, value: str, lifetime: dt.timedelta) -> None:
    response.set_cookie(
        _name(cookie), value, max_age=lifetime, path=PATH, secure=request.is_secure, httponly=True, samesite="Lax"
    )


def _signer() -> Signer:
    return Signer(keys_for_signing(), salt="desk-device")
