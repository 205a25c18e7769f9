"""Changes of the database's schema: `flask db`, which is Flask-Migrate's."""

from __future__ import annotations

from typing import Any

import click


class _Loaded(click.Command):
    """Loaded when it is called, as webapp/extensions.py says."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> click.Context:
        from flask_migrate.cli import db

        context: click.Context = db.make_context(info_name, args, parent, **extra)
        return context


database = _Loaded("db", help="Make the database, bring it up to date, check it.")
