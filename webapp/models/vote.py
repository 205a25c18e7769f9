"""Whether a reader found a summary helpful, and what was unclear."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class Vote(Base):
    """One vote per voter and summary; voting again changes it."""

    __tablename__ = "votes"
    __table_args__ = (
        UniqueConstraint("document_id", "reader"),
        Index(None, "changed_at", "document_id", "is_helpful", "unclear_section"),  # all the desk counts by
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    voter: Mapped[str] = mapped_column("reader", String(32), index=True)
    """A random number from the voter's own cookie; it says nothing about the person."""
    is_helpful: Mapped[bool]
    unclear_section: Mapped[str | None] = mapped_column(String(40))
    comment: Mapped[str | None] = mapped_column(Text)
    voted_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
