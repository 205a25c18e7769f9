"""Papers of which something became, without anybody being asked."""

from __future__ import annotations

from webapp import clock
from webapp.documents.queries import document_named
from webapp.extensions import db
from webapp.models import Study, WatchedPaper
from webapp.scholarly.updates import Update, UpdateKind
from webapp.watch.answers import Paper, Said, told
from webapp.watch.judging import judge

SILENT = Said("unchecked", problem="did not answer.")


def hear(key: str, *kinds: UpdateKind, europepmc: Said | None = None, owner: str | None = None) -> int:
    """Crossref tells of such notices about the paper of a summary; the number of its document.

    `europepmc`: what that says; without it, that there is nothing.
    """
    document = document_named("summary", key)
    assert document
    doi, pmid = db.session.execute(db.select(Study.doi, Study.pmid).where(Study.document_id == document.id)).one()
    notices = tuple(Update(kind, kind.capitalize(), f"10.5555/{kind.replace(' ', '-')}") for kind in kinds)
    _watch(document.id)
    judge(
        db.session(),
        Paper(document.id, doi, pmid),
        {"crossref": told(notices), "europepmc": europepmc or told(())},
        clock.now(),
        owner,
    )
    db.session.commit()
    return document.id


def _watch(document_id: int) -> None:
    if db.session.get(WatchedPaper, document_id) is None:
        db.session.add(WatchedPaper(document_id=document_id, paper="", state="unchecked", asks=""))
        db.session.commit()
