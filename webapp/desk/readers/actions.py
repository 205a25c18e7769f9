"""What the desk does with subscribers. The log never says who."""

from __future__ import annotations

from webapp.desk.activity.actions import note
from webapp.models import Account, Subscriber
from webapp.subscriptions.actions import leave


def delete_subscriber(account: Account, subscriber: Subscriber) -> None:
    """As if the person had left: what goes then goes now."""
    note(account.name, "Deleted a subscriber.")
    leave(subscriber)  # commits both
