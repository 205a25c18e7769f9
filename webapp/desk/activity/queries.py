"""What was done at the desk."""

from __future__ import annotations

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Activity

PER_PAGE = 100
_LAST_FIRST = select(Activity).order_by(Activity.at.desc(), Activity.id.desc())


def latest_activities(limit: int) -> list[Activity]:
    """The last first."""
    return list(db.session.scalars(_LAST_FIRST.limit(limit)))


def activities(who: str | None = None, page: int = 1) -> tuple[list[Activity], bool]:
    """A page of them, the last first, and whether there are more: of all, or of one name."""
    found = _LAST_FIRST.where(Activity.who == who) if who else _LAST_FIRST
    rows = list(db.session.scalars(found.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)))
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def names() -> list[str]:
    """Everybody who did something, from A to Z; also whose account is gone."""
    return list(db.session.scalars(select(Activity.who).distinct().order_by(Activity.who)))
