"""A paper that a reader asks for, as the services know it; and how it goes from page to page, unchanged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.editorial.dates import PartialDate
from webapp.forms import MAX_OPEN_SECONDS
from webapp.secret_key import keys_for_signing


class UnknownPaperError(Exception):
    """The services answered, and none knows such a paper. The text is the sentence for who asked."""


class NoAnswerError(Exception):
    """No service could be asked, or one that may know the paper did not answer: nothing is known of it."""


@dataclass(frozen=True)
class Found:
    """A paper as the services know it. A title that is empty was not told: only the DOI is known."""

    doi: str
    title: str = ""
    journal: str = ""
    published: PartialDate | None = None
    withdrawn_by: str = ""
    """The services that say that it was withdrawn, in words."""
    notice_url: str = ""


def signed(found: Found) -> str:
    """What was found, as it stands in an address and comes back with a button: nothing of it can be changed there."""
    facts = [found.doi, found.title, found.journal, str(found.published or ""), found.withdrawn_by, found.notice_url]
    return str(_signer().dumps(facts))


def found_in(text: str | None) -> tuple[Found, dt.date] | None:
    """The same, read, with the day on which it was found; None for what we did not sign, or a week ago."""
    try:
        facts, found_at = _signer().loads(text or "", max_age=MAX_OPEN_SECONDS, return_timestamp=True)
    except BadSignature:
        return None
    doi, title, journal, published, *withdrawn = facts
    return Found(doi, title, journal, PartialDate.parse(published) if published else None, *withdrawn), found_at.date()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys_for_signing(), salt="paper that was found")
