"""What home tells of the whole."""

from __future__ import annotations

from sqlalchemy import select

from webapp.documents.facets import count_of
from webapp.extensions import db


def published_count() -> int:
    """How many summaries readers can see."""
    return db.session.scalar(select(count_of())) or 0
