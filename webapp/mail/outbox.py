"""The outbox: what is to be mailed is a row in the transaction that causes it, so it is never lost."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from sqlalchemy import delete, func, select, update

from webapp import clock
from webapp.extensions import db
from webapp.models import OutboxMail
from webapp.site_words import site_words

CONTROLS = r"\x00-\x20\x7f-\x9f\u2028\u2029"
NOT_PRINTABLE = re.compile(f"[{CONTROLS}]+")
ADDRESS = re.compile(rf"""[^{CONTROLS}<>(),;:\\"@\[\]]+@[^{CONTROLS}<>(),;:\\"@]+""")
HEADER = re.compile(r"[A-Za-z][A-Za-z-]*")
MAX_VALUE_LENGTH = 900
PASSED_ON_WITHIN = dt.timedelta(minutes=1)
"""After something was written, the mail about it is in the outbox."""


AUTOMATIC = {"Auto-Submitted": "auto-generated"}
"""For mails no person wrote: an absence note must not answer them."""


class HeaderError(ValueError):
    """A mail was to be queued whose address or header cannot be sent."""


def queue_mail(
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
    site = site_words()  # asked once for the six places where they stand
    words |= {
        "site_url": current_app.config["SITE_URL"],
        "site_name": site.name,
        "mission": site.mission,
        "postal_address": site.postal_address,
    }
    subject, text, html = (
        render_template(f"mail/{name}/{part}", **words) for part in ("subject.txt", "text.txt", "body.html")
    )
    return enqueue(name, recipient, subject=subject, text=text, html=html, headers=headers, due_at=due_at)


def enqueue(
    kind: str,
    recipient: str,
    *,
    subject: str,
    text: str,
    html: str,
    headers: Mapping[str, str] | None = None,
    due_at: dt.datetime | None = None,
) -> OutboxMail:
    """Add a mail to the session, to be sent when the caller has committed, not before `due_at` (UTC).

    Line ends and other control characters in the subject and in headers become spaces, so nobody can
    add a header of their own. Raises HeaderError for an address or header that cannot be sent.
    """
    now = clock.now()
    if not ADDRESS.fullmatch(recipient) or len(recipient) > 254:
        raise HeaderError("The recipient is not one mail address.")
    mail = OutboxMail(
        kind=kind,
        recipient=recipient,
        subject=_one_line(subject),
        text=text,
        html=html,
        headers={_header_name(name): _one_line(value) for name, value in (headers or {}).items()},
        message_id=f"<{secrets.token_hex(16)}@{_domain()}>",
        created_at=now,
        due_at=due_at or now,
    )
    db.session.add(mail)
    return mail


def forget(recipient: str, kinds: Collection[str] | None = None) -> None:
    """Remove mails to this address from the outbox, sent or not: all, or those of some kinds. The caller commits."""
    theirs = delete(OutboxMail).where(func.lower(OutboxMail.recipient) == recipient.lower())
    db.session.execute(theirs if kinds is None else theirs.where(OutboxMail.kind.in_(kinds)))


def forget_copies(kind: str, reply_to: str, text: str, *, written_at: dt.datetime) -> None:
    """Remove mails of a kind, sent or not, that pass on words of this address, written then. The caller commits."""
    is_theirs = OutboxMail.headers["Reply-To"].as_string() == _one_line(reply_to)
    is_of_then = OutboxMail.created_at.between(written_at, written_at + PASSED_ON_WITHIN)
    for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.kind == kind, is_of_then, is_theirs)):
        if text in mail.text:
            db.session.delete(mail)


def replace(mail_ids: Collection[int]) -> None:
    """Say that another mail takes over what these, given up, were to say: they are never tried again.

    The caller commits.
    """
    given_up = OutboxMail.id.in_(mail_ids) & OutboxMail.given_up_at.is_not(None)
    db.session.execute(update(OutboxMail).where(given_up).values(replaced_at=clock.now()))


def _one_line(value: str) -> str:
    return NOT_PRINTABLE.sub(" ", value).strip()[:MAX_VALUE_LENGTH]


def _header_name(name: str) -> str:
    if not HEADER.fullmatch(name):
        raise HeaderError(f"{name!r} is not the name of a header.")
    return name


def _domain() -> str:
    """The host of this site, for Message-ID."""
    host = urlsplit(current_app.config["SITE_URL"]).hostname or "localhost"
    return "localhost" if ":" in host else host
