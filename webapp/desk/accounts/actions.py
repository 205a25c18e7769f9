"""Making accounts, signing in and out, and the ways to do so."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp import clock
from webapp.desk.accounts import passwords, queries
from webapp.desk.accounts.sessions import digest_of
from webapp.desk.activity.actions import note
from webapp.extensions import db
from webapp.models import Account, DeskSession, Passkey, SignInLink, UsedChallenge

LINK_LIFETIME = dt.timedelta(hours=1)
SEEN_EVERY = dt.timedelta(hours=1)
"""How exactly it is known when a session was last used."""
MAX_NAME_LENGTH = 80


class AccountError(Exception):
    """Something about an account that cannot be. The text is the sentence for who asked for it."""


def add_account(name: str) -> str:
    """Make an account. Returns the secret of the link with which it signs in first."""
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME_LENGTH:
        raise AccountError(f"A name has 1 to {MAX_NAME_LENGTH} letters.")
    if queries.account_named(name):
        raise AccountError(f"There is an account {name} already. `flask owner reset` gives it a new link.")
    account = Account(name=name, handle=secrets.token_bytes(32), created_at=clock.now())
    db.session.add(account)
    db.session.flush()
    note(name, "The account was made by a command.")
    return _new_link(account)


def reset_account(name: str) -> str:
    """Take away every way to sign in, sign out everywhere, and return the secret of a new link."""
    account = queries.account_named(name)
    if account is None:
        raise AccountError(f"There is no account {name}. `flask owner list` names them.")
    account.password_hash = None
    for model in (Passkey, DeskSession, SignInLink):
        db.session.execute(delete(model).where(model.account_id == account.id))
    note(account.name, "The account was reset by a command: password, passkeys and sessions were taken away.")
    return _new_link(account)


def remove_account(name: str) -> None:
    """What was written in its name stays."""
    account = queries.account_named(name)
    if account is None:
        raise AccountError(f"There is no account {name}. `flask owner list` names them.")
    note(account.name, "The account was removed by a command.")
    db.session.delete(account)
    db.session.commit()


def _new_link(account: Account) -> str:
    secret = secrets.token_urlsafe(32)
    expires_at = clock.now() + LINK_LIFETIME
    db.session.add(SignInLink(account_id=account.id, digest=digest_of(secret), expires_at=expires_at))
    db.session.commit()
    return secret


def use_link(secret: str) -> tuple[Account, str] | None:
    """Sign in with a link, which is used up. None when it is no good any more."""
    used = delete(SignInLink).where(SignInLink.digest == digest_of(secret), SignInLink.expires_at > clock.now())
    account_id = db.session.scalar(used.returning(SignInLink.account_id))  # in one statement: two presses, one sign-in
    account = queries.account_by_id(account_id) if account_id else None
    if account is None:
        db.session.rollback()
        return None
    return account, sign_in(account, "a one-time link")


def sign_in(account: Account, how: str) -> str:
    """Begin a session of its own. Returns the secret for its cookie."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    old = DeskSession.seen_at < now - queries.SESSION_LIFETIME
    db.session.execute(delete(DeskSession).where(old))
    db.session.add(DeskSession(account_id=account.id, digest=digest_of(secret), signed_in_at=now, seen_at=now))
    note(account.name, f"Signed in with {how}.")
    db.session.commit()
    return secret


def see(session: DeskSession) -> None:
    """A session is in use: it lives on from now."""
    if clock.now() - session.seen_at > SEEN_EVERY:
        session.seen_at = clock.now()
        try:
            db.session.commit()
        except OperationalError:  # the disk is full: looking at pages, and taking a backup, still goes
            db.session.rollback()


def sign_out(account: Account, session: DeskSession) -> None:
    note(account.name, "Signed out.")
    db.session.delete(session)
    db.session.commit()


def sign_out_everywhere_else(account: Account, session: DeskSession) -> int:
    """End all other sessions of an account; how many."""
    others = delete(DeskSession).where(DeskSession.account_id == account.id, DeskSession.id != session.id)
    ended = len(db.session.execute(others.returning(DeskSession.id)).all())
    note(account.name, "Signed out everywhere else.")
    db.session.commit()
    return ended


def set_password(account: Account, password: str, *about: str) -> None:
    """Raises PasswordError, the sentence for who chose it."""
    passwords.check_choice(password, account.name, *about)
    account.password_hash = passwords.hash_of(password)
    note(account.name, "Set a new password.")
    db.session.commit()


def remove_password(account: Account) -> None:
    _keep_a_way(account, without_password=True)
    account.password_hash = None
    note(account.name, "Took the password away.")
    db.session.commit()


def add_passkey(account: Account, name: str, credential_id: bytes, public_key: bytes, sign_count: int) -> None:
    """Raises AccountError when the device gave this key to somebody already."""
    now = clock.now()
    values = {"credential_id": credential_id, "public_key": public_key, "sign_count": sign_count}
    db.session.add(Passkey(account_id=account.id, name=name, created_at=now, used_at=None, **values))
    note(account.name, f"Added the passkey “{name}”.")
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise AccountError("This passkey is here already.") from None


def remove_passkey(account: Account, passkey: Passkey) -> None:
    """Raises AccountError for the last way to sign in."""
    _keep_a_way(account, without_passkey=passkey)
    note(account.name, f"Removed the passkey “{passkey.name}”.")
    db.session.delete(passkey)
    db.session.commit()


def _keep_a_way(account: Account, *, without_password: bool = False, without_passkey: Passkey | None = None) -> None:
    has_password = account.password_hash is not None and not without_password
    others = [passkey for passkey in queries.passkeys_of(account) if passkey is not without_passkey]
    if not has_password and not others:
        raise AccountError("This is your only way to sign in. Add another one first, then take this one away.")


def use_challenge(digest: str, expires_at: dt.datetime) -> bool:
    """Mark what a passkey has signed as used; False when it was used before."""
    db.session.execute(delete(UsedChallenge).where(UsedChallenge.expires_at < clock.now()))
    if db.session.scalar(select(UsedChallenge).where(UsedChallenge.digest == digest)):
        return False
    try:
        db.session.execute(insert(UsedChallenge).values(digest=digest, expires_at=expires_at))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True


def note_use(passkey: Passkey, sign_count: int) -> None:
    """The next sign-in commits it."""
    passkey.sign_count, passkey.used_at = sign_count, clock.now()
