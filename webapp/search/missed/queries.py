"""What readers searched for in vain on several days."""

from __future__ import annotations

from sqlalchemy import Select, select

from webapp.extensions import db
from webapp.models import MissedSearch

MOST_SHOWN = 20


def missed_searches(limit: int = MOST_SHOWN) -> list[MissedSearch]:
    """Those whose words may be read, asked for on the most days first."""
    often = (MissedSearch.days.desc(), MissedSearch.last_on.desc(), MissedSearch.words)
    return list(db.session.scalars(_readable().order_by(*often).limit(limit)))


def missed_search(digest: str) -> MissedSearch | None:
    """One of those whose words may be read."""
    return db.session.scalar(_readable().where(MissedSearch.digest == digest))


def _readable() -> Select[MissedSearch]:
    return select(MissedSearch).where(MissedSearch.words.is_not(None))
