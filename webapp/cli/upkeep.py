"""What keeps the site going: the work by the clock, backups, the secret key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from webapp import secret_key
from webapp.cli.reporting import application, reports_errors

if TYPE_CHECKING:
    from webapp.upkeep.actions import BackupReport, Site

secret = AppGroup("secret", help="The secret key that signs forms and voters' cookies: rotate.")


@secret.command()
@click.option(
    "--days",
    default=secret_key.OLD_KEY_DAYS,
    show_default=True,
    type=click.IntRange(0, 3660),
    help="How long what the old key signed is still taken; 0 after somebody else has seen the key.",
)
@reports_errors
def rotate(days: int) -> None:
    """Change the secret key. Forms that are open and voters' cookies stay good."""
    key_file = current_app.config["SECRET_KEY_FILE"]
    if key_file is None:
        click.echo(secret_key.how_to_rotate_a_setting(days))
        return
    until = secret_key.rotate(key_file, days)
    click.echo(f"{key_file} holds a new secret key. Start the site anew now: until then it uses the old one.")
    if until:
        click.echo(f"What the old key signed is taken until {until}. If somebody has seen it: --days 0.")
    else:
        click.echo("No old key counts any more: forms that are open now are refused, and votes cannot be changed.")


@click.command()
@with_appcontext
@reports_errors
def work() -> None:
    """Do what runs by the clock until Ctrl+C: deliver mail, send letters, delete what has expired."""
    from webapp.worker import TASKS, Stop, run

    for task in TASKS:
        click.echo(f"Every {task.pause}: {task.name}.")
    with Stop() as stop:
        run(application(), TASKS, stop, click.echo)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@reports_errors
def backup(file: Path) -> None:
    """Write the database, the secret key and the settings into one new FILE. The site may run meanwhile.

    FILE holds secrets and readers' addresses: only you can read it.
    """
    from webapp.upkeep.actions import back_up

    _print_report(f"The backup {file} was written", back_up(file.absolute(), this_site()))


@click.command()
@click.option("--overwrite", is_flag=True, help="Replace the database that is there.")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@reports_errors
def restore(file: Path, overwrite: bool) -> None:
    """Bring back what `flask backup` wrote into FILE. The site must not run."""
    from webapp.upkeep import actions

    _print_report("The backup was brought back", actions.restore(file.absolute(), this_site(), overwrite=overwrite))


def this_site() -> Site:
    from webapp.config import settings_file
    from webapp.upkeep.actions import Site

    app = application()
    return Site(
        instance=Path(app.instance_path),
        lock=app.extensions["folder_lock"],
        secret_key=str(app.config["SECRET_KEY"]),
        key_file=app.config["SECRET_KEY_FILE"],
        settings=settings_file(),
        migrations=Path(app.extensions["migrate"].directory),
    )


def _print_report(done: str, report: BackupReport) -> None:
    manifest = report.manifest
    click.echo(
        f"{done}: {', '.join(manifest.members)}, as of {manifest.made_at:%Y-%m-%d %H:%M} UTC, "
        f"version {manifest.version}, schema {manifest.revision}."
    )
    click.echo(
        "Rows: " + (", ".join(f"{table} {count}" for table, count in report.rows.items() if count) or "none") + "."
    )
    for note in report.notes:
        click.echo(note)
