"""Which search index the database of this site has."""

from __future__ import annotations

from webapp.database import one_for
from webapp.extensions import db
from webapp.search.index import SearchIndex
from webapp.search.postgresql_index import PostgresqlIndex
from webapp.search.sqlite_index import SqliteIndex

SQLITE: SearchIndex = SqliteIndex()
POSTGRESQL: SearchIndex = PostgresqlIndex()


def index() -> SearchIndex:
    """The index of this application's database."""
    return one_for(db.engine, sqlite=SQLITE, postgresql=POSTGRESQL)
