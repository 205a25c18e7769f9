"""The mail that tells of a mistake of ours in a summary that was sent."""

from __future__ import annotations

import datetime as dt

from webapp.letters.mails import headers_of_a_letter
from webapp.mail.outbox import queue_mail
from webapp.models import OutboxMail


def correction(
    address: str, *, title: str, url: str, sentence: str, day: dt.date, manage_link: str, leave_link: str
) -> OutboxMail:
    """What was wrong, and the way to the right text. It can be answered with one click, as letters can."""
    return queue_mail(
        "correction",
        address,
        headers_of_a_letter(leave_link),
        title=title,
        url=url,
        sentence=sentence,
        day=day,
        manage_link=manage_link,
        leave_link=leave_link,
    )
