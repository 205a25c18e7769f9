"""What becomes of a new paper; the caller commits. Of two decisions at the same moment one counts."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.database import UNSEEN
from webapp.models import NewPaper


def decide(session: Session, paper_id: int, before: str, state: str) -> bool:
    """Put a paper from one state into another; whether it was in the first."""
    there = update(NewPaper).where(NewPaper.id == paper_id, NewPaper.state == before)
    values = there.values(state=state)
    return session.scalar(values.returning(NewPaper.id), execution_options=UNSEEN) is not None
