"""The trials that summaries tell of: what the registry said last, and changes of status that readers were told of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class TrialLink(Base):
    """A number of ClinicalTrials.gov that a public summary names. Written by documents/projection.py alone."""

    __tablename__ = "summary_trials"

    document_id: Mapped[int] = mapped_column(ForeignKey("summaries.document_id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(String(11), primary_key=True, index=True)


class WatchedTrial(Base):
    """One trial. It stays when no summary names it any more, and is then asked about no more."""

    __tablename__ = "watched_trials"

    number: Mapped[str] = mapped_column(String(11), primary_key=True)
    """NCT and eight digits."""
    status: Mapped[str] = mapped_column(String(40))
    """As the registry worded it when an answer could last be read, such as RECRUITING; empty before that."""
    status_since: Mapped[dt.datetime | None]
    """When it was first heard."""
    told_status: Mapped[str] = mapped_column(String(40))
    """The last one that stood for a day: a change from it is news once it has stood for so long too."""
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the registry said then (watch/trials/records.py)."""
    answered_at: Mapped[dt.datetime | None]
    """When that was."""
    looked_at: Mapped[dt.datetime | None]
    """When it was last asked, whatever came of it."""
    due_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    """When it is to be asked again."""
    held_until: Mapped[dt.datetime | None]
    """Until then a run that asks has this trial, and no other run begins."""
    problem: Mapped[str]
    """Why there was no answer that could be read the last time; empty if there was."""
    asks: Mapped[str] = mapped_column(String(10), index=True)
    """What the owner has to look at: missing, moved, unknown, silent; empty where there is nothing."""
    seen: Mapped[str] = mapped_column(String(10))
    """That of these which the owner has looked at."""
    shown_digest: Mapped[str] = mapped_column(String(64))
    """Of what readers see of it, but for the day of the last look."""


class TrialChange(Base):
    """A change of status that stood for a day: an entry in the feeds, and a line in letters."""

    __tablename__ = "trial_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("watched_trials.number", ondelete="CASCADE"), index=True)
    was: Mapped[str] = mapped_column(String(40))
    became: Mapped[str] = mapped_column(String(40))
    told_at: Mapped[dt.datetime] = mapped_column(index=True)


class SentTrialChange(Base):
    """Who was told of which change: nobody is told twice."""

    __tablename__ = "sent_trial_changes"
    __table_args__ = (UniqueConstraint("subscriber_id", "change_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    change_id: Mapped[int] = mapped_column(ForeignKey("trial_changes.id", ondelete="CASCADE"), index=True)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"), index=True)
    sent_at: Mapped[dt.datetime]
