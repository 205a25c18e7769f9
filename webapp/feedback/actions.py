"""Voting, changing one's mind, saying what was unclear, taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select, update

from webapp import clock
from webapp.database import upsert
from webapp.extensions import db
from webapp.models import Vote


class NoVoteError(Exception):
    """Something was to be added to an answer that is not there."""

    def __init__(self) -> None:
        super().__init__("Please choose Yes or No first.")


class NothingSaidError(Exception):
    """What was unclear was to be sent, and nothing was written or chosen."""

    def __init__(self) -> None:
        super().__init__("Nothing is written yet. Choose a part, or write what would make it better. Then send it.")


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
    """Keep what was unclear, beside the answer that was given; empty again, it is forgotten.

    Raises NoVoteError when there is no answer, NothingSaidError when there was and is nothing to keep.
    """
    if not any(details.values()):
        said = select(Vote.unclear_section, Vote.comment).where(Vote.document_id == document_id, Vote.voter == voter)
        before = db.session.execute(said).first()
        if before and not any(before):
            raise NothingSaidError
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
