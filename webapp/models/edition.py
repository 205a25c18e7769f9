"""The edition: one number that goes up with every change readers can see."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base


class Edition(Base):
    """The only row has id 1."""

    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    changed_at: Mapped[dt.datetime]
