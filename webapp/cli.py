"""Commands: each parses, calls an action, prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from webapp.errors import NOT_SET_UP
from webapp.formats import plural

Params = ParamSpec("Params")
Item = TypeVar("Item")
STARTER = Path(__file__).parent / "library" / "starter"
PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))

library = AppGroup("library", help="Summaries as files: check, load, export.")


def init_app(app: Flask) -> None:
    app.cli.add_command(library)


def told(command: Callable[Params, None]) -> Callable[Params, None]:
    """Tell what went wrong in sentences, not in a traceback; the exit status is 1."""
    # Imported here: the web server starts without the checking of texts.
    from webapp.library.checking import LibraryError

    @wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except LibraryError as error:
            for fault in error.faults:
                click.echo(str(fault), err=True)
            raise click.ClickException(
                f"{plural(len(error.faults), 'fault')} in {plural(len({f.path for f in error.faults}), 'file')}. "
                "Nothing was loaded."
            ) from None
        except OperationalError as error:
            raise click.ClickException(NOT_SET_UP if "no such" in str(error.orig) else str(error.orig)) from None

    return run


def shown(label: str) -> Callable[[list[Any]], Iterable[Any]]:
    """A progress bar over a list, for a person at a terminal."""

    def over(items: list[Item]) -> Iterator[Item]:
        with click.progressbar(items, label=label) as bar:
            yield from bar

    return over


@library.command()
@PATHS
@told
def check(paths: tuple[Path, ...]) -> None:
    """Read files or folders and name every fault, with file, line, field and remedy."""
    from webapp.library.checking import check_library

    checked = check_library(paths, shown("Checking"))
    click.echo(f"No fault found in {plural(len(checked.summaries), 'summary', 'summaries')}.")


@library.command()
@click.option("--overwrite", is_flag=True, help="Replace summaries that were changed on this site.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the site already holds something.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@told
def load(paths: tuple[Path, ...], overwrite: bool, if_empty: bool) -> None:
    """Load files or folders, all or nothing. Without PATHS: the summaries that come with the site."""
    from webapp.library import actions, queries

    if if_empty and not queries.is_empty():
        click.echo("The site already holds its library; nothing was loaded.")
        return
    report = actions.load_library(paths or [STARTER], overwrite=overwrite, progress=shown("Loading"))
    click.echo(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged; "
        f"{report.categories} categories and {report.terms} glossary terms changed."
    )


@library.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@told
def export(folder: Path) -> None:
    """Write everything to files in FOLDER."""
    from webapp.library.actions import export_library

    count = export_library(folder, shown("Writing"))
    click.echo(f"{plural(count, 'summary', 'summaries')} written to {folder}.")
