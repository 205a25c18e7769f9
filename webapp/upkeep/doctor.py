"""What is wrong with this site, and what to do about it: `flask doctor`."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from webapp import clock, database
from webapp.config import settings_file
from webapp.errors import why_not_ready
from webapp.extensions import db
from webapp.formats import plural
from webapp.mail import queries as outbox
from webapp.mail.transport import DeliveryError, SmtpTransport
from webapp.models import Document, Edition, Heartbeat, OutboxMail, Summary
from webapp.page_cache.folder import CURRENT, PageFolder
from webapp.security import LOCAL_HOSTS
from webapp.upkeep import outside
from webapp.upkeep.archive import UpkeepError
from webapp.upkeep.heartbeats.queries import BACKUP, last_heartbeat
from webapp.upkeep.readiness import why_not_working
from webapp.upkeep.sqlite_files import revision_of

MEGABYTE = 1024 * 1024
FREE = 500 * MEGABYTE
"""Bytes that should be free on each disk the site writes to."""
LATE = dt.timedelta(minutes=5)
"""After which `flask work` must have said that it runs."""
OLD_BACKUP = dt.timedelta(days=2)
WAITING = dt.timedelta(hours=1)
"""After which a mail should be gone."""


class State(StrEnum):
    WELL = "ok"
    NOTE = "note"
    FAULT = "FAULT"


class Finding(NamedTuple):
    """One thing that was looked at."""

    state: State
    says: str
    remedy: str = ""


Check = Callable[[Flask], Iterator[Finding]]


def well(says: str) -> Finding:
    return Finding(State.WELL, says)


def note(says: str, remedy: str = "") -> Finding:
    return Finding(State.NOTE, says, remedy)


def fault(says: str, remedy: str) -> Finding:
    return Finding(State.FAULT, says, remedy)


def examine(app: Flask) -> Iterator[tuple[str, Finding]]:
    """Every finding, with what it is about. Needs an application context. Where one look fails, the others go on."""
    is_without_database = False
    for about, check in CHECKS.items():
        try:
            for finding in check(app):
                is_without_database |= check is _database and finding.state is State.FAULT
                yield about, finding
        except SQLAlchemyError as error:
            db.session.rollback()
            if not is_without_database:
                is_without_database = True
                why = isinstance(error, OperationalError) and why_not_ready(error)
                yield about, fault(why or f"The database fails: {error}", "Look at the other findings first.")
        except OSError as error:
            yield about, fault(f"This could not be looked at: {error}", "Look at the other findings first.")


def _settings(app: Flask) -> Iterator[Finding]:
    site = urlsplit(app.config["SITE_URL"])
    if site.hostname in LOCAL_HOSTS:
        yield note(f"SITE_URL is {app.config['SITE_URL']}: links in mails lead to this machine.", "Set SITE_URL.")
    elif site.scheme != "https":
        yield fault(f"SITE_URL is {app.config['SITE_URL']}, without TLS.", "Set up HTTPS, then write https:// there.")
    else:
        yield well(f"SITE_URL is {app.config['SITE_URL']}.")
    if not app.config["OWNER_EMAIL"]:
        yield note("Nobody is told of messages and failed mail.", "Set OWNER_EMAIL.")
    for path in (settings_file(), app.config["SECRET_KEY_FILE"], Path(app.instance_path)):
        if path and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield fault(f"Others on this machine can read {path}.", f"chmod {'700' if path.is_dir() else '600'} {path}")


def _database(app: Flask) -> Iterator[Finding]:
    if why := why_not_working():
        yield fault(why, "Do what it says; `journalctl -u spinal-cord-research-help` may say more.")
        return
    file = database.file_of(db.engine.url)
    if file and file.stat().st_uid != os.geteuid():
        yield fault(
            f"{file} is not yours, and what you write here would not be the site's.",
            f"Run commands as its owner: sudo -u {file.owner()} .venv/bin/flask …",
        )
    try:
        size = f", {file.stat().st_size / MEGABYTE:.1f} MB" if file else ""
        schema = revision_of(file) if file else "current"
    except UpkeepError as error:
        yield fault(str(error), "Stop the site and bring the newest backup back: `flask restore --overwrite FILE`.")
        return
    count = db.session.scalar(select(func.count()).select_from(Summary)) or 0
    yield well(f"Whole, schema {schema}{size}; {plural(count, 'public summary', 'public summaries')}.")
    if stale := db.session.scalar(select(func.count()).where(Document.is_stale)):
        yield note(
            f"Lists are behind for {plural(stale, 'document')}.", "`flask work` does it; or: flask library rebuild"
        )


def _worker(app: Flask) -> Iterator[Finding]:
    start = "systemctl enable --now spinal-cord-research-help-work"
    at = last_heartbeat()
    if at is None:
        yield fault("`flask work` never ran: no mail is sent and nothing is published on its day.", start)
    elif clock.now() - at > LATE:
        yield fault(f"`flask work` last ran {_ago(at)}: mail waits, nothing is published on its day.", start)
    else:
        yield well(f"`flask work` last ran {_ago(at)}.")


def _mail(app: Flask) -> Iterator[Finding]:
    if app.config["MAIL_URL"]:
        try:
            SmtpTransport(app.config["MAIL_URL"], app.config["MAIL_FROM"], timeout=10).check()
            yield well("The mail server takes us in.")
        except DeliveryError as error:
            yield fault(f"The mail server does not take us in: {error}", "Put MAIL_URL right, or ask your provider.")
        if not app.config["OWNER_POSTAL_ADDRESS"]:
            yield note("Letters carry no postal address; many countries ask for one.", "Set OWNER_POSTAL_ADDRESS.")
    else:
        yield note(f"Mail is only written to {app.config['MAIL_FOLDER']} and reaches nobody.", "Set MAIL_URL.")
    counts = outbox.counts()
    late = select(func.count()).where(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
    waiting = db.session.scalar(late.where(OutboxMail.created_at < clock.now() - WAITING)) or 0
    if waiting:
        yield fault(
            f"{plural(waiting, 'mail waits', 'mails wait')} for more than an hour.", "flask mail status says why."
        )
    if counts.given_up:
        yield note(
            f"{plural(counts.given_up, 'mail was', 'mails were')} given up.",
            "flask mail status says why; flask mail retry sends it.",
        )


def _disk(app: Flask) -> Iterator[Finding]:
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


def _clock(app: Flask) -> Iterator[Finding]:
    now = clock.now()
    set_right = "Let the machine set its clock: timedatectl set-ntp true"
    with TemporaryFile(dir=app.instance_path) as file:
        drift = abs(os.fstat(file.fileno()).st_mtime - now.timestamp())
    last = [db.session.scalar(select(func.max(Heartbeat.at))), db.session.scalar(select(Edition.changed_at))]
    ahead = max((at for at in last if at), default=now) - now
    if ahead > LATE:
        yield fault(f"The clock was set back: something here was done {ahead} from now.", set_right)
    elif drift > LATE.total_seconds():
        yield fault(f"The disk's clock and this machine's differ by {drift:.0f} seconds.", set_right)
    elif Path("/run/systemd/timesync").is_dir() and not Path("/run/systemd/timesync/synchronized").exists():
        yield note(f"It is {now:%Y-%m-%d %H:%M} UTC here, and no time server has said so yet.", set_right)
    else:
        yield well(f"It is {now:%Y-%m-%d %H:%M} UTC.")


def _pages(app: Flask) -> Iterator[Finding]:
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


def _proxy(app: Flask) -> Iterator[Finding]:
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


def _backups(app: Flask) -> Iterator[Finding]:
    at, each_night = last_heartbeat(BACKUP), "systemctl enable --now spinal-cord-research-help-backup.timer"
    if at is None:
        yield note("No backup was made by the timer yet.", each_night)
    elif clock.now() - at > OLD_BACKUP:
        yield fault(f"The last backup was made {_ago(at)}.", f"{each_night}; journalctl says what went wrong.")
    else:
        yield well(f"The last backup was made and tried {_ago(at)}. Keep copies on another machine as well.")


def _ago(at: dt.datetime) -> str:
    minutes = max(0, int((clock.now() - at).total_seconds() // 60))
    if minutes < 120:
        return f"{plural(minutes, 'minute')} ago"
    hours = minutes // 60
    return f"{plural(hours, 'hour')} ago" if hours < 48 else f"{plural(hours // 24, 'day')} ago"


CHECKS: dict[str, Check] = {
    "settings": _settings,
    "database": _database,
    "worker": _worker,
    "mail": _mail,
    "backups": _backups,
    "disk": _disk,
    "clock": _clock,
    "pages": _pages,
    "proxy": _proxy,
}
"""What is looked at, in this order."""
