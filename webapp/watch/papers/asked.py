"""Which new papers readers asked for."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select

from webapp.extensions import db
from webapp.models import AskedPaper, NewPaper


def asked_for(dois: Collection[str]) -> dict[str, AskedPaper]:
    """Those of these papers that readers want to read about, by DOI."""
    if not dois:
        return {}
    rows = select(AskedPaper).where(AskedPaper.doi.in_(dois), AskedPaper.wants > 0)
    return {one.doi: one for one in db.session.scalars(rows)}


def is_asked_for() -> ColumnElement[bool]:
    """Whether a new paper is asked for, as the database has it."""
    return select(AskedPaper.id).where(AskedPaper.doi == NewPaper.doi, AskedPaper.wants > 0).exists()
