"""Corrections that the owner has mailed to those who were sent the summary."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class CorrectionMailing(Base):
    """A correction is to be mailed. There is one row at most for each: nobody has it mailed twice."""

    __tablename__ = "correction_mailings"

    correction_id: Mapped[int] = mapped_column(ForeignKey("corrections.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[dt.datetime]
    asked_by: Mapped[str] = mapped_column(String(80))
    people: Mapped[int]
    """To how many it was to go when it was asked for."""
    written: Mapped[int] = mapped_column(default=0)
    """Mails that are in the outbox, or were."""
    failed: Mapped[int] = mapped_column(default=0)
    """Mails that could not be written; the log says why."""
    finished_at: Mapped[dt.datetime | None]
    """When the last was written; None while there is somebody left."""


class SentCorrection(Base):
    """Who was told of which correction: nobody is told twice."""

    __tablename__ = "sent_corrections"
    __table_args__ = (UniqueConstraint("correction_id", "subscriber_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("corrections.id", ondelete="CASCADE"))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"), index=True)
    sent_at: Mapped[dt.datetime]
