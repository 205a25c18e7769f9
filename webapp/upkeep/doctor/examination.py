"""What is wrong with this site, and what to do about it: `flask doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from flask import Flask
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from webapp.errors import why_not_ready
from webapp.extensions import db
from webapp.upkeep.doctor import machine, site
from webapp.upkeep.doctor.finding import Finding, State, fault

CHECKS: dict[str, Callable[[Flask], Iterator[Finding]]] = {
    "settings": site.settings,
    "database": site.database,
    "worker": site.worker,
    "mail": site.mail,
    "engines": site.engines,
    "papers": site.papers,
    "backups": site.backups,
    "disk": machine.disk_space,
    "clock": machine.time_of_day,
    "pages": machine.pages,
    "proxy": machine.proxy,
}
"""What is looked at, in this order."""
QUICK = ("settings", "worker", "papers", "backups", "disk", "clock", "pages")
"""What is looked at in no time: nobody is asked, and the database is not read through."""


def examine(app: Flask, abouts: Iterable[str] = CHECKS) -> Iterator[tuple[str, Finding]]:
    """Every finding, with what it is about. Needs an application context. Where one look fails, the others go on."""
    is_without_database = False
    for about in abouts:
        check = CHECKS[about]
        try:
            for finding in check(app):
                is_without_database |= check is site.database and finding.state is State.FAULT
                yield about, finding
        except SQLAlchemyError as error:
            db.session.rollback()
            if not is_without_database:
                is_without_database = True
                why = isinstance(error, OperationalError) and why_not_ready(error)
                yield about, fault(why or f"The database fails: {error}", "Look at the other findings first.")
        except OSError as error:
            yield about, fault(f"This could not be looked at: {error}", "Look at the other findings first.")
