"""What the owner does about a trial; it is noted who did."""

from __future__ import annotations

from webapp.desk.activity.actions import note
from webapp.extensions import db
from webapp.models import Account
from webapp.scholarly.client import Client
from webapp.watch.actions import let_readers_see
from webapp.watch.trials import actions
from webapp.watch.trials.actions import TrialsReport


def settle(account: Account, number: str) -> None:
    note(account.name, f"Looked at what became of the trial {number}.")
    actions.settle(number)


def look_now(account: Account, client: Client, number: str) -> TrialsReport:
    """Ask the registry at once. It is noted afterwards: what is asked for has commits of its own."""
    name = account.name
    report = actions.look(client, only=number)
    if report:
        let_readers_see(is_asked_for=True)
        note(name, f"Had the registry asked about the trial {number}.")
        db.session.commit()
    return report
