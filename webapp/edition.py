"""The edition: a random token that changes with every change readers can see.

Random, not counted: after a restored backup a number would come round again, and a page of the undone text
would pass for the page of today.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading

from flask import has_request_context, request
from sqlalchemy import URL, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.database import file_of, identity
from webapp.extensions import db
from webapp.models import Edition

ASKED_IN = "webapp.edition"
"""Stands in the environ of a request for a page: the edition when it came."""
RAISED = "webapp.edition.raised"
"""Stands in the `info` of a session whose commit lets readers see something new."""


class Reader:
    """Reads one value, again and again, on a connection of each thread's own: in microseconds, where a session takes a
    hundred times as long. None when it cannot be read this way; whoever asks then takes the long way.
    """

    def __init__(self, url: URL, statement: str) -> None:
        file = file_of(url)
        self.file, self.statement = str(file) if file else None, statement
        self.address = f"{file.as_uri()}?mode=ro" if file else ""
        self.local = threading.local()
        self.opened: list[sqlite3.Connection] = []

    def close(self) -> None:
        """Let go of the file: the last connection that may write to it then leaves nothing beside it."""
        while self.opened:
            self.opened.pop().close()

    def value(self) -> object:
        """The first column of the first row, as it is committed at this moment."""
        if self.file is None:
            return None
        here = (os.getpid(), identity(self.file))
        try:
            if getattr(self.local, "opened", None) != here:  # a new thread, a forked process, another file
                if getattr(self.local, "opened", (None,))[0] == here[0]:
                    self.local.connection.close()
                self.local.connection = sqlite3.connect(
                    self.address, uri=True, isolation_level=None, check_same_thread=False
                )
                self.local.opened = here
                self.opened.append(self.local.connection)
            row = self.local.connection.execute(self.statement).fetchone()
        except sqlite3.Error:
            self.local.opened = (None, None)
            return None
        return row[0] if row else None


def edition() -> str:
    """The current edition; empty while nothing was ever published. A page is made for the one it was asked in."""
    if has_request_context() and ASKED_IN in request.environ:
        return str(request.environ[ASKED_IN])
    return db.session.scalar(select(Edition.token).where(Edition.id == 1)) or ""


def reader() -> Reader:
    """Reads the edition without a session, for pages that are answered before anything else."""
    return Reader(db.engine.url, "SELECT token FROM editions WHERE id = 1")


def raise_edition(session: Session) -> None:
    """Say that readers can see something new. Called inside the one commit of the change."""
    session.info[RAISED] = True
    values = {"token": secrets.token_hex(8), "changed_at": clock.now()}
    raised = session.execute(update(Edition).where(Edition.id == 1).values(values))
    if not raised.rowcount:  # type: ignore[attr-defined]
        session.add(Edition(id=1, **values))
