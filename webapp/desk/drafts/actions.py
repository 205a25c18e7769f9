"""One paper has one summary, from whichever list of the desk it is begun, however often, and by two at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from webapp import clock
from webapp.ask.queries import HAS_DOI
from webapp.database import UNSEEN
from webapp.desk.activity.actions import note
from webapp.desk.drafts.facts import Paper, content_of, facts_of, key_of
from webapp.desk.drafts.queries import Names, guessed_design, is_withdrawn, names_of, summary_of
from webapp.documents import actions
from webapp.documents.schema import SummaryContent
from webapp.extensions import db
from webapp.models import Account, AskedPaper, Document, NewPaper
from webapp.scholarly.client import Client
from webapp.site import site_language
from webapp.watch.papers.designs import strength_of


class WithdrawnError(Exception):
    """The paper was withdrawn, and who asked did not know it. Nothing was begun."""


def summarise(account: Account, paper: Paper, client: Client, *, although_withdrawn: bool = False) -> Document:
    """The summary of a paper: the one there is, or a draft that is begun with the facts that are known.

    What readers asked for is planned from then on, and what is new counts as drafted, in the same commit. Of two
    presses at the same moment the second waits until the first is done, and finds what it began. Raises WithdrawnError.
    """
    by, study, was_withdrawn = account.name, dict[str, Any](), False
    if summary_of(names_of(paper, study)) is None:
        study, was_withdrawn = facts_of(paper, client)
    db.session.rollback()  # that took its time: what is written next must not rest on what was read before
    names = names_of(paper, study)
    _hold(names)
    document = summary_of(names)
    if document is None:
        if not although_withdrawn and (was_withdrawn or is_withdrawn(names)):
            _mark_withdrawn(names)
            raise WithdrawnError
        return _begun(paper, study, names, by)
    if _mark_taken_up(names, document):
        note(by, f"Took up the paper {paper.name} in the summary {document.key}.")
    db.session.commit()
    return document


def _begun(paper: Paper, study: dict[str, Any], names: Names, by: str) -> Document:
    if guess := guessed_design(names):
        study = {"design": guess} | study
    document = Document(kind=SummaryContent.kind, key=key_of(paper, study), language=site_language())
    db.session.add(document)
    db.session.flush()
    _mark_taken_up(names, document)
    note(by, f"Began the summary {document.key} of the paper {paper.name}.")
    actions.save_revision(document, content_of(paper, study, by=by), by=by)
    return document


def _hold(names: Names) -> None:
    """Nobody else takes up this paper until the session commits."""
    db.session.execute(update(NewPaper).where(names.new).values(id=NewPaper.id), execution_options=UNSEEN)
    db.session.execute(update(AskedPaper).where(names.asked).values(id=AskedPaper.id), execution_options=UNSEEN)


def _mark_taken_up(names: Names, document: Document) -> bool:
    """Both lists say that there is a summary; whether that is news to one of them."""
    new = update(NewPaper).where(names.new, NewPaper.document_id.is_(None))
    new = new.values(state="drafted", document_id=document.id)
    is_news = bool(db.session.scalars(new.returning(NewPaper.id), execution_options=UNSEEN).all())
    # A public one with the DOI answers readers by itself.
    asked = update(AskedPaper).where(names.asked, ~HAS_DOI, AskedPaper.summary_key.is_distinct_from(document.key))
    answer = "planned" if document.live_revision_id is None else ""
    asked = asked.values(summary_key=document.key, answer=answer, sentence="", answered_at=clock.now())
    return bool(db.session.scalars(asked.returning(AskedPaper.id), execution_options=UNSEEN).all()) or is_news


def _mark_withdrawn(names: Names) -> None:
    """New papers show it now. What readers asked for is looked at next: they are told which service says so."""
    new = update(NewPaper).where(names.new).values(is_retracted=True, strength=strength_of("", is_retracted=True))
    db.session.execute(new, execution_options=UNSEEN)
    asked = update(AskedPaper).where(names.asked, AskedPaper.withdrawn_at.is_(None)).values(due_at=clock.now())
    db.session.execute(asked, execution_options=UNSEEN)
    db.session.commit()
