"""What became of the papers of summaries: what the services said last, and what the owner has to look at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base
from webapp.models.study import Study


class WatchedPaper(Base):
    """The paper of one summary, and what all services together say of it."""

    __tablename__ = "watched_papers"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    paper: Mapped[str]
    """DOI and PubMed number that were asked for: with others it is another paper, and nothing is known of it."""
    state: Mapped[str] = mapped_column(String(10))
    """unchecked, clear, corrected, concern, retracted: the worst that a service said last."""
    checked_at: Mapped[dt.datetime | None]
    """When an answer could last be read."""
    looked_at: Mapped[dt.datetime | None]
    """When the services were last asked, whatever came of it."""
    due_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    """When they are to be asked again."""
    held_until: Mapped[dt.datetime | None]
    """Until then a run that asks has this paper, and no other run begins."""
    asks: Mapped[str] = mapped_column(String(10), index=True)
    """What the owner has to look at: retracted, missing, gone, notices; empty where there is nothing."""
    seen: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The notices that the owner has looked at (watch/judging.py, `key_of`)."""
    put_up_at: Mapped[dt.datetime | None]
    """When the notice of withdrawal was put up by itself; None where it was not."""
    left_off_at: Mapped[dt.datetime | None]
    """When the owner decided that it stays off."""
    notice_before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The notice that stood there before."""

    def is_of(self, study: Study) -> bool:
        """Whether it is what is known of this paper, and not of the one that the summary told of before."""
        return self.paper == f"{study.doi or ''} {study.pmid or ''}"


class ServiceAnswer(Base):
    """What one service said of one paper."""

    __tablename__ = "service_answers"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("watched_papers.document_id", ondelete="CASCADE"), primary_key=True
    )
    service: Mapped[str] = mapped_column(String(10), primary_key=True)
    """crossref, europepmc"""
    state: Mapped[str] = mapped_column(String(10))
    """As of WatchedPaper, when it last gave an answer that could be read."""
    checked_at: Mapped[dt.datetime | None]
    """When that was."""
    looked_at: Mapped[dt.datetime]
    problem: Mapped[str]
    """Why there was no such answer the last time; empty if there was."""
    notices: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What it told of then: kind, label, doi, pmid, issued."""
