"""Votes: one reader's, and how many there are."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from webapp.extensions import db
from webapp.models import Summary, Vote


def vote_count() -> ColumnElement[int]:
    """As a column of a statement about summaries: how many voted."""
    return select(func.count()).where(Vote.summary_id == Summary.id).scalar_subquery()


def helpful_count() -> ColumnElement[int]:
    """As a column of a statement about summaries: how many of them said yes."""
    return select(func.count()).where(Vote.summary_id == Summary.id, Vote.is_helpful).scalar_subquery()


def vote_of(summary_id: int, reader: str) -> Vote | None:
    return db.session.scalars(select(Vote).where(Vote.summary_id == summary_id, Vote.reader == reader)).one_or_none()


def has_votes(reader: str) -> bool:
    """Whether this reader has voted on any summary."""
    return db.session.scalar(select(Vote.id).where(Vote.reader == reader).limit(1)) is not None


def counts(summary_id: int) -> tuple[int, int]:
    """How many said yes, and how many voted."""
    row = db.session.execute(
        select(func.count().filter(Vote.is_helpful), func.count()).where(Vote.summary_id == summary_id)
    ).one()
    return row[0], row[1]
