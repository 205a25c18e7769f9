"""What the desk does with subscribers. The log says how many, never who."""

from __future__ import annotations

from webapp.desk.activity.actions import note
from webapp.extensions import db
from webapp.formats import plural
from webapp.models import Account, Subscriber
from webapp.subscriptions.actions import leave


def delete_subscriber(account: Account, subscriber: Subscriber) -> None:
    """As if the person had left: what goes then goes now."""
    note(account.name, "Deleted a subscriber.")
    leave(subscriber)  # commits both


def note_export(account: Account, count: int) -> None:
    note(account.name, f"Took out the list of {plural(count, 'subscriber')} as a file.")
    db.session.commit()
