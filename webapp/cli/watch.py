"""The watch: what became of the papers and trials that we wrote about, and what is new."""

from __future__ import annotations

import datetime as dt

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.cli.reporting import reports_errors

watch = AppGroup("watch", help="Whether papers were withdrawn, what became of trials, and which papers are new: run.")
JUST_NOW = dt.timedelta(hours=1)
"""At what was looked at by then nobody looks again: a run that was stopped goes on."""


@watch.command()
@reports_errors
def run() -> None:
    """Ask now about the papers of all summaries (Crossref, Europe PMC), about their trials (ClinicalTrials.gov), and
    for new papers (Europe PMC). Stopped half way, the next run goes on.

    A notice goes up at once where a paper was withdrawn. Corrections, concerns and new papers wait on the desk. A new
    status of a trial stands on the page at once, and is told of when it still stands a day later.
    """
    from webapp import clock
    from webapp.scholarly.client import shared_client
    from webapp.watch.actions import let_readers_see, look
    from webapp.watch.papers.actions import look_for_papers
    from webapp.watch.trials.actions import look as look_at_trials
    from webapp.worker import Stop

    client, before = shared_client(current_app.config), clock.now() - JUST_NOW
    with Stop() as stop:

        def is_stopped() -> bool:
            return stop.is_asked

        papers = look(client, is_stopped, owner=current_app.config["OWNER_EMAIL"], looked_before=before)
        trials = look_at_trials(client, is_stopped, looked_before=before)
        found = look_for_papers(client, is_stopped, is_asked_for=True)
    if papers or trials:
        let_readers_see(is_asked_for=True)
    for report in (papers, trials, found):
        click.echo(f"{str(report).removesuffix('.')}.")
