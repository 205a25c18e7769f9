"""Takes the pages of before away from nginx, before the commit of what readers can see."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

from webapp.edition import RAISED

HELD = "webapp.page_cache.held"
"""Where a session keeps the lock of the page folder while it commits."""


def _withdraw(session: Session) -> None:
    """Before the commit of what readers can see: no page of before is found by the link from here on."""
    info = session.info
    if info.pop(RAISED, False) and has_app_context():
        held = contextlib.ExitStack()
        held.enter_context(current_app.extensions["page_folder"].withdrawn())
        info[HELD] = held


def _release(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(RAISED, None)
        if held := session.info.pop(HELD, None):
            held.close()


def listen(session: scoped_session[Any]) -> None:
    """Have every commit of such a session looked at."""
    event.listen(session, "before_commit", _withdraw)
    event.listen(session, "after_transaction_end", _release)
