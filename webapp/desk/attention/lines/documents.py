"""Documents: what goes live, what is being written, what nobody looked at for long."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from webapp.desk.attention.lines.line import Line, named
from webapp.desk.attention.waiting import Attention
from webapp.desk.writing.queries import PER_PAGE, Row
from webapp.desk.writing.times import in_words
from webapp.formats import number, plural


def scheduled(of: Attention) -> Line | None:
    if not of.scheduled:
        return None
    id_, title, at = of.scheduled[0]
    after = len(of.scheduled) - 1
    more = f" {plural(after, 'more is', 'more are')} scheduled after it." if after else ""
    sentence = f"{named(title)} goes live on {in_words(at)}.{more}"
    return Line("Scheduled", sentence, url_for("desk.writing.edit", id_=id_), "Look at what goes live")


def ready(of: Attention) -> Line | None:
    drafts = [row for row in of.works if row.is_ready]
    if not drafts:
        return None
    sentence = f"{len(drafts)} drafts are ready to be looked at."
    if len(drafts) == 1:
        sentence = f"{named(drafts[0].title)} is ready to be looked at, says {drafts[0].ready_by}."
    return Line("Ready", sentence, url_for("desk.writing.index", state="ready"), "See what is ready")


def in_the_works(of: Attention) -> Line | None:
    drafts = [row for row in of.works if row.document.scheduled_revision_id is None and not row.is_ready]
    if not drafts:
        return None
    return Line("In the works", f"{_of(drafts)} not published yet.", "#works", "See what is in the works")


def a_year_old(of: Attention) -> Line | None:
    if not of.unseen_count:
        return None
    was = "page was" if of.unseen_count == 1 else "pages were"
    sentence = f"{number(of.unseen_count)} {was} not looked at for a year. Readers see them."
    return Line("A year old", sentence, "#unseen", "See what is a year old")


def _of(drafts: Sequence[Row]) -> str:
    if len(drafts) == 1:
        return f"{named(drafts[0].title)} is"
    return f"{plural(len(drafts), 'document')}{' or more' if len(drafts) >= PER_PAGE else ''} are"
