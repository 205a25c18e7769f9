"""Letters to subscribers, and the mail that waits."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.cli.reporting import application, progress_bar, reports_errors
from webapp.formats import plural

letters = AppGroup("letters", help="Letters to subscribers: send.")
mail = AppGroup("mail", help="Mail that waits in the outbox: deliver, status, retry.")


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
        for news in letter.trials:
            click.echo(f"  News of the trial {news.change.number}: {news.summary.title}")
    click.echo(f"{plural(count, 'letter')} would be written. Nothing was changed.")


@mail.command()
@click.option("--loop", is_flag=True, help="Go on until Ctrl+C.")
@reports_errors
def deliver(loop: bool) -> None:
    """Send the mail that waits."""
    from webapp.tasks import DELIVER
    from webapp.worker import Stop, Turn, run

    with Stop() as stop:
        if loop:
            run(application(), [DELIVER], stop, click.echo)
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
