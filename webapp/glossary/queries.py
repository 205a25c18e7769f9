"""Glossary terms, and where they are used."""

from __future__ import annotations

from sqlalchemy import func, select

from webapp.edition import edition
from webapp.extensions import db
from webapp.glossary.marking import Glossary
from webapp.models import Summary, Term, TermLink


def every_term() -> list[Term]:
    """The glossary from A to Z."""
    return list(db.session.scalars(select(Term).order_by(func.lower(Term.name))))


_kept: tuple[str, Glossary] = ("", Glossary([]))
"""The edition, and its glossary: of this process."""


def current_glossary() -> Glossary:
    """The terms, ready to be found: made once for each edition, not for each page."""
    global _kept  # noqa: PLW0603 (two threads may both make it; the pair is put in its place in one step)
    now = edition()
    if not now or _kept[0] != now:
        terms = every_term()
        for term in terms:
            db.session.expunge(term)  # they outlive this request
        _kept = (now, Glossary(terms))
    return _kept[1]


def term_at(slug: str) -> Term | None:
    return db.session.scalar(select(Term).where(Term.slug == slug))


def summaries_using(term: Term) -> list[Summary]:
    """Public summaries whose prose uses the term or one of its other names, newest study first."""
    rows = Summary.public().join(TermLink, TermLink.document_id == Summary.document_id)
    ordered = rows.where(TermLink.term_id == term.id).order_by(Summary.paper_date.desc(), Summary.document_id)
    return list(db.session.scalars(ordered))
