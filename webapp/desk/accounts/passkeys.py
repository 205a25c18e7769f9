"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers is good.

A question holds a challenge that we signed and that counts once, for five minutes. The library is loaded when somebody
asks: no page for readers needs it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import json
import secrets
from typing import Any, NamedTuple

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from webapp import clock
from webapp.desk.accounts import actions, queries
from webapp.models import Account, Passkey
from webapp.secret_key import keys_for_signing
from webapp.site_words import site_words

LIFETIME = dt.timedelta(minutes=5)
MAX_ANSWER_LENGTH = 20_000
"""Characters of what a browser answers; real ones have about 1,500."""
FAILED = "The passkey was not accepted. Please try once more, or sign in another way."


class PasskeyError(Exception):
    """A passkey that is not accepted. The text is the sentence for who tried."""


class Question(NamedTuple):
    """What a browser is asked, as JSON, and the challenge in it, signed, which comes back with the answer."""

    options: dict[str, Any]
    challenge: str


def are_possible() -> bool:
    """Whether a browser can keep passkeys for this address: it needs the name of a host, and HTTPS or localhost."""
    host = _host()
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return request.is_secure or host == "localhost"
    return False


def registration(account: Account) -> Question:
    """The question with which a device makes a new passkey for an account."""
    import webauthn
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    challenge = secrets.token_bytes(32)
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=site_words().name,
        user_id=account.handle,
        user_name=account.name,
        user_display_name=account.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in queries.passkeys_of(account)
        ],
    )
    return Question(json.loads(webauthn.options_to_json(options)), _signed(challenge, "add"))


def register(account: Account, name: str, answer: str, challenge: str) -> None:
    """Keep the passkey a device made. Raises PasskeyError."""
    import webauthn

    expected = _taken(challenge, "add")
    try:
        found = webauthn.verify_registration_response(
            credential=_as_json(answer),
            expected_challenge=expected,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
        actions.add_passkey(account, name, found.credential_id, found.credential_public_key, found.sign_count)
    except actions.AccountError as error:
        raise PasskeyError(str(error)) from None
    except Exception as error:
        raise PasskeyError("The passkey could not be kept. Please try once more.") from error


def authentication() -> Question:
    """The question with which a browser offers the passkeys it has for this site; nobody types a name."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    challenge = secrets.token_bytes(32)
    options = webauthn.generate_authentication_options(
        rp_id=_host(), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Question(json.loads(webauthn.options_to_json(options)), _signed(challenge, "use"))


def account_of_answer(answer: str, challenge: str) -> Account:
    """Whose passkey signed the challenge. Raises PasskeyError."""
    import webauthn

    expected, credential = _taken(challenge, "use"), _as_json(answer)
    passkey = _known(credential)
    account = queries.account_by_id(passkey.account_id) if passkey else None
    if passkey is None or account is None:
        raise PasskeyError("This passkey is not known here. It may have been removed, or be another site's.")
    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=expected,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyError(FAILED) from error
    actions.note_use(passkey, found.new_sign_count)
    return account


def _known(credential: dict[str, Any]) -> Passkey | None:
    try:
        return queries.passkey_by_credential(base64_decode(str(credential.get("id", ""))))
    except Exception:
        return None


def _as_json(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer[:MAX_ANSWER_LENGTH])
    except ValueError:
        raise PasskeyError(FAILED) from None
    if not isinstance(found, dict):
        raise PasskeyError(FAILED)
    return found


def _signed(challenge: bytes, purpose: str) -> str:
    return str(_signer().dumps([purpose, base64_encode(challenge).decode()]))


def _taken(signed: str, purpose: str) -> bytes:
    """The challenge of a question of ours, which is used up by this. Raises PasskeyError."""
    try:
        found, challenge = _signer().loads(signed, max_age=int(LIFETIME.total_seconds()))
    except (BadSignature, ValueError):
        raise PasskeyError("That took a while. Please try once more.") from None
    digest = hashlib.sha256(challenge.encode()).hexdigest()
    if found != purpose or not actions.use_challenge(digest, clock.now() + LIFETIME):
        raise PasskeyError(FAILED)
    return base64_decode(challenge)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys_for_signing(), salt="passkey")


def _host() -> str:
    """The host of this request, which is one of ours (security.py)."""
    return request.host.rpartition(":")[0] if ":" in request.host else request.host


def _origin() -> str:
    return request.host_url.rstrip("/")
