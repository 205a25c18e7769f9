"""Papers that readers asked for, and who wants which."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, PartialDateType
from webapp.editorial.dates import PartialDate


class AskedPaper(Base):
    """One paper, however many readers ask for it. What is said of it comes from a service, never from a reader."""

    __tablename__ = "asked_papers"
    __table_args__ = (Index(None, "wants", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    doi: Mapped[str] = mapped_column(String(300), unique=True)
    """In its normal form: small letters."""
    title: Mapped[str]
    """Empty until a service has told it: until then readers are not shown the row."""
    journal: Mapped[str]
    published: Mapped[PartialDate | None] = mapped_column(PartialDateType)
    wants: Mapped[int]
    """How many want it: the rows of `paper_wishes`."""
    asked_at: Mapped[dt.datetime]
    wished_at: Mapped[dt.datetime]
    """When somebody last asked for it."""
    looked_at: Mapped[dt.datetime | None]
    """When a service last told of it."""
    due_at: Mapped[dt.datetime] = mapped_column(index=True)
    """When the services are to be asked again."""
    withdrawn_at: Mapped[dt.datetime | None]
    """When a service first told that the paper was withdrawn."""
    withdrawn_by: Mapped[str]
    """The services that told, in words."""
    notice_url: Mapped[str]
    """Where the notice of withdrawal can be read; empty where that is not known."""
    answer: Mapped[str] = mapped_column(String(10), index=True)
    """The owner's: planned, no, or empty. That it is done is not kept here: it follows from what readers can read."""
    sentence: Mapped[str]
    """Why not, for readers."""
    answered_at: Mapped[dt.datetime | None]
    summary_key: Mapped[str | None] = mapped_column(String(70))
    """Of the summary that the owner began for it, or that tells of it without having its DOI."""


class PaperWish(Base):
    """One reader wants one paper."""

    __tablename__ = "paper_wishes"

    asked_id: Mapped[int] = mapped_column(ForeignKey("asked_papers.id", ondelete="CASCADE"), primary_key=True)
    voter: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
    """A random number from the reader's own cookie (voter.py); it says nothing about the person."""
    wished_at: Mapped[dt.datetime]
