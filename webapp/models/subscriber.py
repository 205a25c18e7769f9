"""People who asked for letters, and what they were sent."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class Subscriber(Base):
    """One address. Waiting until it is confirmed; deleted, not flagged, when the person leaves."""

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254), unique=True)
    """In its normal form (webapp/addresses.py)."""
    topics: Mapped[list[str]] = mapped_column(JSON)
    """Slugs of categories; empty means everything."""
    frequency: Mapped[str] = mapped_column(String(10))
    """weekly or monthly"""
    secret: Mapped[str] = mapped_column("key", String(43), unique=True)
    """Random; signs this subscriber's links. A new one makes all old links void."""
    confirm_digest: Mapped[str | None] = mapped_column(String(64))
    """Digest of the one confirmation link that is good; None when there is none."""
    confirm_until: Mapped[dt.datetime | None]
    consent_wording: Mapped[str] = mapped_column(String(20))
    """The version of the words the person agreed to."""
    consent_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    created_at: Mapped[dt.datetime]
    last_letter_at: Mapped[dt.datetime | None]

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class SentSummary(Base):
    """Who was sent which summary: nobody gets it twice, and a later correction can reach them."""

    __tablename__ = "sent_summaries"
    __table_args__ = (UniqueConstraint("subscriber_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"), index=True)
    sent_at: Mapped[dt.datetime]
