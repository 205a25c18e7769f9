"""The mails that tell the owner what became of a paper."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.mail.outbox import AUTOMATIC, queue_mail
from webapp.models import OutboxMail


def paper_withdrawn(
    owner: str, *, title: str, url: str, services: str, answers: Sequence[str], was_planned: bool
) -> OutboxMail:
    """The notice is up. `services`: who says so; `answers`: titles of topic answers that rest on the summary;
    `was_planned`: whether a newer text was to go live by itself, which it does no more.
    """
    return queue_mail(
        "paper_withdrawn",
        owner,
        AUTOMATIC,
        title=title,
        url=url,
        services=services,
        answers=answers,
        was_planned=was_planned,
    )


def notice_gone(owner: str, *, title: str, url: str) -> OutboxMail:
    """No service tells of a withdrawal any more that our page tells of."""
    return queue_mail("notice_gone", owner, AUTOMATIC, title=title, url=url)
