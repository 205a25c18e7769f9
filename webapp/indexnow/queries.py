"""What has changed since search engines were told: each document says so itself, in the commit of its change."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Document, Edition
from webapp.urls import external_url

AT_ONCE = 1000
"""Pages in one message; a few more where many changed at the same moment."""
_PAGES = {"summary": "research.show", "topic": "categories.show", "page": "pages.show"}
"""Where the documents of each kind stand."""


def last_change() -> dt.datetime | None:
    """When readers last got to see something new."""
    return db.session.scalar(select(Edition.changed_at))


def changed_pages(after: dt.datetime, until: dt.datetime) -> tuple[list[str], dt.datetime]:
    """The URLs of what was published or taken down in a time, the oldest changes first, and up to when that is all."""
    changed = Document.changed_at()
    in_time = changed > after, changed <= until
    moments = select(changed.label("at")).where(*in_time).order_by(changed).limit(AT_ONCE).subquery()
    count, last = db.session.execute(select(func.count(), func.max(moments.c.at))).one()
    end = last if count == AT_ONCE else until
    rows = select(Document.kind, Document.slug).where(changed > after, changed <= end, Document.slug.is_not(None))
    found = db.session.execute(rows.order_by(changed, Document.id))
    urls = [external_url(_PAGES[kind], slug=str(slug)) for kind, slug in found]
    return list(dict.fromkeys(urls)), end
