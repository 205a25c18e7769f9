"""How many letters went out, once nothing else tells of them any more."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class LetterCount(Base):
    """Letters written in one month: a number, without anybody to whom they went."""

    __tablename__ = "letter_counts"

    month: Mapped[dt.date] = mapped_column(primary_key=True)
    """Its first day, in UTC."""
    letters: Mapped[int]
