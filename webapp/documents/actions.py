"""Saving a document, publishing it, taking it down: the only ways in which one changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.documents import projection, queries
from webapp.documents.checking import checked
from webapp.documents.drafts import names_unknown
from webapp.documents.moving import ANY_ADDRESS, refuse_move
from webapp.documents.problems import InvalidDocumentError, Problem
from webapp.documents.projection import lock
from webapp.documents.publishing import Origin, Ready, add_revision, make_live, reserve, take_down
from webapp.documents.schema import VERSION, Content, JsonContent
from webapp.documents.sittings import goes_on, is_base_of, rewrite_revision
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.models import Correction, Document, Revision

FOLLOWING_AT_ONCE = 100
"""Documents of which the search is made anew at once after a change of the lists; `flask work` does the others."""


class ConflictError(Exception):
    """Somebody saved the document meanwhile. Both texts are kept: what was to be saved, and the newer revision."""

    def __init__(self, mine: JsonContent, theirs: Revision) -> None:
        who = f"by {theirs.saved_by} at {theirs.saved_at:%Y-%m-%d %H:%M} UTC"
        super().__init__(f"This was changed meanwhile, {who}. Nothing of yours is lost: look at both, and save again.")
        self.mine, self.theirs = mine, theirs


class NotPublishedError(Exception):
    """Something was asked of a document that readers cannot see."""

    def __init__(self, document: Document) -> None:
        super().__init__(f"{document.key} is not public.")


class NotDueError(Exception):
    """What was to be published at its time could not be."""


def save_revision(
    document: Document,
    content: JsonContent,
    *,
    by: str,
    origin: Origin = "desk",
    base: int | None = None,
    base_digest: str | None = None,
    version: int = VERSION,
    editing_session: str | None = None,
) -> Revision:
    """Save a draft as it was typed; half-written is fine. What readers see does not change.

    `base`: the number of the revision it was written on, None for a new document; `base_digest`: its digest then, since
    the sitting it is of may have gone on. Raises ConflictError when there is a newer one. Saving what is there already
    adds nothing.
    `editing_session`: names one sitting of one writer. Its saves are one revision, the newest text of it, until
    somebody else saves, or it is published or scheduled.
    """
    newest = _newest_locked(document)
    sitting = (by, editing_session)
    if newest is not None:
        if not is_base_of(newest, sitting, base, base_digest):
            db.session.rollback()
            raise ConflictError(content, newest)
        if newest.content == content and newest.schema_version == version:
            db.session.commit()
            return newest
        if goes_on(document, newest, sitting):
            rewrite_revision(_session(), newest, content, version)
            db.session.commit()
            return newest
    number = (newest.number if newest else 0) + 1
    return _added(document, content, number, by, origin=origin, version=version, editing_session=editing_session)


def _added(document: Document, content: JsonContent, number: int, by: str, **words: Any) -> Revision:
    """A new revision, saved. Raises ConflictError when another process took its number at this very moment."""
    name = (document.kind, document.key, document.language)
    try:
        revision = add_revision(_session(), document, content, number=number, by=by, **words)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        other = queries.document_named(*name)
        theirs = queries.newest_revision(other) if other else None
        if theirs is None:
            raise
        raise ConflictError(content, theirs) from None
    return revision


def _newest_locked(document: Document) -> Revision | None:
    """The draft as it is now; nobody else saves until this session commits."""
    if document.id is not None:
        lock(_session(), [document])
    newest = queries.newest_revision(document)
    if newest is not None:
        db.session.refresh(newest)
    return newest


def publish(document: Document, revision: Revision, *, agreed: str | None = ANY_ADDRESS, by: str | None = None) -> None:
    """Let readers see a revision. Raises InvalidDocumentError when it is not complete and valid.

    A schedule for this text or an older one is over with it; one for a newer text stays.
    `agreed`: the slug to which its page may move. Raises MoveError when it would move elsewhere.
    `by`: who lets readers see it for the first time, when its day is to be this one (`_dated`).
    """
    with _whole_or_not():
        _make_live(document, revision, agreed, by)


def schedule(
    document: Document,
    revision: Revision,
    at: dt.datetime,
    *,
    agreed: str | None = ANY_ADDRESS,
    by: str | None = None,
) -> None:
    """Have a revision published at a time (`publish_due` does it). Raises InvalidDocumentError and MoveError, as
    `publish` does.
    """
    with _whole_or_not():
        content = _checked(document, revision)
        refuse_move(document, content, agreed)
        revision, content = _dated(document, revision, content, at.date(), by)
        reserve(_session(), document, revision, content, at)


def unschedule(document: Document) -> None:
    """Forget what was to be published later."""
    document.scheduled_revision_id = document.go_live_at = None
    db.session.commit()


def publish_due() -> int:
    """Publish what is due, each in a commit of its own; how many those were.

    Raises NotDueError, when all others are done, with the reasons for those that cannot be published as they are.
    """
    published, failed = 0, []
    for document_id in queries.due_ids(clock.now()):
        try:
            published += _publish_if_due(document_id)
        except InvalidDocumentError as error:
            document = db.session.get_one(Document, document_id)
            failed.append(f"{document.kind} {document.key}: {error}")
    if failed:
        raise NotDueError("\n".join(failed))
    return published


def _publish_if_due(document_id: int) -> bool:
    """Publish what is scheduled of a document, unless the owner or another process was here first."""
    with _whole_or_not():
        document = db.session.get_one(Document, document_id)
        lock(_session(), [document])
        if document.scheduled_revision_id is None or document.go_live_at is None or document.go_live_at > clock.now():
            return False
        _make_live(document, db.session.get_one(Revision, document.scheduled_revision_id))
    return True


def unpublish(document: Document, sentence: str) -> None:
    """Take a document down. Its address answers 410 with the sentence. Raises NotPublishedError."""
    with _whole_or_not():
        if document.live_revision_id is None:
            raise NotPublishedError(document)
        take_down(_session(), document, sentence)


def restore_revision(document: Document, revision: Revision, *, by: str, base: int | None) -> Revision:
    """Make the text of an old revision the newest draft. Raises ConflictError, as `save_revision` does."""
    return save_revision(
        document, revision.content, by=by, origin="restore", base=base, version=revision.schema_version
    )


def correct(document: Document, revision: Revision, sentence: str, *, agreed: str | None = ANY_ADDRESS) -> Correction:
    """Publish a revision that puts a mistake of ours right, and say so to readers; once, however often it is asked for.

    Raises NotPublishedError when nobody can have seen the mistake, InvalidDocumentError and MoveError as `publish`.
    """
    with _whole_or_not():
        if document.live_revision_id is None:
            raise NotPublishedError(document)
        lock(_session(), [document])
        if told := queries.correction_told(revision, sentence):
            db.session.rollback()
            return told
        _make_live(document, revision, agreed)
        correction = Correction(
            document_id=document.id, revision_id=revision.id, corrected_at=clock.now(), sentence=sentence
        )
        db.session.add(correction)
    return correction


def project_stale(most: int | None = None) -> int:
    """Make anew what lists, search and counts know of documents that are marked for it; how many those were.

    Some at a time, each time in a commit of its own: stopped at any moment, or after about `most`, the next run goes
    on.
    """
    return projection.write_stale(_session(), _commit_batch, most)


def rebuild() -> int:
    """Make everything anew that lists, search and counts know, from the live revisions; how many documents."""
    return projection.rebuild(_session(), _commit_batch)


def _commit_batch() -> None:
    raise_edition(_session())
    db.session.commit()


@contextmanager
def _whole_or_not() -> Iterator[None]:
    """One commit, or nothing: whatever goes wrong, the session is good for the next thing.

    An address that another process took at this very moment is told like any other that is taken.
    """
    try:
        yield
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        problem = Problem(("slug",), "was taken by another document at this very moment", "Look at both, and try again")
        raise InvalidDocumentError([problem]) from error
    except BaseException:
        db.session.rollback()
        raise


def _make_live(document: Document, revision: Revision, agreed: str | None = ANY_ADDRESS, by: str | None = None) -> None:
    content = _checked(document, revision)
    refuse_move(document, content, agreed)
    revision, content = _dated(document, revision, content, clock.today(), by)
    make_live(_session(), [Ready(document, revision, content)])


def _dated(
    document: Document, revision: Revision, content: Content, day: dt.date, by: str | None
) -> tuple[Revision, Content]:
    """A text with the day on which readers first see it, as a revision of its own.

    Its day was that on which it was begun: letters would take it for old, and lists would put it far down. What comes
    from a file has the day that is written there, and what readers have seen keeps its day.
    """
    if by is None or document.first_published_at is not None or content.date == day:
        return revision, content
    newest = queries.newest_revision(document)
    number = (newest or revision).number + 1
    words = revision.content | {"date": day.isoformat()}
    dated = add_revision(
        _session(), document, words, number=number, by=by, origin="desk", version=revision.schema_version
    )
    return dated, content.model_copy(update={"date": day})


def _checked(document: Document, revision: Revision) -> Content:
    """The content of a revision, fit to publish. A sitting that goes on writes on no revision from here on."""
    lock(_session(), [document])
    db.session.refresh(revision)
    content = checked(document.kind, revision.content, revision.schema_version)
    if problems := names_unknown(document, content):
        raise InvalidDocumentError(problems)
    return content


def _session() -> Session:
    return db.session()
