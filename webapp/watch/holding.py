"""What a run has to itself while it asks: meanwhile no other run asks for anything in the same table.

A run that was killed lets go by the clock. A time far ahead is one of a wrong clock, and holds nothing. Callers commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from webapp.database import UNSEEN
from webapp.extensions import db

HOLD = dt.timedelta(minutes=15)
T = TypeVar("T")


@dataclass
class RunReport:
    """What came of a run that looked at one thing after the other."""

    silence: ClassVar[str] = "the services do not answer"
    looked: int = 0
    failed: int = 0
    """Things of which nobody gave an answer that could be used."""
    is_hopeless: bool = False
    is_other_at_it: bool = False

    def __bool__(self) -> bool:
        return bool(self.looked)

    def parts(self) -> list[str]:
        """What was looked at, and what came of it."""
        raise NotImplementedError

    def __str__(self) -> str:
        ends = [f"{self.silence}; the next run goes on"] if self.is_hopeless else []
        ends += ["another run is at it"] if self.is_other_at_it else []
        return ", ".join(self.parts() + ends)


Key = InstrumentedAttribute[Any]
"""The column by which the rows of a table are named; the table has a `held_until` too."""


def is_free(held_until: InstrumentedAttribute[dt.datetime | None], now: dt.datetime) -> ColumnElement[bool]:
    return or_(held_until.is_(None), held_until <= now, held_until > now + 2 * HOLD)


def take(key: Key, keys: Collection[T], now: dt.datetime) -> set[T]:
    """Which of these rows this run has to itself from now on: none while another run has any of the table."""
    table, other = key.class_, aliased(key.class_)
    somebody_asks = exists(select(other.held_until).where(~is_free(other.held_until, now)))
    free = update(table).where(key.in_(keys), is_free(table.held_until, now), ~somebody_asks)
    mine = free.values(held_until=now + HOLD).returning(key)
    return set(db.session.scalars(mine, execution_options=UNSEEN))


def let_go(key: Key, keys: Collection[object]) -> None:
    theirs = update(key.class_).where(key.in_(keys)).values(held_until=None)
    db.session.execute(theirs, execution_options=UNSEEN)


def in_batches(
    hold: Callable[[], list[T]],
    work: Callable[[list[T]], None],
    let_go: Callable[[list[T]], None],
    goes_on: Callable[[], bool],
    key_of: Callable[[T], object],
) -> None:
    """Hold some, work on them, let go of them whatever happened, and so on until there are none.

    Where all were worked on before, it ends: a clock that is set back in the middle makes nobody look for ever.
    """
    done: set[object] = set()
    while goes_on() and (batch := hold()):
        try:
            if done.issuperset(map(key_of, batch)):
                break
            done.update(map(key_of, batch))
            work(batch)
        finally:
            let_go(batch)
