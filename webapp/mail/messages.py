"""The mails of this site: one function and one folder in templates/mail each (subject.txt, text.txt, body.html)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template

from webapp.formats import SITE_NAME
from webapp.mail.outbox import enqueue
from webapp.models import OutboxMail
from webapp.subscriptions.digest import Item

AUTOMATIC = {"Auto-Submitted": "auto-generated"}
"""For mails no person wrote: an absence note must not answer them."""


def _queue(
    name: str,
    recipient: str,
    headers: Mapping[str, str] | None = None,
    /,
    *,
    due_at: dt.datetime | None = None,
    **words: Any,
) -> OutboxMail:
    """Draw the three templates of a mail and put it into the outbox, to go at `due_at` (UTC). The caller commits.

    body.html fills the blocks `body` and `reason` (why this mail came) of mail/_layout.html, text.txt those
    of mail/_layout.txt, with the same words. A link is `<a href="ADDRESS">words</a>` there, `words: ADDRESS` here.
    """
    words |= {
        "site_address": current_app.config["SITE_URL"],
        "postal_address": current_app.config["OWNER_POSTAL_ADDRESS"],
    }
    subject, text, html = (
        render_template(f"mail/{name}/{part}", **words) for part in ("subject.txt", "text.txt", "body.html")
    )
    return enqueue(name, recipient, subject=subject, text=text, html=html, headers=headers, due_at=due_at)


def confirm_subscription(
    address: str, link: str, good_until: dt.date, *, due_at: dt.datetime | None = None
) -> OutboxMail:
    """Ask whether the person behind an address wants letters. Says nothing of topics: it may reach a stranger."""
    return _queue("confirm_subscription", address, AUTOMATIC, due_at=due_at, link=link, good_until=good_until)


def already_subscribed(address: str, link: str, *, due_at: dt.datetime | None = None) -> OutboxMail:
    """For somebody who gets letters and fills in the form again: the way to change them."""
    return _queue("already_subscribed", address, AUTOMATIC, due_at=due_at, link=link)


def letter(address: str, items: Sequence[Item], frequency: str, *, manage_link: str, leave_link: str) -> OutboxMail:
    """What is new. With the headers of RFC 2369 and 8058: a mail program can leave with one click."""
    headers = AUTOMATIC | {
        "List-Id": f"{SITE_NAME} <letters.{urlsplit(current_app.config['SITE_URL']).hostname}>",
        "List-Unsubscribe": f"<{leave_link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return _queue(
        "letter",
        address,
        headers,
        items=items,
        frequency=frequency,
        manage_link=manage_link,
        leave_link=leave_link,
    )


def message_to_owner(owner: str, *, name: str | None, address: str, topic: str, message: str) -> OutboxMail:
    """What a reader wrote on the contact page; an answer to it goes to the reader."""
    return _queue(
        "message_to_owner", owner, {"Reply-To": address}, writer=name, address=address, topic=topic, message=message
    )


def mail_given_up(owner: str, count: int) -> OutboxMail:
    """For the owner: mails did not arrive, and how to send them again."""
    return _queue("mail_given_up", owner, AUTOMATIC, count=count)


def readers_dropped(owner: str, count: int) -> OutboxMail:
    """For the owner: readers get no more letters, since their addresses take none. Their addresses are gone."""
    return _queue("readers_dropped", owner, AUTOMATIC, count=count)
