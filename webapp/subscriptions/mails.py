"""The mails to people who subscribe, and to the owner about them."""

from __future__ import annotations

import datetime as dt

from webapp.mail.outbox import AUTOMATIC, queue_mail
from webapp.models import OutboxMail


def confirm_subscription(
    address: str, link: str, good_until: dt.date, *, due_at: dt.datetime | None = None
) -> OutboxMail:
    """Ask whether the person behind an address wants letters. Says nothing of topics: it may reach a stranger."""
    return queue_mail("confirm_subscription", address, AUTOMATIC, due_at=due_at, link=link, good_until=good_until)


def already_subscribed(address: str, link: str, *, due_at: dt.datetime | None = None) -> OutboxMail:
    """For somebody who gets letters and fills in the form again: the way to change them."""
    return queue_mail("already_subscribed", address, AUTOMATIC, due_at=due_at, link=link)


def readers_dropped(owner: str, count: int) -> OutboxMail:
    """For the owner: readers get no more letters, since their addresses take none. Their addresses are gone."""
    return queue_mail("readers_dropped", owner, AUTOMATIC, count=count)
