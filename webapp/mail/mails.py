"""The mails about mail."""

from __future__ import annotations

from webapp.mail.outbox import AUTOMATIC, queue_mail
from webapp.models import OutboxMail


def mail_given_up(owner: str, count: int) -> OutboxMail:
    """For the owner: mails did not arrive, and how to send them again."""
    return queue_mail("mail_given_up", owner, AUTOMATIC, count=count)
