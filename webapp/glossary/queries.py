"""Glossary terms, and where they are used."""

from __future__ import annotations

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Summary, Term, TermLink


def every_term() -> list[Term]:
    """The glossary from A to Z."""
    return list(db.session.scalars(select(Term).order_by(func.lower(Term.name))))


def term_at(slug: str) -> Term | None:
    return db.session.scalar(select(Term).where(Term.slug == slug))


def summaries_using(term: Term) -> list[Summary]:
    """Public summaries whose prose uses the term or one of its other names, newest study first."""
    rows = Summary.public().join(TermLink, TermLink.document_id == Summary.document_id)
    ordered = rows.where(TermLink.term_id == term.id).order_by(Summary.paper_date.desc(), Summary.document_id)
    return list(db.session.scalars(ordered))
