"""The edition: one random token that changes with every change readers can see."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class Edition(Base):
    """The only row has id 1."""

    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[dt.datetime]
