"""What was done at the desk."""

from __future__ import annotations

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Activity


def latest_activities(limit: int) -> list[Activity]:
    """The last first."""
    return list(db.session.scalars(select(Activity).order_by(Activity.at.desc(), Activity.id.desc()).limit(limit)))
