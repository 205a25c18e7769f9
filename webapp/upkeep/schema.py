"""The schema of a database that is not the application's own: which one it is, made by the migrations."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from webapp.models import Document


def is_empty(connection: Connection) -> bool:
    """Whether there is no table at all."""
    return not inspect(connection).get_table_names()


def is_newest(connection: Connection, migrations: Path) -> bool:
    """Whether the schema is the one the models describe."""
    return _context(connection, migrations).get_current_heads() == tuple(_scripts(migrations).get_heads())


def bring_up(connection: Connection, migrations: Path) -> None:
    """Bring the schema up to the newest, in the transaction that is open."""
    context = _context(connection, migrations)
    with Operations.context(context):
        context.run_migrations()


def _scripts(migrations: Path) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    return ScriptDirectory.from_config(config)


def _context(connection: Connection, migrations: Path) -> MigrationContext:
    scripts = _scripts(migrations)
    steps = {
        "fn": lambda here, _context: scripts._upgrade_revs("heads", here),  # what `alembic upgrade` does
        "target_metadata": Document.metadata,
        "transactional_ddl": True,
    }
    return MigrationContext.configure(connection, opts=steps)
