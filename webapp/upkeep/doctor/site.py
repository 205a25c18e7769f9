"""What is looked at of the site itself: its settings, its database, what runs beside it."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select

from webapp import clock
from webapp import database as databases
from webapp.config import settings_file
from webapp.extensions import db
from webapp.formats import plural
from webapp.mail import queries as outbox
from webapp.mail.transport import DeliveryError, SmtpTransport
from webapp.models import Document, Summary
from webapp.security import LOCAL_HOSTS
from webapp.site_words import site_words
from webapp.upkeep.archive import UpkeepError
from webapp.upkeep.doctor.finding import Finding, ago, fault, note, well
from webapp.upkeep.heartbeats.queries import BACKUP, ENGINES, is_another_key_used, last_heartbeat
from webapp.upkeep.kinds import kind_of
from webapp.upkeep.readiness import why_not_working
from webapp.upkeep.sqlite_files import revision_of
from webapp.watch.papers.queries import the_search

CROWDED = 0.9
"""Of the connections a server allows, the part from which on there may soon be none left."""
LATE = dt.timedelta(minutes=5)
"""After which `flask work` must have said that it runs."""
OLD_BACKUP = dt.timedelta(days=2)
UNTOLD = dt.timedelta(days=1)
"""After which search engines should know of a change."""
LONG_WITHOUT_SEARCH = dt.timedelta(weeks=3)
"""After that something keeps new papers away; they are searched for once a week."""
WAITING = dt.timedelta(hours=1)
"""After which a mail should be gone."""


def settings(app: Flask) -> Iterator[Finding]:
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


def database(app: Flask) -> Iterator[Finding]:
    if why := why_not_working():
        yield fault(why, "Do what it says; `journalctl -u spinal-cord-research-help` may say more.")
        return
    file = databases.file_of(db.engine.url)
    if file and file.stat().st_uid != os.geteuid():
        yield fault(
            f"{file} is not yours, and what you write here would not be the site's.",
            f"Run commands as its owner: sudo -u {file.owner()} .venv/bin/flask …",
        )
    try:
        state = f"whole, schema {revision_of(file)}" if file else "schema current"
    except UpkeepError as error:
        yield fault(str(error), "Stop the site and bring the newest backup back: `flask restore --overwrite FILE`.")
        return
    count = db.session.scalar(select(func.count()).select_from(Summary)) or 0
    kind = kind_of(db.engine)
    about = kind.about(db.session.connection())
    yield well(f"{about}; {state}; {plural(count, 'public summary', 'public summaries')}.")
    if connections := kind.connections(db.session.connection()):
        yield _connections(*connections)
    if stale := db.session.scalar(select(func.count()).where(Document.is_stale)):
        yield note(
            f"Lists are behind for {plural(stale, 'document')}.", "`flask work` does it; or: flask library rebuild"
        )


def _connections(used: int, allowed: int) -> Finding:
    says = f"The server has {plural(used, 'connection')} of {allowed} allowed."
    if used < CROWDED * allowed:
        return well(says)
    remedy = "Raise max_connections of the server, or run fewer workers: deploy/README.md says how many each needs."
    return fault(f"{says} When there are no more, readers are turned away.", remedy)


def worker(app: Flask) -> Iterator[Finding]:
    start = "systemctl enable --now spinal-cord-research-help-work"
    at = last_heartbeat()
    if at is None:
        yield fault("`flask work` never ran: no mail is sent and nothing is published on its day.", start)
    elif clock.now() - at > LATE:
        yield fault(f"`flask work` last ran {ago(at)}: mail waits, nothing is published on its day.", start)
    else:
        yield well(f"`flask work` last ran {ago(at)}.")
    if is_another_key_used():
        yield fault(
            "Another SECRET_KEY is in use on this database: what one signs, the other refuses, and limits count apart.",
            "Give all hosts the same and start all anew, `flask work` too. Is that just done? Ask again in 3 minutes.",
        )


def mail(app: Flask) -> Iterator[Finding]:
    if app.config["MAIL_URL"]:
        try:
            SmtpTransport(app.config["MAIL_URL"], app.config["MAIL_FROM"], timeout=10).check()
            yield well("The mail server takes us in.")
        except DeliveryError as error:
            yield fault(f"The mail server does not take us in: {error}", "Put MAIL_URL right, or ask your provider.")
        if not site_words().postal_address:
            says = "Letters carry no postal address; many countries ask for one."
            yield note(says, "Write it at the desk, under Words of the site, or set OWNER_POSTAL_ADDRESS.")
    else:
        yield note(f"Mail is only written to {app.config['MAIL_FOLDER']} and reaches nobody.", "Set MAIL_URL.")
    counts = outbox.counts()
    if waiting := outbox.waiting_since(clock.now() - WAITING):
        yield fault(
            f"{plural(waiting, 'mail waits', 'mails wait')} for more than an hour.", "flask mail status says why."
        )
    if counts.given_up:
        yield note(
            f"{plural(counts.given_up, 'mail was', 'mails were')} given up.",
            "flask mail status says why; flask mail retry sends it.",
        )


def engines(app: Flask) -> Iterator[Finding]:
    if not app.config["INDEXNOW_KEY"]:
        yield well("Search engines find changes by the sitemap. With INDEXNOW_KEY they would be told.")
        return
    at, changed = last_heartbeat(ENGINES), Document.changed_at()
    waiting = db.session.scalar(select(func.min(changed)).where(changed > at)) if at else None
    if waiting and clock.now() - waiting > UNTOLD:
        remedy = "See that INDEXNOW_KEY is right and SITE_URL can be reached; the log of `flask work` says more."
        yield note(f"Search engines could not be told of changes since {ago(waiting)}.", remedy)
    else:
        yield well("Search engines are told of changes.")


def papers(_app: Flask) -> Iterator[Finding]:
    search = the_search()
    since = (search.done_at or search.begun_at) if search else None
    if search is None or since is None:
        yield well("New papers have not been searched for yet; `flask work` does it.")
    elif clock.now() - since > LONG_WITHOUT_SEARCH:
        why = f" It was last tried {ago(search.tried_at)}: {search.problem}".rstrip(": ") if search.tried_at else ""
        yield note(
            f"The search for new papers last came to its end {ago(since)}.{why}"
            if search.done_at
            else f"No search for new papers has come to its end. The first was begun {ago(since)}.{why}",
            "Let this machine reach www.ebi.ac.uk, or try other words at the desk, under New papers.",
        )
    elif search.done_at:
        yield well(f"New papers were last searched for {ago(search.done_at)}.")
    else:
        yield well("New papers have not been searched for to the end yet; `flask work` goes on.")


def backups(app: Flask) -> Iterator[Finding]:
    at, each_night = last_heartbeat(BACKUP), "systemctl enable --now spinal-cord-research-help-backup.timer"
    if at is None:
        yield note("No backup was made by the timer yet.", each_night)
    elif clock.now() - at > OLD_BACKUP:
        yield fault(f"The last backup was made {ago(at)}.", f"{each_night}; journalctl says what went wrong.")
    else:
        yield well(f"The last backup was made and tried {ago(at)}. Keep copies on another machine as well.")
