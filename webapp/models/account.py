"""Who may use the desk, how they sign in, and what was done there."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class Account(Base):
    """Somebody who writes or checks. All accounts are equal."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    """As it stands under what they write."""
    handle: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """What a passkey knows the account by: random, and nothing else."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[dt.datetime]


class Passkey(Base):
    """A key that a device keeps for an account; here is its public half."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    """What its owner calls the device."""
    created_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class DeskSession(Base):
    """One browser that is signed in. Its cookie holds a random number, of which only the digest is kept here."""

    __tablename__ = "desk_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    signed_in_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime] = mapped_column(index=True)


class SignInLink(Base):
    """A link that signs in once."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[dt.datetime]


class UsedChallenge(Base):
    """What a passkey has signed already: nobody can send the same answer twice."""

    __tablename__ = "used_challenges"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[dt.datetime]


class Activity(Base):
    """Something that was done at the desk or about it. Nothing there changes or deletes a row."""

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(80))
    """The account's name then; it stays when the account goes."""
    what: Mapped[str] = mapped_column(String(200))
