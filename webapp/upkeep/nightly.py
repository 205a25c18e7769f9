"""Backups that make themselves: each is tried as soon as it is made, and the oldest go."""

from __future__ import annotations

import re
from pathlib import Path

from webapp import clock
from webapp.instance_folder import make_private_folder
from webapp.upkeep.actions import BackupReport, Site, back_up, try_out
from webapp.upkeep.archive import UpkeepError
from webapp.upkeep.heartbeats.actions import note_heartbeat
from webapp.upkeep.heartbeats.queries import BACKUP

MADE = re.compile(r"site-\d{4}-\d{2}-\d{2}-\d{6}\.tar")


def back_up_into(folder: Path, keep: int, site: Site) -> tuple[Path, BackupReport]:
    """Write a backup into the folder under the time it is made, try to bring it back, and let all but the newest `keep`
    go. Raises UpkeepError; then all older ones are still there.
    """
    try:
        make_private_folder(folder)
    except OSError as error:
        raise UpkeepError(f"No backup was made: the folder {folder} cannot be made: {error.strerror}.") from None
    archive = folder / f"site-{clock.now():%Y-%m-%d-%H%M%S}.tar"
    report = back_up(archive, site)
    rows = try_out(archive, site).rows
    if rows != report.rows:
        raise UpkeepError(
            f"The backup {archive} does not hold what was written into it. The older ones are still there."
        )
    made = sorted(path for path in folder.iterdir() if MADE.fullmatch(path.name))
    for old in made[:-keep]:
        old.unlink()
    report.notes.append(f"It was tried: it can be brought back. Kept here: {min(len(made), keep)}.")
    note_heartbeat(BACKUP)
    return archive, report
