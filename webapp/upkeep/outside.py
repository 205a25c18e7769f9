"""How a request looks when it comes in: shown to `flask doctor` alone, which asks through whatever stands in front."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import asdict, dataclass

from flask import Flask, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

PATH = "/healthz"
MADE_UP = "192.0.2.77"
"""An address that nobody has (RFC 5737): what a reader could claim about where a request comes from."""
TIMEOUT = 10
"""Seconds."""
_TOKEN_SECONDS = 60


@dataclass(frozen=True)
class Seen:
    """What the site believes of a request, and what it was told."""

    address: str
    scheme: str
    forwarded_for: str


class UnreachableError(Exception):
    """The site does not answer at its own address. The text says why."""


def _signer(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(app.secret_key), salt="doctor")


def what_was_seen() -> Seen | None:
    """Of this request, if whoever asks knows the secret key; None otherwise."""
    try:
        _signer(current_app).loads(request.args.get("doctor", ""), max_age=_TOKEN_SECONDS)
    except BadData:
        return None
    return Seen(request.remote_addr or "", request.scheme, request.headers.get("X-Forwarded-For", ""))


def as_text(seen: Seen) -> str:
    return json.dumps(asdict(seen))


def look(app: Flask) -> Seen:
    """Ask the site at its own address, with a made-up X-Forwarded-For. Raises UnreachableError."""
    url = f"{app.config['SITE_URL']}{PATH}?doctor={urllib.parse.quote(str(_signer(app).dumps('')))}"
    asked = urllib.request.Request(url, headers={"X-Forwarded-For": MADE_UP})  # noqa: S310 (http or https: config.py)
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310
            return Seen(**json.loads(answer.read(10_000)))
    except urllib.error.HTTPError as error:
        raise UnreachableError(f"it answers {error.code}") from None
    except (ValueError, TypeError):
        raise UnreachableError("what answers there is not this site, or has another secret key") from None
    except OSError as error:
        raise UnreachableError(str(getattr(error, "reason", error))) from None
