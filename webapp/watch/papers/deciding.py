"""What becomes of a new paper; the caller commits. Of two decisions at the same moment one counts."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.models import NewPaper

UNSEEN = {"synchronize_session": False}


def hold(session: Session, paper_id: int) -> None:
    """Nobody else takes up this paper until the session commits."""
    session.execute(update(NewPaper).where(NewPaper.id == paper_id).values(id=NewPaper.id), execution_options=UNSEEN)


def take_up(session: Session, paper_id: int, document_id: int) -> bool:
    """There is a summary of a paper; whether that is news."""
    there = update(NewPaper).where(NewPaper.id == paper_id, NewPaper.document_id.is_(None))
    values = there.values(state="drafted", document_id=document_id)
    return session.scalar(values.returning(NewPaper.id), execution_options=UNSEEN) is not None


def decide(session: Session, paper_id: int, before: str, state: str) -> bool:
    """Put a paper from one state into another; whether it was in the first."""
    there = update(NewPaper).where(NewPaper.id == paper_id, NewPaper.state == before)
    values = there.values(state=state)
    return session.scalar(values.returning(NewPaper.id), execution_options=UNSEEN) is not None
