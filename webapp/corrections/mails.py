"""The mails that tell of a mistake of ours in a summary that was sent, or that its paper was withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

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


def withdrawal(
    address: str,
    *,
    title: str,
    url: str,
    reasons: Sequence[str],
    day: dt.date,
    manage_link: str,
    leave_link: str,
) -> OutboxMail:
    """The paper was withdrawn, and why, as far as the page says it; on `day` we put up the notice."""
    return queue_mail(
        "withdrawal",
        address,
        headers_of_a_letter(leave_link),
        title=title,
        url=url,
        reasons=reasons,
        day=day,
        manage_link=manage_link,
        leave_link=leave_link,
    )
