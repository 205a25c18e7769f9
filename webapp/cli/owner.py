"""Who may use the desk."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from webapp.cli.reporting import reports_errors
from webapp.formats import plural

owner = AppGroup("owner", help="Who may use the desk: add, reset, list, remove.")


@owner.command()
@click.argument("name")
@reports_errors
def add(name: str) -> None:
    """Make an account and print a link with which NAME signs in once, to set a passkey or a password."""
    from webapp.desk.accounts.actions import add_account

    _print_link(name, add_account(name))


@owner.command()
@click.argument("name")
@reports_errors
def reset(name: str) -> None:
    """Take away password and passkeys of NAME, sign out everywhere, and print a new link."""
    from webapp.desk.accounts.actions import reset_account

    _print_link(name, reset_account(name))


@owner.command("list")
@reports_errors
def list_accounts() -> None:
    """Name the accounts, and how each signs in."""
    from webapp.desk.accounts import queries

    for account in queries.all_accounts():
        ways = [plural(len(queries.passkeys_of(account)), "passkey")]
        ways += ["a password"] if account.password_hash else []
        click.echo(f"{account.name}: {', '.join(ways)}, signed in on {len(queries.sessions_of(account))}")


@owner.command()
@click.argument("name")
@reports_errors
def remove(name: str) -> None:
    """Remove the account NAME. What was written in this name stays."""
    from webapp.desk.accounts.actions import remove_account

    remove_account(name)
    click.echo(f"{name} cannot sign in any more.")


def _print_link(name: str, secret: str) -> None:
    from webapp.urls import external_url

    click.echo(f"{name} can sign in with this link, once, within an hour:")
    click.echo(external_url("desk.accounts.link", token=secret))
