"""Commands: each parses, calls an action, prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp import secret_key
from webapp.errors import why_not_ready
from webapp.formats import plural

if TYPE_CHECKING:
    from webapp.upkeep.actions import BackupReport, Site

Params = ParamSpec("Params")
Item = TypeVar("Item")
PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))

library = AppGroup("library", help="Documents as files: check, load, export; rebuild what lists know.")
letters = AppGroup("letters", help="Letters to subscribers: send.")
secret = AppGroup("secret", help="The secret key that signs forms and voters' cookies: rotate.")
mail = AppGroup("mail", help="Mail that waits in the outbox: deliver, status, retry.")


def init_app(app: Flask) -> None:
    app.cli.add_command(library)
    app.cli.add_command(letters)
    app.cli.add_command(mail)
    app.cli.add_command(secret)
    app.cli.add_command(work)
    app.cli.add_command(backup)
    app.cli.add_command(restore)


def reports_errors(command: Callable[Params, None]) -> Callable[Params, None]:
    """Tell what went wrong in sentences, not in a traceback; the exit status is 1."""
    # Imported here: the web server starts without the checking of texts.
    from webapp.documents.problems import InvalidDocumentError
    from webapp.library.checking import LibraryError
    from webapp.library.exporting import ExportError
    from webapp.upkeep.archive import UpkeepError

    @wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except LibraryError as error:
            for diagnostic in error.diagnostics:
                click.echo(str(diagnostic), err=True)
            raise click.ClickException(
                f"{plural(len(error.diagnostics), 'fault')} in "
                f"{plural(len({diagnostic.path for diagnostic in error.diagnostics}), 'file')}. "
                "Nothing was loaded."
            ) from None
        except (UpkeepError, ExportError, InvalidDocumentError, secret_key.SecretKeyError) as error:
            raise click.ClickException(str(error)) from None
        except IntegrityError:
            raise click.ClickException(
                "Another command wrote the same documents at this moment. What is written stays; run this one again."
            ) from None
        except OperationalError as error:
            raise click.ClickException(why_not_ready(error) or str(error.orig)) from None

    return run


def _app() -> Flask:
    """The application itself, for work in other threads."""
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]


def progress_bar(label: str, length: int | None = None) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """A progress bar over a list, for a person at a terminal."""

    def over(items: Iterable[Item]) -> Iterator[Item]:
        with click.progressbar(items, length=length, label=label) as bar:
            yield from bar

    return over


@library.command()
@PATHS
@reports_errors
def check(paths: tuple[Path, ...]) -> None:
    """Read files or folders and name every fault, with file, line, field and remedy."""
    from webapp.library.checking import check_library

    checked = check_library(paths, progress_bar("Checking"))
    for hint in checked.hints:
        click.echo(f"Draft: {hint}")
    click.echo(f"No fault found in {plural(len(checked.documents), 'document')}.")


@library.command()
@click.option("--overwrite", is_flag=True, help="Replace summaries that were changed on this site.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the site already holds something.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@reports_errors
def load(paths: tuple[Path, ...], overwrite: bool, if_empty: bool) -> None:
    """Load files or folders. All are checked before anything is written; stopped half way, the next run goes on.

    Without PATHS: the documents that come with the site.
    """
    from webapp.library import actions, queries, shipped

    if if_empty and not queries.is_empty():
        click.echo("The site already holds its library; nothing was loaded.")
        return
    bars = progress_bar("Checking"), progress_bar("Loading")
    if paths:
        report = actions.load_library(paths, overwrite=overwrite, progress=bars[0], writing=bars[1])
    else:
        report = shipped.load(*bars, overwrite=overwrite)
    for hint in report.hints:
        click.echo(f"Draft: {hint}")
    click.echo(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged; "
        f"{report.categories} categories and {report.terms} glossary terms changed."
    )


@library.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@reports_errors
def export(folder: Path) -> None:
    """Write everything to files in FOLDER, which holds no export yet."""
    from webapp.library.exporting import export_library

    count = export_library(folder, lambda rows, length: progress_bar("Writing", length)(rows))
    click.echo(f"{plural(count, 'document')} written to {folder}.")


@library.command()
@reports_errors
def rebuild() -> None:
    """Make anew what lists, search and counts know, from what is published. Nothing is lost; readers go on reading."""
    from webapp.documents import actions

    click.echo(f"{plural(actions.rebuild(), 'summary', 'summaries')} written anew.")


@letters.command()
@click.option("--dry-run", is_flag=True, help="Only show who would get what.")
@reports_errors
def send(dry_run: bool) -> None:
    """Write the letters that are due into the outbox. Stopped half way, the next run goes on."""
    from webapp.letters.actions import send_letters
    from webapp.letters.queries import letters_due

    if not dry_run:
        click.echo(f"{send_letters(progress_bar('Writing letters'))}.")
        return
    count = 0
    for letter in letters_due():
        count += 1
        click.echo(f"{letter.subscriber.address} ({letter.subscriber.frequency})")
        for summary in letter.summaries:
            click.echo(f"  {summary.title}")
    click.echo(f"{plural(count, 'letter')} would be written. Nothing was changed.")


@mail.command()
@click.option("--loop", is_flag=True, help="Go on until Ctrl+C.")
@reports_errors
def deliver(loop: bool) -> None:
    """Send the mail that waits."""
    from webapp.worker import DELIVER, Stop, Turn, run

    with Stop() as stop:
        if loop:
            run(_app(), [DELIVER], stop, click.echo)
        else:
            click.echo(f"{DELIVER.action(Turn(stop))}.")


@mail.command()
@reports_errors
def status() -> None:
    """Say how many mails wait, were sent and were given up, and why some did not go."""
    from webapp.mail import queries

    counts = queries.counts()
    click.echo(f"{counts.waiting} waiting, {counts.sent} sent, {counts.given_up} given up.")
    for failed in queries.failed_mails():
        state = "given up" if failed.given_up_at else f"again at {failed.due_at:%Y-%m-%d %H:%M} UTC"
        tries = plural(failed.tries, "try", "tries")
        click.echo(f"  {failed.id} {failed.kind} to {failed.recipient}, {tries}, {state}: {failed.last_error}")
    if not current_app.config["MAIL_URL"]:
        click.echo(f"No MAIL_URL is set: mail lands in {current_app.config['MAIL_FOLDER']}.")


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


@mail.command()
@click.argument("ids", nargs=-1, type=click.IntRange(min=1))
@reports_errors
def retry(ids: tuple[int, ...]) -> None:
    """Put mail that was given up back: all of it, or the IDs that `flask mail status` shows."""
    from webapp.mail.actions import retry_mail

    back = retry_mail(ids)
    click.echo(f"{plural(len(back), 'mail')} will be tried again.")
    for missing in sorted(set(ids) - set(back)):
        click.echo(f"  {missing} stays as it is: it was not given up, or a later letter says what it was to say.")


@click.command()
@with_appcontext
@reports_errors
def work() -> None:
    """Do what runs by the clock until Ctrl+C: deliver mail, send letters, delete what has expired."""
    from webapp.worker import TASKS, Stop, run

    for task in TASKS:
        click.echo(f"Every {task.pause}: {task.name}.")
    with Stop() as stop:
        run(_app(), TASKS, stop, click.echo)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@reports_errors
def backup(file: Path) -> None:
    """Write the database, the secret key and the settings into one new FILE. The site may run meanwhile.

    FILE holds secrets and readers' addresses: only you can read it.
    """
    from webapp.upkeep.actions import back_up

    _print_report(f"The backup {file} was written", back_up(file.absolute(), _site()))


@click.command()
@click.option("--overwrite", is_flag=True, help="Replace the database that is there.")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@reports_errors
def restore(file: Path, overwrite: bool) -> None:
    """Bring back what `flask backup` wrote into FILE. The site must not run."""
    from webapp.upkeep import actions

    _print_report("The backup was brought back", actions.restore(file.absolute(), _site(), overwrite=overwrite))


def _site() -> Site:
    from webapp.config import settings_file
    from webapp.upkeep.actions import Site

    app = _app()
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
