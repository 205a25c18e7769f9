"""The glossary as the owner sees it, and where readers meet a term."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select, union

from webapp.desk.writing.queries import Row, documents_among
from webapp.documents.schema import PageContent, TopicContent, parse_as
from webapp.extensions import db
from webapp.glossary.marking import Glossary
from webapp.glossary.queries import every_term
from webapp.models import Document, Revision, Term, TermLink


@dataclass(frozen=True)
class Uses:
    """The documents in which readers meet a term."""

    documents: list[Row]
    """The last saved of them; `count` is the number of all."""
    count: int
    names: list[Term]
    """Names that lead to it."""


def term_by_id(id_: int) -> Term | None:
    return db.session.get(Term, id_)


def term_at(slug: str) -> Term | None:
    return db.session.scalar(select(Term).where(Term.slug == slug))


def leading_to(term: Term) -> list[Term]:
    return list(db.session.scalars(select(Term).where(Term.leads_to == term.slug).order_by(Term.name)))


def counts_of_uses() -> dict[int, int]:
    """How many public summaries use each term, by its number."""
    rows = select(TermLink.term_id, func.count().label("uses")).group_by(TermLink.term_id)
    return {row.term_id: row.uses for row in db.session.execute(rows)}


def uses_of(term: Term) -> Uses:
    """In five statements, however large the library is: of summaries it is known, answers and pages are few."""
    others = list(_answers_and_pages_with(term))
    ids = select(TermLink.document_id).where(TermLink.term_id == term.id)
    if others:
        ids = select(union(ids, select(Document.id).where(Document.id.in_(others))).subquery().c[0])
    count = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    return Uses(documents_among(ids) if count else [], count, leading_to(term))


def _answers_and_pages_with(term: Term) -> Iterator[int]:
    """Numbers of the answers that use a term, and of the pages that lead to it."""
    live = select(Document, Revision).join(Revision, Revision.id == Document.live_revision_id)
    glossary = Glossary(every_term())
    link = re.compile(rf"/glossary/{term.slug}(?![\w-])")
    for document, revision in db.session.execute(live.where(Document.kind.in_([TopicContent.kind, PageContent.kind]))):
        if document.kind == PageContent.kind:
            is_used = link.search(str(revision.content.get("text", ""))) is not None
        else:
            answer = parse_as(TopicContent, revision.content, revision.schema_version)
            is_used = term.id in glossary.used_in(answer.prose().values())
        if is_used:
            yield document.id
