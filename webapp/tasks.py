"""What is done by the clock: TASKS is all of it. How it is done, one after the other, stands in worker.py."""

from __future__ import annotations

import datetime as dt
from itertools import takewhile
from pathlib import Path

from flask import current_app

from webapp.ask.actions import LookReport as AskedReport
from webapp.ask.actions import delete_old_papers, look_at_asked
from webapp.contact.actions import delete_old_messages
from webapp.corrections.actions import MailingReport, write_corrections
from webapp.desk.files.uploads import delete_old
from webapp.documents.actions import project_stale, publish_due
from webapp.formats import plural
from webapp.indexnow.actions import tell_search_engines
from webapp.letters.actions import LettersReport, send_letters
from webapp.mail.actions import DeliveryReport, delete_old_mail, deliver_mail, tell_owner
from webapp.mail.transport import open_transport
from webapp.page_cache.remaking import remake_most_read
from webapp.rate_limits import delete_expired
from webapp.scholarly.client import shared_client
from webapp.search.missed.actions import delete_old_missed
from webapp.site_words import site_words
from webapp.subscriptions.actions import delete_unconfirmed, drop_refused
from webapp.upkeep.heartbeats.actions import note_heartbeat, note_key
from webapp.upkeep.heartbeats.queries import is_another_key_used
from webapp.watch.actions import LookReport, let_readers_see, look
from webapp.watch.papers.actions import SearchReport, look_for_papers
from webapp.watch.recruiting import actions as recruiting
from webapp.watch.trials.actions import TrialsReport
from webapp.watch.trials.actions import look as look_at_due_trials
from webapp.worker import Task, Turn


def deliver(turn: Turn) -> DeliveryReport:
    with open_transport(current_app.config, site_words().name) as transport:
        return deliver_mail(transport, is_stopped=turn.is_over)


def drop_subscribers(_turn: Turn) -> str:
    dropped = drop_refused(current_app.config["OWNER_EMAIL"])
    return plural(dropped, "reader") if dropped else ""


def publish(_turn: Turn) -> str:
    """Publish what is due, and finish what a stopped load left of lists and search."""
    project_stale()
    published = publish_due()
    return plural(published, "document") if published else ""


def write_letters(turn: Turn) -> LettersReport:
    """Letters that are due, until a stop is asked or the turn is over: the next run goes on there."""
    return send_letters(lambda readers: takewhile(lambda _: not turn.is_over(), readers))


def tell_of_corrections(turn: Turn) -> MailingReport:
    """Mails about corrections that the owner wants to be mailed; stopped half way, the next run goes on."""
    return write_corrections(turn.is_over)


def tell_engines(turn: Turn) -> str:
    """Search engines are told what readers can see anew, and what no more; if the owner has set a key."""
    config = current_app.config
    if not config["INDEXNOW_KEY"]:
        return ""
    client = shared_client(config)
    told = tell_search_engines(client, config["SITE_URL"], config["INDEXNOW_KEY"], turn.is_over)
    return plural(told, "page") if told else ""


def look_at_papers(turn: Turn) -> LookReport:
    """Whether papers were withdrawn or corrected: those that are due, each once a week."""
    config = current_app.config
    report = look(shared_client(config), turn.is_over, owner=config["OWNER_EMAIL"])
    let_readers_see()
    return report


def look_for_new_papers(turn: Turn) -> SearchReport:
    """Papers nobody here has seen: a search once a week, which goes on where the last turn left it."""
    return look_for_papers(shared_client(current_app.config), turn.is_over)


def look_at_trials(turn: Turn) -> TrialsReport:
    """What became of the trials that summaries name: those that are due, each once a day."""
    return look_at_due_trials(shared_client(current_app.config), turn.is_over)


def look_for_trials(turn: Turn) -> recruiting.LookReport:
    """Which trials look for people: the searches that the owner approved, each once a day."""
    return recruiting.look(shared_client(current_app.config), turn.is_over)


def look_up_asked(turn: Turn) -> AskedReport:
    """What the papers are that readers asked for, and whether one was withdrawn: each at once, and then once a week."""
    return look_at_asked(shared_client(current_app.config), turn.is_over)


def remake(turn: Turn) -> str:
    """Pages that readers will ask for, as they are since the last publication."""
    made = remake_most_read(current_app._get_current_object(), turn.is_over)  # type: ignore[attr-defined]
    return plural(made, "page") if made else ""


def compare_keys(_turn: Turn) -> str:
    note_key()
    return "another SECRET_KEY is in use; `flask doctor` says more" if is_another_key_used() else ""


def tell(_turn: Turn) -> str:
    return "1 mail to the owner" if tell_owner(current_app.config["OWNER_EMAIL"]) else ""


def delete_expired_rows(_turn: Turn) -> str:
    """What is kept for a time only, as /privacy promises."""
    delete_expired()
    delete_old_missed()
    delete_old_papers()
    mails, addresses, messages = delete_old_mail(), delete_unconfirmed(), delete_old_messages()
    found = [
        plural(mails, "mail"),
        plural(addresses, "unconfirmed address", "unconfirmed addresses"),
        plural(messages, "message"),
    ]
    return ", ".join(found) if mails or addresses or messages else ""


def delete_old_uploads(_turn: Turn) -> None:
    """What was sent to this host at the desk and is not brought in after a day."""
    delete_old(Path(current_app.instance_path))


DELIVER = Task("deliver mail", dt.timedelta(seconds=2), deliver)
TASKS = [
    Task("note that the work goes on", dt.timedelta(minutes=1), lambda _turn: note_heartbeat()),
    Task("say which key this host signs with", dt.timedelta(minutes=1), compare_keys, is_local=True),
    DELIVER,
    Task("publish what is due", dt.timedelta(seconds=20), publish),
    Task("make the most read pages anew", dt.timedelta(seconds=1), remake, is_local=True),
    Task("take off who cannot be reached any more", dt.timedelta(hours=1), drop_subscribers),
    Task("write the letters that are due", dt.timedelta(hours=1), write_letters),
    Task("write the mails about corrections", dt.timedelta(seconds=20), tell_of_corrections),
    Task("tell search engines what changed", dt.timedelta(minutes=5), tell_engines),
    Task("look whether papers were withdrawn or corrected", dt.timedelta(hours=1), look_at_papers),
    Task("look for new papers", dt.timedelta(hours=1), look_for_new_papers),
    Task("look what became of trials", dt.timedelta(hours=1), look_at_trials),
    Task("ask which trials look for people", dt.timedelta(hours=1), look_for_trials),
    Task("look up the papers that readers asked for", dt.timedelta(hours=1), look_up_asked),
    Task("tell the owner about mail that was given up", dt.timedelta(hours=1), tell),
    Task("delete files that nobody brought in", dt.timedelta(hours=6), delete_old_uploads, is_local=True),
    Task("delete what has expired", dt.timedelta(hours=6), delete_expired_rows),
]
