"""What the owner decides about a new paper, and with which words is searched; it is noted who did."""

from __future__ import annotations

from webapp.desk.activity.actions import note
from webapp.desk.papers.drafting import content_of, facts_of, key_of
from webapp.documents import actions as documents
from webapp.documents.queries import document_named
from webapp.documents.schema import SummaryContent
from webapp.extensions import db
from webapp.models import Account, Document, NewPaper
from webapp.scholarly.client import Client
from webapp.site import site_language
from webapp.watch.papers import actions, deciding, queries
from webapp.watch.papers.designs import strength_of


class WithdrawnError(Exception):
    """A paper turned out to be withdrawn. Nothing was begun; whoever asks again begins all the same."""


def summarise(account: Account, paper: NewPaper, client: Client) -> Document:
    """Begin the summary of a paper, with the facts that are known; or the one that there is. Raises WithdrawnError.

    Pressed twice, also at the same moment, it is one draft: of two the second waits until the first has begun it, and
    finds it. What was cut off between the two commits is found too, by the numbers of the paper, or by its key.
    """
    if paper.document_id and (there := db.session.get(Document, paper.document_id)):
        return there
    id_, record = paper.id, paper.record
    document = _known(paper)
    if document is None:
        study, is_withdrawn = facts_of(paper, client)
        db.session.rollback()  # that took its time: what is written next must not rest on what was read before
        deciding.hold(db.session(), id_)
        if is_withdrawn and not paper.is_retracted:
            _mark_withdrawn(paper)
            raise WithdrawnError
        document = _known(paper) or _begun(account, paper, content_of(account, paper, study))
    if deciding.take_up(db.session(), id_, document.id):
        note(account.name, f"Took up the paper {record} in the summary {document.key}.")
    db.session.commit()
    return document


def decline(account: Account, paper: NewPaper) -> None:
    """It is not for us, whenever and under whichever name it is found again."""
    if deciding.decide(db.session(), paper.id, "waiting", "declined"):
        note(account.name, f"Put the paper {paper.record} aside: not for us.")
    db.session.commit()


def take_back(account: Account, paper: NewPaper) -> None:
    """It waits again."""
    if deciding.decide(db.session(), paper.id, "declined", "waiting"):
        note(account.name, f"Took back that the paper {paper.record} is not for us.")
    db.session.commit()


def change_words(account: Account, words: str) -> bool:
    """Search with these from now on, without any with those of the program. Whether they are others than before."""
    note(account.name, "Changed the words of the search for new papers.")
    return actions.change_words(words)


def _known(paper: NewPaper) -> Document | None:
    """The summary there is of a paper already, public or a draft, by the numbers of the paper."""
    dois, pmids = ([name] if name else [] for name in (paper.doi, paper.pmid))
    known = next(queries.known_papers(dois, pmids), None)
    return db.session.get(Document, known.document_id) if known else None


def _begun(account: Account, paper: NewPaper, content: dict[str, object]) -> Document:
    key = key_of(paper)
    if there := document_named(SummaryContent.kind, key):
        return there
    document = Document(kind=SummaryContent.kind, key=key, language=site_language())
    documents.save_revision(document, content, by=account.name)
    return document


def _mark_withdrawn(paper: NewPaper) -> None:
    paper.is_retracted, paper.strength = True, strength_of(paper.design, is_retracted=True)
    db.session.commit()
