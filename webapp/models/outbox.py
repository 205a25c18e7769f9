"""Mail that waits to be sent, was sent, or could not be sent."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class OutboxMail(Base):
    """One message to one address. Written in the transaction of what caused it; sent by a deliverer."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    """The name of the mail: its function and its template folder."""
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    """Further headers, such as Reply-To or List-Unsubscribe."""
    message_id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime] = mapped_column(index=True)
    """Not to be tried before."""
    tries: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(40))
    """The deliverer that is sending it now."""
    claimed_until: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    refused_at: Mapped[dt.datetime | None]
    """When the server last refused the recipient. On a mail that was given up: it was given up for its address."""
    given_up_at: Mapped[dt.datetime | None]
    replaced_at: Mapped[dt.datetime | None]
    """When another mail took over what this one, given up, was to say. It is never tried again."""
    last_error: Mapped[str | None]
