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
    """Do what runs by the clock until Ctrl+C: deliver mail, send letters, delete what has expired.

    It may run on each of several hosts: one leads, the others stand by.
    """
    from webapp.database import lead
    from webapp.extensions import db
    from webapp.tasks import TASKS
    from webapp.worker import Stop, run

    for task in TASKS:
        click.echo(f"Every {task.pause}: {task.name}.")
    with Stop() as stop:
        run(application(), TASKS, stop, click.echo, lead(db.engine))


@click.command()
@with_appcontext
@reports_errors
def doctor() -> None:
    """Say what is wrong with this site, and what to do about it. Run it as the user the site runs as.

    It looks at settings, database, worker, mail, backups, disk, clock and kept pages, and asks the site at SITE_URL how
    requests come in. The exit status is 1 when something has to be done.
    """
    from webapp.upkeep.doctor.examination import examine
    from webapp.upkeep.doctor.finding import State

    is_ill = False
    for about, finding in examine(application()):
        click.echo(f"{finding.state:6}{about:10}{finding.says}")
        if finding.remedy:
            click.echo(f"{'':16}Do: {finding.remedy}")
        is_ill |= finding.state is State.FAULT
    if is_ill:
        click.get_current_context().exit(1)


@click.command()
@click.option("--into", "folder", type=click.Path(path_type=Path), help="A folder; the file is named after the time.")
@click.option("--keep", default=30, show_default=True, type=click.IntRange(1), help="How many stay in that folder.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@with_appcontext
@reports_errors
def backup(file: Path | None, folder: Path | None, keep: int) -> None:
    """Write the database, the secret key and the settings into one new FILE, or a file into a folder. The site may run
    meanwhile.

    The file holds secrets and readers' addresses: only you can read it. One in a folder is tried at once.
    """
    from webapp.upkeep.actions import back_up
    from webapp.upkeep.nightly import back_up_into

    if (file is None) == (folder is None):
        raise click.UsageError("Name a new FILE, or a folder with --into.")
    if file:
        report = back_up(file.absolute(), this_site())
    elif folder:
        file, report = back_up_into(folder.absolute(), keep, this_site())
    _print_report(f"The backup {file} was written", report)


@click.command()
@click.option("--overwrite", is_flag=True, help="Replace the database that is there.")
@click.option("--try", "is_trial", is_flag=True, help="Only say whether it can be brought back. The site may run.")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@reports_errors
def restore(file: Path, overwrite: bool, is_trial: bool) -> None:
    """Bring back what `flask backup` wrote into FILE. The site must not run."""
    from webapp.upkeep import actions

    if is_trial:
        _print_report(f"{file} can be brought back", actions.try_out(file.absolute(), this_site()))
        return
    _print_report("The backup was brought back", actions.restore(file.absolute(), this_site(), overwrite=overwrite))


def this_site() -> Site:
    from webapp.upkeep.this_site import site_of

    return site_of(application())


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
