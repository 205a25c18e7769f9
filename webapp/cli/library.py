"""Documents as files: check, load, export; rebuild what lists know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from webapp.cli.reporting import progress_bar, reports_errors
from webapp.formats import plural

if TYPE_CHECKING:
    from webapp.library.diagnostics import Diagnostic

MOST_ADVICE = 20
"""Lines of advice that are printed."""
PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))

library = AppGroup("library", help="Documents as files: check, load, export; rebuild what lists know.")


@library.command()
@click.option("--advice/--no-advice", default=True, help="Whether words that may mislead are named. They are no fault.")
@PATHS
@reports_errors
def check(paths: tuple[Path, ...], advice: bool) -> None:
    """Read files or folders and name every fault, with file, line, field and remedy."""
    from webapp.library.advice import advice_on
    from webapp.library.checking import check_library

    checked = check_library(paths, progress_bar("Checking"))
    for hint in checked.hints:
        click.echo(f"Draft: {hint}")
    click.echo(f"No fault found in {plural(len(checked.documents), 'document')}.")
    if advice:
        _tell(advice_on(checked.documents))


def _tell(advice: list[Diagnostic]) -> None:
    if not advice:
        return
    click.echo(
        f"Advice on {plural(len(advice), 'place')} that may claim more than the study can bear. "
        "It is yours to follow or not, and --no-advice leaves it out:"
    )
    for one in advice[:MOST_ADVICE]:
        click.echo(f"  {one}")
    if len(advice) > MOST_ADVICE:
        click.echo(f"  {len(advice) - MOST_ADVICE} more; check fewer files to see them.")


@library.command()
@click.option("--overwrite", is_flag=True, help="Replace what was changed on this site.")
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
    if report.kept:
        click.echo(f"{plural(report.kept, 'entry', 'entries')} of the lists stay as they were changed on this site.")


@library.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@reports_errors
def export(folder: Path) -> None:
    """Write everything to files in FOLDER, which holds no export yet."""
    from webapp.library.exporting import export_library

    count = export_library(folder, lambda rows, length: progress_bar("Writing", length)(rows))
    click.echo(f"{plural(count, 'document')} written to {folder}.")


@library.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@reports_errors
def links(folder: Path) -> None:
    """Write the two files for Europe PMC to FOLDER, so that a paper's page there can lead to its summary here."""
    from webapp.library.paper_links import write_links

    count = write_links(folder, progress_bar("Writing"))
    click.echo(f"{plural(count, 'link')} written to {folder}. Europe PMC has told you where both files go.")


@library.command()
@reports_errors
def rebuild() -> None:
    """Make anew what lists, search and counts know, from what is published. Nothing is lost; readers go on reading."""
    from webapp.documents import actions

    click.echo(f"{plural(actions.rebuild(), 'summary', 'summaries')} written anew.")
