"""Whose fault a refusal is: one address's, or the server's own."""

from __future__ import annotations

from dataclasses import dataclass, field

from webapp.mail.transport import AddressRefusedError, DeliveryError
from webapp.models import OutboxMail

MAX_FAILURES = 5
"""Failures in a row after which a round ends: the server takes nothing now."""


@dataclass
class FailureRun:
    """Failures one after the other, between two mails that the server took.

    An address that does not exist is refused in the midst of others that are taken. A server whose account has run
    out refuses everybody. So a refusal is held against an address only when no other was refused in the same run.
    Two bad addresses side by side are mistaken for a fault of the server, and their mails wait in vain for a day;
    the other mistake would take letters from people who should have them.
    """

    is_first: bool = True
    """The first of its round: what was refused in the round before belongs to it."""
    count: int = 0
    addresses: set[str] = field(default_factory=set)
    refused: list[OutboxMail] = field(default_factory=list)

    def add(self, mail: OutboxMail, error: DeliveryError) -> None:
        self.count += 1
        if isinstance(error, AddressRefusedError):
            self.addresses.add(mail.recipient.lower())
            self.refused.append(mail)

    def begin_anew(self) -> None:
        """The server took a mail."""
        self.is_first, self.count, self.addresses, self.refused = False, 0, set(), []

    @property
    def is_hopeless(self) -> bool:
        return self.count >= MAX_FAILURES
