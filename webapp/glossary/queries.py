"""Glossary terms, and where they are used."""

from __future__ import annotations

from sqlalchemy import exists, func, select

from webapp.edition import edition
from webapp.extensions import db
from webapp.glossary.marking import Glossary
from webapp.models import Summary, Term, TermLink
from webapp.models.summary import ordered_by

MANY = 200
"""Uses of a term from which they are not sorted, but found by going through the newest summaries."""


def every_term() -> list[Term]:
    """The glossary from A to Z."""
    return list(db.session.scalars(Term.listed()))


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


def uses_count(term: Term) -> int:
    """How many public summaries use a term."""
    return db.session.scalar(select(func.count()).where(TermLink.term_id == term.id)) or 0


def summaries_using(term: Term, limit: int, count: int) -> list[Summary]:
    """The newest public summaries whose prose uses the term or one of its other names; `count`: how many there are.

    Of a few all are sorted; where there are many, the newest of all are gone through until enough were found.
    """
    if count <= MANY:
        rows = Summary.public().where(
            Summary.document_id.in_(select(TermLink.document_id).where(TermLink.term_id == term.id))
        )
    else:
        uses = exists().where(TermLink.document_id == Summary.document_id, TermLink.term_id == term.id)
        rows = Summary.public().where(uses)
    return list(db.session.scalars(rows.order_by(*ordered_by("newest")).limit(limit)))
