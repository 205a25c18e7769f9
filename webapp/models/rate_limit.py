"""What was counted against limits on sending."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class RateLimitHit(Base):
    """One thing that was counted, until it counts no more."""

    __tablename__ = "rate_limit_hits"
    __table_args__ = (Index(None, "key", "expires_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column("key", String(64))
    """Of what is counted, made with the secret key: it shows no address of any kind."""
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
