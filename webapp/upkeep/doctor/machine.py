"""What is looked at of the machine, and of what stands in front of the site."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select

from webapp import clock
from webapp.extensions import db
from webapp.models import Edition, Heartbeat
from webapp.page_cache.folder import CURRENT, PageFolder
from webapp.upkeep import outside
from webapp.upkeep.doctor.finding import Finding, fault, note, well

MEGABYTE = 1024 * 1024
FREE = 500 * MEGABYTE
"""Bytes that should be free on each disk the site writes to."""
DRIFT = dt.timedelta(minutes=5)
"""By which clocks may differ."""


def disk_space(app: Flask) -> Iterator[Finding]:
    for folder in dict.fromkeys((Path(app.instance_path), Path(app.config["PAGE_FOLDER"]))):
        if not folder.exists():
            continue
        usage, files = shutil.disk_usage(folder), os.statvfs(folder)
        says = f"{usage.free / MEGABYTE:,.0f} MB are free for {folder}."
        if usage.free < FREE or (files.f_files and files.f_favail < 1000):
            yield fault(
                says if usage.free < FREE else f"No more files can be made on the disk of {folder}.",
                "Make room: old backups, `journalctl --vacuum-size=100M`, `apt-get clean`.",
            )
        else:
            yield well(says)


def time_of_day(app: Flask) -> Iterator[Finding]:
    now = clock.now()
    set_right = "Let the machine set its clock: timedatectl set-ntp true"
    with TemporaryFile(dir=app.instance_path) as file:
        drift = abs(os.fstat(file.fileno()).st_mtime - now.timestamp())
    last = [db.session.scalar(select(func.max(Heartbeat.at))), db.session.scalar(select(Edition.changed_at))]
    ahead = max((at for at in last if at), default=now) - now
    if ahead > DRIFT:
        yield fault(f"The clock was set back: something here was done {ahead} from now.", set_right)
    elif drift > DRIFT.total_seconds():
        yield fault(f"The disk's clock and this machine's differ by {drift:.0f} seconds.", set_right)
    elif Path("/run/systemd/timesync").is_dir() and not Path("/run/systemd/timesync/synchronized").exists():
        yield note(f"It is {now:%Y-%m-%d %H:%M} UTC here, and no time server has said so yet.", set_right)
    else:
        yield well(f"It is {now:%Y-%m-%d %H:%M} UTC.")


def pages(app: Flask) -> Iterator[Finding]:
    files: PageFolder = app.extensions["page_folder"]
    folder = files.folder
    now = files.edition.value()
    files.follow(str(now))
    if not folder.is_dir() or not isinstance(now, str):
        yield note(f"No pages are kept in {folder} yet.", "Nothing, if the site was just set up.")
        return
    if not os.access(folder, os.W_OK | os.X_OK) or folder.stat().st_uid != os.geteuid():
        yield fault(
            f"The site cannot write into {folder}: it is slow, and nothing can be published.",
            f"The folder must belong to the user of the site: chown -R USER {folder}",
        )
        return
    if (folder / CURRENT).is_symlink():
        yield well(f"Pages are kept in {folder}.")
    else:
        yield fault(
            f"Pages in {folder} are not found by the proxy.", f"Delete what is in {folder}: it holds copies only."
        )
    closed = [path for path in (folder, *folder.parents) if not path.stat().st_mode & stat.S_IXOTH]
    if closed and app.config["TRUSTED_PROXIES"]:
        yield note(
            f"nginx cannot send kept pages itself, because {closed[-1]} is closed to it. With Caddy nothing is lost.",
            "Set PAGE_FOLDER=/var/cache/spinal-cord-research-help, as deploy/README.md says.",
        )


def proxy(app: Flask) -> Iterator[Finding]:
    url, hops = app.config["SITE_URL"], app.config["TRUSTED_PROXIES"]
    try:
        seen = outside.look(app)
    except outside.UnreachableError as error:
        yield fault(
            f"The site does not answer at {url}: {error}.",
            "Is it running (systemctl status spinal-cord-research-help), is the proxy, does the name lead here?",
        )
        return
    named = [part.strip() for part in seen.forwarded_for.split(",") if part.strip()]
    if seen.address == outside.MADE_UP:
        yield fault(
            "Whoever makes up an X-Forwarded-For header is believed, and so escapes the limits on sending.",
            "Use one of the proxies of deploy/, or TRUSTED_PROXIES=0 if there is none.",
        )
    elif not hops and named != [outside.MADE_UP]:
        yield fault(
            "A proxy stands in front of the site and is not counted: all readers look like one.",
            "Set TRUSTED_PROXIES=1.",
        )
    elif seen.scheme != urlsplit(url).scheme:
        yield fault(
            f"Readers come by {urlsplit(url).scheme}, and the site believes it is {seen.scheme}.",
            "Let the proxy say X-Forwarded-Proto, as the examples in deploy/ do, and set TRUSTED_PROXIES=1.",
        )
    else:
        yield well(f"{url} answers, and the site knows who asks.")
