"""Whether this site can do its work now: asked by /healthz and by gunicorn before it starts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, column, select, table, update
from sqlalchemy.exc import OperationalError

from webapp import database
from webapp.errors import NOT_SET_UP, TOO_NEW, why_not_ready
from webapp.extensions import db
from webapp.models import Edition
from webapp.sqlite_file import NOT_THERE


def why_not_working() -> str | None:
    """A sentence for the owner when readers cannot be served or what they send cannot be kept; None when all is well.

    The schema is the newest, the file that was opened is the one that is there, and a row can be written (it is not
    kept). Waits at most as long as any request for a database that is being written (webapp/database.py).
    """
    try:
        with db.engine.connect() as connection:
            return _why_not(connection)
    except OperationalError as error:
        return why_not_ready(error) or f"The database cannot be written: {error.orig}."


def _why_not(connection: Connection) -> str | None:
    if not database.is_same(connection):
        return NOT_THERE
    revision = connection.scalar(select(column("version_num")).select_from(table("alembic_version")))
    known, newest = _revisions(current_app.extensions["migrate"].directory)
    if revision != newest:
        return NOT_SET_UP if revision is None or revision in known else TOO_NEW
    connection.execute(update(Edition).values(token=Edition.token))
    connection.rollback()
    return None


@cache
def _revisions(folder: str) -> tuple[set[str], str]:
    """All, and the one that none of the files builds on. Read by eye, so to say: Alembic itself takes 8 MB of each
    worker.
    """
    text = "".join(path.read_text(encoding="utf-8") for path in Path(folder, "versions").glob("*.py"))
    names, below = (set(re.findall(rf'^{key} = "(.+)"$', text, re.M)) for key in ("revision", "down_revision"))
    (newest,) = names - below
    return names, newest
