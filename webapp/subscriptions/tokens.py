"""The links a subscriber gets by mail. Each is signed with that subscriber's own random key.

So a link is good for one person and one purpose, needs no account, outlives a change of the site's secret key, and is
void the moment the person's row is deleted. The number in it only says whose key to try.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from enum import StrEnum

from itsdangerous import BadSignature, Signer

from webapp.models import Subscriber
from webapp.urls import external_url

_ID = re.compile(r"[1-9][0-9]{0,17}")


class Purpose(StrEnum):
    """What a link is for: the name of the view it leads to."""

    CONFIRM = "confirm"
    MANAGE = "manage"
    LEAVE = "leave"


def new_secret() -> str:
    """43 characters that nobody can guess."""
    return secrets.token_urlsafe(32)


def token_for(subscriber: Subscriber, purpose: Purpose) -> str:
    return _signer(subscriber, purpose).sign(str(subscriber.id)).decode()


def link_for(subscriber: Subscriber, purpose: Purpose) -> str:
    """The whole address, as it stands in a mail."""
    return external_url(f"subscriptions.{purpose}", token=token_for(subscriber, purpose))


def claimed_id(token: str) -> int | None:
    """Whose link this claims to be. Proves nothing: `is_genuine` does."""
    found = _ID.fullmatch(token.partition(".")[0])
    return int(found[0]) if found else None


def is_genuine(token: str, subscriber: Subscriber, purpose: Purpose) -> bool:
    try:
        return _signer(subscriber, purpose).unsign(token) == str(subscriber.id).encode()
    except BadSignature:
        return False


def digest_of(token: str) -> str:
    """What is kept of a confirmation link: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _signer(subscriber: Subscriber, purpose: Purpose) -> Signer:
    salt = f"subscriptions.{purpose}"
    return Signer(subscriber.secret, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
