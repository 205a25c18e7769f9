"""A backup that goes to whoever asks for it at the desk."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import IO

from webapp.desk.activity.actions import note
from webapp.extensions import db
from webapp.upkeep.actions import Site, back_up


def make_backup(who: str, site: Site, folder: Path) -> IO[bytes]:
    """A backup as `flask backup` makes it, in a file whose name is gone already: it goes when it is closed.

    Raises UpkeepError; then nothing is left of it.
    """
    file = folder / f"{secrets.token_hex(8)}.tar"
    try:
        back_up(file, site)
        made = file.open("rb")
    finally:
        file.unlink(missing_ok=True)
    note(who, "Downloaded a backup of everything.")
    db.session.commit()
    return made
