"""The site moves to another database, while nothing of it runs."""

from __future__ import annotations

from sqlalchemy import URL

from webapp.extensions import db
from webapp.upkeep.actions import RUNNING, Site
from webapp.upkeep.archive import UpkeepError
from webapp.upkeep.copying import Proofs, Tell, copy, is_used_by_others


def move(source: URL, target: URL, site: Site, tell: Tell) -> Proofs:
    """Copy everything from one database to another. Raises UpkeepError, also while somebody may be writing; then
    nothing was changed.
    """
    db.session.remove()
    db.engine.dispose()
    with site.lock.exclusive() as is_exclusive:
        if not is_exclusive or is_used_by_others(source) or is_used_by_others(target):
            raise UpkeepError(RUNNING)
        return copy(source, target, site.migrations, tell)
