"""A backup that goes to whoever asks for it at the desk."""

from __future__ import annotations

import secrets
from typing import IO

from webapp.desk.activity.actions import note
from webapp.desk.files.uploads import room
from webapp.extensions import db
from webapp.upkeep.actions import Site, back_up
from webapp.upkeep.archive import UpkeepError


def make_backup(who: str, site: Site) -> IO[bytes]:
    """A backup as `flask backup` makes it, in a file whose name is gone already: it goes when it is closed.

    Raises UpkeepError; then nothing is left of it.
    """
    try:
        file = room(site.instance) / f"{secrets.token_hex(8)}.tar"
        try:
            back_up(file, site)
            made = file.open("rb")
        finally:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise UpkeepError(f"No backup was made: {error.strerror}.") from None
    note(who, "Downloaded a backup of everything.")
    db.session.commit()
    return made
