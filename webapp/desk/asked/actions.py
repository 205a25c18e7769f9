"""What the owner does about papers that readers asked for; it is noted who did it. The log names no reader."""

from __future__ import annotations

from sqlalchemy import delete, update

from webapp import clock
from webapp.ask.queries import Asked
from webapp.database import UNSEEN
from webapp.desk.activity.actions import note
from webapp.extensions import db
from webapp.models import Account, AskedPaper

WORDS = {"": "took back the answer", "planned": "planned", "no": "no"}


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
