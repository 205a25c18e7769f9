"""Voting, changing one's mind, saying what was unclear, taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, update

from webapp import clock
from webapp.database import upsert
from webapp.extensions import db
from webapp.models import Vote


class NoVoteError(Exception):
    """Something was to be added to an answer that is not there."""

    def __init__(self) -> None:
        super().__init__("Please choose Yes or No first.")


def record_vote(
    document_id: int, voter: str, *, is_helpful: bool, details: Mapping[str, str | None] | None = None
) -> None:
    """Keep a voter's answer; there is one for each voter and summary, so another one replaces it.

    `details` (unclear_section, comment) replaces what was said before; without them it stays.
    """
    now = clock.now()
    answer = {Vote.is_helpful: is_helpful, Vote.changed_at: now}
    answer |= {getattr(Vote, name): value for name, value in (details or {}).items()}
    row = {Vote.document_id: document_id, Vote.voter: voter, Vote.voted_at: now, **answer}
    db.session.execute(upsert(db.engine, Vote, row, unique=(Vote.document_id, Vote.voter), changes=answer))
    db.session.commit()


def explain_vote(document_id: int, voter: str, details: Mapping[str, str | None]) -> None:
    """Keep what was unclear, beside the answer that was given. Raises NoVoteError when there is none."""
    found = db.session.execute(
        update(Vote)
        .where(Vote.document_id == document_id, Vote.voter == voter)
        .values(**details, changed_at=clock.now())
        .returning(Vote.id)
    ).all()
    db.session.commit()
    if not found:
        raise NoVoteError


def withdraw_vote(document_id: int, voter: str) -> None:
    """Delete an answer with all that was written beside it."""
    db.session.execute(delete(Vote).where(Vote.document_id == document_id, Vote.voter == voter))
    db.session.commit()
