"""Papers that readers asked for. Nobody can ask yet, so there are none; each of these is one look at who asked."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement


def asked_for(dois: Collection[str]) -> dict[str, int]:
    """How many people want to read about each of these papers, by its DOI; without those nobody asked for."""
    return {}


def is_asked_for() -> ColumnElement[bool] | None:
    """Whether a new paper is asked for, as the database has it; None where nobody can ask."""
    return None
