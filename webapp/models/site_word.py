"""Words of the site that its owner has chosen."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class SiteWord(Base):
    """One of them. What has no row is as the program or the settings have it."""

    __tablename__ = "site_words"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    """Which: a field of `SiteWords` (webapp/site_words.py)."""
    text: Mapped[str] = mapped_column(String(300))
