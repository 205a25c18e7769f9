"""The edition: a random token that changes with every change readers can see.

Random, not counted: after a restored backup a number would come round again, and a page of the undone text
would pass for the page of today.
"""

from __future__ import annotations

import secrets

from flask import has_request_context, request
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.database import Reader, kind_of
from webapp.extensions import db
from webapp.models import Edition

ASKED_IN = "webapp.edition"
"""Stands in the environ of a request for a page: the edition when it came."""
RAISED = "webapp.edition.raised"
"""Stands in the `info` of a session whose commit lets readers see something new."""


def edition() -> str:
    """The current edition; empty while nothing was ever published. A page is made for the one it was asked in."""
    if has_request_context() and ASKED_IN in request.environ:
        return str(request.environ[ASKED_IN])
    return db.session.scalar(select(Edition.token).where(Edition.id == 1)) or ""


def reader() -> Reader:
    """Reads the edition without a session, for pages that are answered before anything else."""
    found: Reader = kind_of(db.engine.url).Reader(db.engine.url, "SELECT token FROM editions WHERE id = 1")
    return found


def raise_edition(session: Session) -> None:
    """Say that readers can see something new. Called inside the one commit of the change."""
    session.info[RAISED] = True
    values = {"token": secrets.token_hex(8), "changed_at": clock.now()}
    raised = session.execute(update(Edition).where(Edition.id == 1).values(values))
    if not raised.rowcount:  # type: ignore[attr-defined]
        session.add(Edition(id=1, **values))
