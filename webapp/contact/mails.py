"""What a reader writes, as a mail to the owner."""

from __future__ import annotations

from webapp.mail.outbox import queue_mail
from webapp.models import OutboxMail


def message_to_owner(owner: str, *, name: str | None, address: str, topic: str, message: str) -> OutboxMail:
    """What a reader wrote on the contact page; an answer to it goes to the reader."""
    return queue_mail(
        "message_to_owner", owner, {"Reply-To": address}, writer=name, address=address, topic=topic, message=message
    )
