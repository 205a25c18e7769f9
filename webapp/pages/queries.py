"""What home tells of the whole."""

from __future__ import annotations

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Summary


def published_count() -> int:
    """How many summaries readers can see."""
    return db.session.scalar(select(func.count(Summary.id)).where(Summary.is_public())) or 0
