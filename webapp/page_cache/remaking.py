"""Makes the most read pages of an edition before readers ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from webapp import htmx
from webapp.page_cache.files import asked_as
from webapp.page_cache.first import BEFOREHAND
from webapp.page_cache.folder import PageFolder

MOST = 300
"""Pages that are made at once."""


def remake_most_read(app: Flask, is_over: Callable[[], bool]) -> int:
    """Make the most read pages of this edition, unless that was done, and forget the editions before the last; how
    many were made. Asked to break off (`is_over`), the next run goes on.
    """
    files: PageFolder = app.extensions["page_folder"]
    now = files.edition.value()
    if not isinstance(now, str):
        return 0
    files.follow(now)
    version, made = files.version(now), 0
    if files.is_complete(version):
        return 0
    for name in files.most_read(MOST):
        if is_over() or files.edition.value() != now:
            return made
        if not files.has(version, name):
            _make(app, name)
            made += 1
    files.note_complete(version)
    files.tidy()
    return made


def _make(app: Flask, name: str) -> None:
    path, query, is_fragment = asked_as(name)
    ask(app, path, query, {**htmx.marks_of(is_fragment=is_fragment), BEFOREHAND: True})


def ask(app: Flask, path: str, query: str = "", more: Mapping[str, object] | None = None) -> None:
    """Have the site answer a request that no reader sent."""
    environ = EnvironBuilder(path, app.config["SITE_URL"], query, headers=[("Accept-Encoding", "br")]).get_environ()
    run_wsgi_app(app, environ | dict(more or {}), buffered=True)
