"""What follows from what the services say of a paper: the notice of withdrawal is put up, or the owner is asked.

Nothing is committed here, and nothing that the owner wrote is lost: a newer draft stays a draft, with the notice in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.database import UNSEEN
from webapp.documents.publishing import Ready, add_revision, make_live
from webapp.documents.schema import JsonContent, SummaryContent, parse_as
from webapp.edition import raise_edition
from webapp.models import Activity, Correction, Document, Revision, ServiceAnswer, Study, WatchedPaper
from webapp.urls import external_url
from webapp.watch import mails, notices, queries
from webapp.watch.answers import SERVICES, Paper, Said, Service, worst

BY = "The watch over papers"
"""Who saves and notes what is done here by itself."""
AGAIN = dt.timedelta(hours=6)
"""After that a paper is asked for again of which a service gave no answer that could be read."""
WITHDRAWN = "The paper was withdrawn (retracted). Do not rely on it."


class Outcome(NamedTuple):
    """What came of one paper."""

    is_put_up: bool = False
    is_asking: bool = False
    """Whether the owner has to look at something new."""


def judge(session: Session, paper: Paper, said: Mapping[Service, Said], now: dt.datetime, owner: str | None) -> Outcome:
    """Note what was said of a paper, and do what follows. Nobody else can write until the caller commits."""
    mine = update(WatchedPaper).where(WatchedPaper.document_id == paper.document_id)
    session.execute(mine.values(held_until=None), execution_options=UNSEEN)  # writes first, so that it reads what is so
    document = session.get(Document, paper.document_id, populate_existing=True)
    watched = session.get(WatchedPaper, paper.document_id, populate_existing=True)
    now_is = session.execute(select(Study.doi, Study.pmid).where(Study.document_id == paper.document_id)).one_or_none()
    if document is None or watched is None or document.live_revision_id is None or now_is != paper[1:]:
        return Outcome()  # it was taken down, or tells of another paper since this moment
    if watched.paper != paper.name:
        _forget(session, watched, paper)
    before = (watched.state, watched.asks)
    _note(session, watched, said, now)
    outcome = _follow(session, document, watched, before[0], now=now, owner=owner)
    if watched.state != before[0] and {watched.state, before[0]} - {"unchecked", "clear"}:
        raise_edition(session)  # rare: readers see what was found
    return outcome._replace(is_asking=bool(watched.asks) and watched.asks != before[1])


def _forget(session: Session, watched: WatchedPaper, paper: Paper) -> None:
    """Nothing is known of this paper: the summary told of another one before."""
    for answer in _answers(session, watched):
        session.delete(answer)
    session.flush()
    watched.paper, watched.state, watched.asks, watched.seen = paper.name, "unchecked", "", None
    watched.checked_at = watched.put_up_at = watched.left_off_at = watched.notice_before = None


def _note(session: Session, watched: WatchedPaper, said: Mapping[Service, Said], now: dt.datetime) -> None:
    """What was said now; of a service that said nothing, what it said last stays."""
    for service, one in said.items():
        answer = session.get(ServiceAnswer, (watched.document_id, service), populate_existing=True)
        if answer is None:
            answer = ServiceAnswer(
                document_id=watched.document_id, service=service, state="unchecked", checked_at=None, notices=[]
            )
            session.add(answer)
        answer.looked_at, answer.problem = now, one.problem
        if not one.problem:
            answer.state, answer.checked_at = one.state, now
            answer.notices = [notices.kept(notice) for notice in one.notices]
    session.flush()
    watched.looked_at = now
    watched.checked_at = max(
        (answer.checked_at for answer in _answers(session, watched) if answer.checked_at), default=None
    )
    watched.state = worst(answer.state for answer in _answers(session, watched))
    is_answered = all(not one.problem or one.is_final for one in said.values())
    watched.due_at = now + (queries.WEEK if is_answered else AGAIN)


def _follow(
    session: Session,
    document: Document,
    watched: WatchedPaper,
    before: str,
    *,
    now: dt.datetime,
    owner: str | None,
) -> Outcome:
    live = session.get_one(Revision, document.live_revision_id)
    is_shown = notices.is_withdrawn(live.content)
    is_withdrawn = watched.state == "retracted"
    if is_withdrawn and not is_shown and watched.put_up_at is None and watched.left_off_at is None:
        put_up(session, document, watched, now, owner)
        return Outcome(is_put_up=True)
    if not is_withdrawn and before == "retracted":
        watched.left_off_at = None
        if is_shown:
            watched.asks = "gone"
            if owner:
                mails.notice_gone(owner, title=live.content["title"], url=external_url("desk.watch.index"))
        else:
            watched.put_up_at = None
    watched.asks = _asks(session, watched, live, is_shown=is_shown)
    return Outcome()


def _asks(session: Session, watched: WatchedPaper, live: Revision, *, is_shown: bool) -> str:
    """What the owner has to look at, as it is now."""
    is_withdrawn = watched.state == "retracted"
    match watched.asks:
        case "gone" if is_shown and not is_withdrawn:
            return "gone"
        case "retracted" if is_shown and is_withdrawn:
            return "retracted"
    if is_withdrawn and not is_shown and watched.left_off_at is None:
        return "missing"
    return "notices" if not is_withdrawn and unseen(session, watched, live) else ""


def unseen(session: Session, watched: WatchedPaper, live: Revision) -> list[str]:
    """Corrections and concerns that the owner has not looked at, and that our page does not tell of."""
    shown = notices.shown_in(live.content)
    if shown.get("kind") == "retraction":
        return []
    found = {
        notices.key_of(one): one
        for one in notices_of(session, watched)
        if one["kind"] != "new version" and not (one["doi"] and one["doi"] == str(shown.get("doi") or "").lower())
    }
    if shown.get("kind") == "correction" and not shown.get("doi"):
        found = {key: one for key, one in found.items() if one["kind"] not in {"correction", "erratum"}}
    return sorted(found.keys() - set(watched.seen or []))


def notices_of(session: Session, watched: WatchedPaper) -> list[notices.Kept]:
    """What all services tell of."""
    return [one for answer in _answers(session, watched) for one in answer.notices]


def put_up(session: Session, document: Document, watched: WatchedPaper, now: dt.datetime, owner: str | None) -> None:
    """The notice of withdrawal, for readers to see at once; the owner is told, who has to look at it."""
    telling = [one for one in _answers(session, watched) if one.state == "retracted"]
    notice = notices.notice_of(one for answer in telling for one in answer.notices)
    live = session.get_one(Revision, document.live_revision_id)
    watched.notice_before = dict(notices.shown_in(live.content)) or None
    was_planned = document.scheduled_revision_id is not None
    revision = change_live_text(session, document, lambda content: notices.with_notice(content, notice), by=BY)
    watched.put_up_at, watched.asks = now, "retracted"
    session.add(
        Correction(
            document_id=document.id, revision_id=revision.id, corrected_at=now, sentence=WITHDRAWN, of_paper=True
        )
    )
    services = " and ".join(SERVICES[answer.service] for answer in telling)  # type: ignore[index]
    what = f"Put up the notice of withdrawal on the summary {document.key}, as {services} told."
    session.add(Activity(at=now, who=BY, what=what))
    if owner:
        mails.paper_withdrawn(
            owner,
            title=revision.content["title"],
            url=external_url("desk.watch.index"),
            services=services,
            answers=[content.title for _, content in queries.answers_resting_on(document)],
            was_planned=was_planned,
        )


def change_live_text(
    session: Session, document: Document, change: Callable[[JsonContent], JsonContent], *, by: str
) -> Revision:
    """Publish the text that readers see, changed, and nothing else.

    A newer draft is changed in the same way and stays the newest draft; what was to go live later is a draft too. The
    rules for new texts are not asked of one that is public already: a notice must not wait for them.
    """
    live, newest = session.get_one(Revision, document.live_revision_id), newest_of(session, document)
    add = partial(add_revision, session, document, by=by, origin="watch")
    number, version = newest.number + 1, live.schema_version
    revision = add(change(live.content), number=number, version=version)
    make_live(session, [Ready(document, revision, parse_as(SummaryContent, revision.content, version))])
    if newest.id != live.id:
        draft = add(change(newest.content), number=number + 1, version=newest.schema_version)
        draft.ready_at, draft.ready_by = newest.ready_at, newest.ready_by
    return revision


def newest_of(session: Session, document: Document) -> Revision:
    rows = select(Revision).where(Revision.document_id == document.id).order_by(Revision.number.desc()).limit(1)
    return session.scalars(rows, execution_options={"populate_existing": True}).one()


def _answers(session: Session, watched: WatchedPaper) -> list[ServiceAnswer]:
    rows = select(ServiceAnswer).where(ServiceAnswer.document_id == watched.document_id)
    return list(session.scalars(rows.order_by(ServiceAnswer.service)))
