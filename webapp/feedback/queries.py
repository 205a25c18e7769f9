"""Votes: one voter's, and how many there are."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Vote

MIN_PUBLIC_VOTES = 5
"""Fewer say little, and may say who."""


class VoteCounts(NamedTuple):
    """How many readers said yes, and how many answered."""

    helpful: int
    total: int


def vote_of(document_id: int, voter: str) -> Vote | None:
    return db.session.scalars(select(Vote).where(Vote.document_id == document_id, Vote.voter == voter)).one_or_none()


def has_votes(voter: str) -> bool:
    """Whether this voter has answered on any summary."""
    return db.session.scalar(select(Vote.id).where(Vote.voter == voter).limit(1)) is not None


def public_vote_counts(document_id: int) -> VoteCounts | None:
    """The counts that readers see; None while too few have answered."""
    helpful, total = db.session.execute(
        select(func.count().filter(Vote.is_helpful), func.count()).where(Vote.document_id == document_id)
    ).one()
    return VoteCounts(helpful, total) if total >= MIN_PUBLIC_VOTES else None
