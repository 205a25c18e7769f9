"""Which of on_sqlite.py and on_postgresql.py a database needs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from webapp.database import one_for
from webapp.upkeep import on_postgresql, on_sqlite

MODULES: dict[str, Any] = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def kind_of(engine: Engine) -> Any:
    """What upkeep of this database does differently: one of two modules with the same functions."""
    return one_for(engine, **MODULES)
