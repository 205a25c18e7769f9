"""Voting, changing one's mind, saying what was unclear, taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.feedback.queries import counts
from webapp.models import Edition, Vote
from webapp.models.summary import public_votes

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class NoVoteError(Exception):
    """Something was to be added to an answer that is not there."""

    def __init__(self) -> None:
        super().__init__("Please choose Yes or No first.")


def record_vote(
    summary_id: int, reader: str, *, is_helpful: bool, details: Mapping[str, str | None] | None = None
) -> None:
    """Keep a reader's answer; there is one for each reader and summary, so another one replaces it.

    `details` (unclear_section, comment) replaces what was said before; without them it stays.
    """
    now = dt.datetime.now(dt.UTC)
    values = {"is_helpful": is_helpful, "changed_at": now, **(details or {})}
    insert = INSERTS[db.engine.dialect.name](Vote).values(summary_id=summary_id, reader=reader, voted_at=now, **values)
    with _in_turn(summary_id):
        db.session.execute(insert.on_conflict_do_update(index_elements=["summary_id", "reader"], set_=values))


def explain_vote(summary_id: int, reader: str, details: Mapping[str, str | None]) -> None:
    """Keep what was unclear, beside the answer that was given. Raises NoVoteError when there is none."""
    found = db.session.execute(
        update(Vote)
        .where(Vote.summary_id == summary_id, Vote.reader == reader)
        .values(**details, changed_at=dt.datetime.now(dt.UTC))
        .returning(Vote.id)
    ).all()
    db.session.commit()
    if not found:
        raise NoVoteError


def withdraw_vote(summary_id: int, reader: str) -> None:
    """Delete an answer with all that was written beside it."""
    with _in_turn(summary_id):
        db.session.execute(delete(Vote).where(Vote.summary_id == summary_id, Vote.reader == reader))


@contextmanager
def _in_turn(summary_id: int) -> Iterator[None]:
    """One after the other, and a new edition only if readers can see a difference.

    The first statement writes, which makes everybody else wait: what is counted after it is so until the commit.
    """
    db.session.execute(update(Edition).values(token=Edition.token))
    before = public_votes(*counts(summary_id))
    yield
    if public_votes(*counts(summary_id)) != before:
        raise_edition()
    db.session.commit()
