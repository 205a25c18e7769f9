"""Changes of a list that two people may make at the same moment: the second sees what the first has done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import InvalidRequestError

from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.models import Category, Term


class MeanwhileError(Exception):
    """Somebody else merged or deleted one of these at this very moment. Nothing was done."""


@contextmanager
def alone(*rows: Category | Term, may_lead_on: bool = False) -> Iterator[None]:
    """A change that readers see. Nobody else writes until it commits, and all that is looked at is as it is now.

    Raises MeanwhileError when one of these is gone or leads to another. What is refused leaves nothing behind.
    """
    session = db.session()
    try:
        raise_edition(session)  # writes, so that others wait; before anything is looked at
        session.flush()
        session.expire_all()
        if not all(_is_there(row, may_lead_on=may_lead_on) for row in rows):
            raise MeanwhileError
        yield
    except BaseException:
        session.rollback()
        raise


def _is_there(row: Category | Term, *, may_lead_on: bool) -> bool:
    try:
        db.session.refresh(row)
    except InvalidRequestError:
        return False
    return may_lead_on or not row.leads_to
