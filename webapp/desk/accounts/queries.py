"""Accounts, their passkeys and their sessions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from webapp import clock
from webapp.extensions import db
from webapp.models import Account, DeskSession, Passkey, SignInLink

SESSION_LIFETIME = dt.timedelta(days=30)
"""Since it was last used."""


def account_by_id(id_: int) -> Account | None:
    return db.session.get(Account, id_)


def account_named(name: str) -> Account | None:
    """The account with a name, however its letters are written."""
    return db.session.scalar(select(Account).where(func.lower(Account.name) == name.strip().lower()))


def all_accounts() -> list[Account]:
    return list(db.session.scalars(select(Account).order_by(Account.name)))


def passkeys_of(account: Account) -> list[Passkey]:
    """The oldest first."""
    return list(db.session.scalars(select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)))


def passkey_of(account: Account, id_: int) -> Passkey | None:
    return db.session.scalar(select(Passkey).where(Passkey.account_id == account.id, Passkey.id == id_))


def passkey_by_credential(credential_id: bytes) -> Passkey | None:
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def live_session(digest: str) -> DeskSession | None:
    """The session with this digest, unless it was not used for too long."""
    is_live = DeskSession.seen_at > clock.now() - SESSION_LIFETIME
    return db.session.scalar(select(DeskSession).where(DeskSession.digest == digest, is_live))


def sessions_of(account: Account) -> list[DeskSession]:
    """Where an account is signed in, the last used first."""
    is_live = DeskSession.seen_at > clock.now() - SESSION_LIFETIME
    rows = select(DeskSession).where(DeskSession.account_id == account.id, is_live)
    return list(db.session.scalars(rows.order_by(DeskSession.seen_at.desc())))


def open_link(digest: str) -> SignInLink | None:
    """A link that was not used and has not run out."""
    is_open = SignInLink.expires_at > clock.now()
    return db.session.scalar(select(SignInLink).where(SignInLink.digest == digest, is_open))
