"""The database: its schema (`flask db`, which is Flask-Migrate's), and all of it written into another."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from webapp.cli.reporting import application, reports_errors
from webapp.formats import plural


class _Loaded(click.Command):
    """Loaded when it is called, as webapp/extensions.py says."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> click.Context:
        from flask_migrate.cli import db

        context: click.Context = db.make_context(info_name, args, parent, **extra)
        return context


schema = _Loaded("db", help="Make the database, bring it up to date, check it.")


class Url(click.ParamType[Any]):
    """A database's URL, as DATABASE_URL. What was typed is never repeated: it may hold a password."""

    name = "url"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        from sqlalchemy.engine import make_url

        from webapp.config import usable_database_url

        try:
            return make_url(usable_database_url(value))
        except ValueError as error:
            return self.fail(str(error), parameter, context)


database = AppGroup("database", help="All that is in one database written into another: copy.")


@database.command()
@click.argument("source", metavar="FROM", type=Url())
@click.argument("target", metavar="TO", type=Url())
@reports_errors
def copy(source: Any, target: Any) -> None:
    """Copy everything in the database FROM into the empty database TO, and prove it. Stop the site first.

    Both are URLs as in DATABASE_URL: sqlite:////srv/site/instance/site.db, postgresql://user@host/site. Stopped or
    failing at any moment, TO stays empty.
    """
    from webapp.upkeep.moving import move
    from webapp.upkeep.this_site import site_of

    click.echo("The site must not run: what is written to FROM from now on is not in TO.")
    proofs = move(source, target, site_of(application()), click.echo)
    width = max(len(name) for name in proofs)
    for name, proof in proofs.items():
        click.echo(f"{name:{width}} {plural(proof.rows, 'row'):>12}  {proof.digest[:16]} on both sides")
    rows = sum(proof.rows for proof in proofs.values())
    click.echo(
        f"Copied: {plural(len(proofs), 'table')}, {plural(rows, 'row')}; nothing differs. Only the edition is new."
    )
    click.echo(
        "Now set DATABASE_URL to it and start the site. Keep the old database until you have seen that all is well."
    )
