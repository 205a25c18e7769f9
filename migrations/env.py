"""Runs the migrations on the application's own database, with its own models. Called by `flask db`."""

from alembic import context
from flask import current_app

from webapp.extensions import db

SEARCH_TABLES = ("summary_search", "summary_words", "summary_vocabulary")


def is_ours(thing, name, kind, *_):
    """The search tables belong to FTS5, not to the models."""
    return not (kind == "table" and name.startswith(SEARCH_TABLES))


with db.engine.connect() as connection:
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_object=is_ours,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()
