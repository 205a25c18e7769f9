"""What every command does alike: it tells faults in sentences, and shows how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp import secret_key
from webapp.errors import why_not_ready
from webapp.formats import plural

Params = ParamSpec("Params")
Item = TypeVar("Item")
TWO_AT_ONCE = "Another command wrote the same documents at this moment. What is written stays; run this one again."


def reports_errors(command: Callable[Params, None]) -> Callable[Params, None]:
    """Tell what went wrong in sentences, not in a traceback; the exit status is 1."""

    @wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Exception as error:
            words = _words(error)
            if words is None:
                raise
            raise click.ClickException(words) from None

    return run


def _words(error: Exception) -> str | None:
    """The sentence for the owner; None for a fault of ours, which needs its traceback."""
    # Imported here: the web server starts without the checking of texts.
    from webapp.desk.accounts.actions import AccountError
    from webapp.documents.problems import InvalidDocumentError
    from webapp.library.checking import LibraryError
    from webapp.library.exporting import ExportError
    from webapp.library.paper_links import LinksError
    from webapp.page_cache.folder import PageFolderError
    from webapp.upkeep.archive import UpkeepError

    match error:
        case LibraryError():
            for diagnostic in error.diagnostics:
                click.echo(str(diagnostic), err=True)
            files = {diagnostic.path for diagnostic in error.diagnostics}
            return f"{plural(len(error.diagnostics), 'fault')} in {plural(len(files), 'file')}. Nothing was loaded."
        case (
            AccountError()
            | UpkeepError()
            | ExportError()
            | LinksError()
            | InvalidDocumentError()
            | PageFolderError()
            | secret_key.SecretKeyError()
        ):
            return str(error)
        case IntegrityError():
            return TWO_AT_ONCE
        case OperationalError():
            return why_not_ready(error) or str(error.orig)
    return None


def application() -> Flask:
    """The application itself, for work in other threads."""
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]


def progress_bar(label: str, length: int | None = None) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """A progress bar over a list, for a person at a terminal."""

    def over(items: Iterable[Item]) -> Iterator[Item]:
        with click.progressbar(items, length=length, label=label) as bar:
            yield from bar

    return over
