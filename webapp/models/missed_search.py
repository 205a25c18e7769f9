"""What readers searched for and did not find."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class MissedSearch(Base):
    """Words that found nothing, and on how many days. Nothing of a reader, nor of the time of day, is in it."""

    __tablename__ = "missed_searches"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the words, made with the secret key."""
    words: Mapped[str | None] = mapped_column(String(60))
    """None until they were asked for on several days: only then may anybody read them."""
    days: Mapped[int]
    """On how many different days, in UTC."""
    first_on: Mapped[dt.date]
    last_on: Mapped[dt.date]
