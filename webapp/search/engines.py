"""Which search index the database of this site has."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.database import one_for
from webapp.extensions import db
from webapp.search.index import SearchIndex
from webapp.search.postgresql_index import PostgresqlIndex
from webapp.search.sqlite_index import SqliteIndex

SQLITE: SearchIndex = SqliteIndex()
POSTGRESQL: SearchIndex = PostgresqlIndex()


def index(session: Session | None = None) -> SearchIndex:
    """The index of the database of a session; without one, of this application's."""
    return one_for(session.get_bind().engine if session else db.engine, sqlite=SQLITE, postgresql=POSTGRESQL)
