"""Lets the pages that a proxy sends by itself be those of the committed edition, also where no request comes in.

Another host may publish, and knows nothing of the folder here. So each process that serves looks several times a
second whether it still leads to what is published. Where several hosts publish, the proxy reads below `vouched/<N>`,
N being the time in tens of seconds. That leads to `current`, and is made by whoever looks, for now and for the ten
seconds to come. Should nobody look any more, because the site here was killed or hangs, the proxy finds no page
after twenty seconds, and asks the site, or that of another host.
"""

from __future__ import annotations

import contextlib
import logging
import threading

from flask import Flask

from webapp import clock
from webapp.page_cache.folder import VOUCHED, PageFolder, make_open_folder

PAUSE = 0.25
"""Seconds between two looks."""
SLOT = 10
"""Seconds. The example for nginx takes the last digit of the time away."""

log = logging.getLogger(__name__)


def follow_always(app: Flask) -> None:
    """Look, on a thread of its own, for as long as the process lives."""
    files: PageFolder = app.extensions["page_folder"]

    def look_again_and_again() -> None:
        while True:
            try:
                follow(files)
            except Exception:  # whatever it is: nobody else looks, so the next look has to come
                log.exception("Whether pages are those of today could not be seen. It is tried again.")
                clock.wait(SLOT)
            clock.wait(PAUSE)

    threading.Thread(target=look_again_and_again, name="following", daemon=True).start()


def follow(files: PageFolder) -> None:
    """Look once. Where nobody can tell any more what is published, nothing is vouched for."""
    at = clock.now().timestamp()  # before the look: it is what was seen then that is vouched for
    edition = files.edition.value()
    if isinstance(edition, str):
        files.follow(edition)
        if files.is_current(edition):
            _vouch(files, int(at // SLOT))


def _vouch(files: PageFolder, slot: int) -> None:
    """Make the links for this slot and the next, and take all others away. A fault of the folder costs speed alone."""
    folder, wanted = files.folder / VOUCHED, {str(slot), str(slot + 1)}
    with contextlib.suppress(OSError):
        make_open_folder(folder, files.folder)
        there = {path.name for path in folder.iterdir()}
        for name in wanted - there:
            with contextlib.suppress(FileExistsError):  # another process was faster
                (folder / name).symlink_to("../current")
        for name in there - wanted:
            (folder / name).unlink(missing_ok=True)
