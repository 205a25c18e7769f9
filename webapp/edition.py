"""The edition: a random token that changes with every change readers can see.

Random, not counted: after a restored backup a number would come round again, and a page of the undone text
would pass for the page of today.
"""

from __future__ import annotations

import secrets

from sqlalchemy import func, select, update

from webapp import clock
from webapp.extensions import db
from webapp.models import Edition, Summary


def edition() -> str:
    """The current edition. A summary whose day of publication comes makes a new one by itself."""
    newest = select(func.max(Summary.published_on)).where(Summary.published_on <= clock.today()).scalar_subquery()
    row = db.session.execute(select(Edition.token, newest).where(Edition.id == 1)).one_or_none()
    return f"{row[0]}.{row[1]}" if row else ""


def raise_edition() -> None:
    """Say that readers can see something new. Called by actions, inside their one commit."""
    values = {"token": secrets.token_hex(8), "changed_at": clock.now()}
    raised = db.session.execute(update(Edition).where(Edition.id == 1).values(values))
    if not raised.rowcount:  # type: ignore[attr-defined]
        db.session.add(Edition(id=1, **values))
