"""What the owner does about papers that readers asked for; it is noted who did it. The log names no reader."""

from __future__ import annotations

from slugify import slugify
from sqlalchemy import delete, update

from webapp import clock
from webapp.ask.queries import Asked
from webapp.desk.activity.actions import note
from webapp.desk.writing.lookup import look_up
from webapp.documents import actions
from webapp.documents.queries import document_named
from webapp.documents.schema import JsonContent
from webapp.extensions import db
from webapp.models import Account, AskedPaper, Document
from webapp.scholarly.client import Client
from webapp.site import site_language

WORDS = {"": "took back the answer", "planned": "planned", "no": "no"}
UNSEEN = {"synchronize_session": False}


def answer(account: Account, asked: Asked, *, answer: str, sentence: str, key: str | None) -> None:
    """Readers see it from now on. `key`: of a summary that tells of the paper.

    A draft that was begun stays the draft of this paper, unless the answer is no.
    """
    paper, now = asked.paper, clock.now()
    is_draft = asked.summary is None or asked.summary.key != paper.summary_key
    kept = paper.summary_key if is_draft and answer != "no" else None
    words = "done" if key else WORDS[answer]
    note(account.name, f"Answered readers who asked for the paper {paper.doi}: {words}.")
    values = {"answer": answer, "sentence": sentence, "summary_key": key or kept}
    changed = update(AskedPaper).where(AskedPaper.id == paper.id)
    db.session.execute(changed.values(**values, answered_at=now if answer or key else None), execution_options=UNSEEN)
    db.session.commit()


def delete_paper(account: Account, asked: Asked) -> None:
    """For good, with the wishes of those who want it."""
    note(account.name, f"Deleted the paper {asked.paper.doi} that readers asked for.")
    db.session.execute(delete(AskedPaper).where(AskedPaper.id == asked.paper.id), execution_options=UNSEEN)
    db.session.commit()


def summarise(account: Account, asked: Asked, client: Client) -> Document | None:
    """Begin a summary of the paper, with the facts that the services tell, and say that it is planned.

    Where one was begun already it is that one, however often or at once it is pressed. None where the row is gone.
    """
    paper, by = asked.paper, account.name
    id_, doi, before = paper.id, paper.doi, paper.summary_key
    if begun := _draft(before):
        return begun
    content = _content(paper, by)
    db.session.rollback()  # nothing is held while the services are asked
    content = look_up(content, client).content
    key = _free_key(content["title"], id_)
    db.session.rollback()
    mine = update(AskedPaper).where(AskedPaper.id == id_, AskedPaper.summary_key.is_not_distinct_from(before))
    mine = mine.values(summary_key=key, answer="planned", sentence="", answered_at=clock.now())
    if db.session.scalar(mine.returning(AskedPaper.id), execution_options=UNSEEN) is None:
        db.session.rollback()
        return _draft(db.session.scalar(db.select(AskedPaper.summary_key).where(AskedPaper.id == id_)))
    document = Document(kind="summary", key=key, language=site_language())
    note(by, f"Began the summary {key} of the paper {doi} that readers asked for.")
    actions.save_revision(document, content, by=by)
    return document


def _draft(key: str | None) -> Document | None:
    return document_named("summary", key) if key else None


def _content(paper: AskedPaper, by: str) -> JsonContent:
    """What is known of it without asking anybody."""
    today = clock.today().isoformat()
    told = {"title": paper.title, "journal": paper.journal, "published": str(paper.published or "")}
    study = {"doi": paper.doi, **{name: value for name, value in told.items() if value}}
    title = paper.title or paper.doi
    return {"title": title, "date": today, "lastmod": today, "author": by, "study": study}


def _free_key(title: str, id_: int) -> str:
    """The permanent name, made of the title; with the number of the paper where another summary has it."""
    key = slugify(title, max_length=60, word_boundary=True) or f"paper-{id_}"
    return f"{key}-asked-{id_}"[-70:].lstrip("-") if document_named("summary", key) else key
