"""The search for trials that look for people, of one topic: its words, and what the registry listed for them last."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class TrialSearch(Base):
    __tablename__ = "trial_searches"

    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True)
    condition: Mapped[str] = mapped_column(String(200))
    """Words for whom the trials are."""
    words: Mapped[str] = mapped_column(String(500))
    """Words for the topic, as the owner saved them last."""
    live_condition: Mapped[str | None] = mapped_column(String(200))
    live_words: Mapped[str | None] = mapped_column(String(500))
    """The words the owner approved, which are asked for; both None while readers see nothing of it."""
    total: Mapped[int | None]
    """How many trials the registry has for them; None while it never answered."""
    trials: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Those it changed last (watch/recruiting/listing.py, `kept`)."""
    answered_at: Mapped[dt.datetime | None]
    """When it last gave an answer that could be read."""
    looked_at: Mapped[dt.datetime | None]
    """When it was last asked, whatever came of it."""
    due_at: Mapped[dt.datetime | None]
    """When it is to be asked again."""
    held_until: Mapped[dt.datetime | None]
    """Until then a run that asks has this search to itself."""
    problem: Mapped[str]
    """Why there was no answer the last time; empty if there was."""
    is_shown_as_late: Mapped[bool]
    """Whether pages were made anew because nobody could look for too long."""

    @property
    def is_live(self) -> bool:
        return self.live_words is not None

    @property
    def is_changed(self) -> bool:
        """Whether the words wait for approval while others are asked for."""
        return self.is_live and (self.condition, self.words) != (self.live_condition, self.live_words)


class HiddenTrial(Base):
    """A trial that the owner keeps off a topic: it does not belong there."""

    __tablename__ = "hidden_trials"

    category_id: Mapped[int] = mapped_column(
        ForeignKey("trial_searches.category_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[str] = mapped_column(String(11), primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
