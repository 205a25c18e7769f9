"""The watch over papers: what became of those we wrote about, and which are new."""

from __future__ import annotations

import datetime as dt

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.cli.reporting import reports_errors

watch = AppGroup("watch", help="Whether papers were withdrawn or corrected, and which are new: run.")
JUST_NOW = dt.timedelta(hours=1)
"""At what was looked at by then nobody looks again: a run that was stopped goes on."""


@watch.command()
@reports_errors
def run() -> None:
    """Ask Crossref and Europe PMC now about the papers of all summaries. Stopped half way, the next run goes on.

    A notice goes up at once where a paper was withdrawn. Corrections and concerns wait on the desk, and so do new
    papers, for which it looks after that.
    """
    from webapp import clock
    from webapp.scholarly.client import shared_client
    from webapp.watch.actions import let_readers_see, look
    from webapp.watch.papers.actions import look_for_papers
    from webapp.worker import Stop

    client = shared_client(current_app.config)
    with Stop() as stop:
        report = look(
            client,
            lambda: stop.is_asked,
            owner=current_app.config["OWNER_EMAIL"],
            looked_before=clock.now() - JUST_NOW,
        )
        found = look_for_papers(client, lambda: stop.is_asked, is_asked_for=True)
    if report:
        let_readers_see(is_asked_for=True)
    click.echo(f"{report}.\n{str(found).removesuffix('.')}.")
