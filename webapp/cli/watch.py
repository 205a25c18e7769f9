"""The watch: what became of the papers and trials that we wrote about, and what is new."""

from __future__ import annotations

import datetime as dt

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.cli.reporting import reports_errors

watch = AppGroup("watch", help="What became of papers and trials, which trials look for people, what is new: run.")
JUST_NOW = dt.timedelta(hours=1)
"""At what was looked at by then nobody looks again: a run that was stopped goes on."""


@watch.command()
@reports_errors
def run() -> None:
    """Ask now about the papers of all summaries (Crossref, Europe PMC) and about their trials, which trials of a
    topic look for people (ClinicalTrials.gov), and which papers are new (Europe PMC). Stopped half way, the next run
    goes on.

    A notice goes up at once where a paper was withdrawn. Corrections, concerns and new papers wait on the desk. A new
    status of a trial stands on the page at once, and is told of when it still stands a day later.
    """
    from webapp import clock
    from webapp.scholarly.client import shared_client
    from webapp.watch.actions import let_readers_see, look
    from webapp.watch.papers.actions import look_for_papers
    from webapp.watch.recruiting.actions import look as look_for_trials
    from webapp.watch.trials.actions import look as look_at_trials
    from webapp.worker import Stop

    client, before = shared_client(current_app.config), clock.now() - JUST_NOW
    with Stop() as stop:

        def is_stopped() -> bool:
            return stop.is_asked

        seen = [
            look(client, is_stopped, owner=current_app.config["OWNER_EMAIL"], looked_before=before),
            look_at_trials(client, is_stopped, looked_before=before),
            look_for_trials(client, is_stopped, looked_before=before),
        ]
        found = look_for_papers(client, is_stopped, is_asked_for=True)
    if any(seen):
        let_readers_see(is_asked_for=True)
    for report in (*seen, found):
        click.echo(f"{str(report).removesuffix('.')}.")
