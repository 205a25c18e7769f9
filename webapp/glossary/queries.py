"""Glossary terms, and where they are used."""

from __future__ import annotations

from sqlalchemy import String, cast, func, or_, select

from webapp.editorial.sections import FIELDS
from webapp.extensions import db
from webapp.models import Study, Summary, Term


def every_term() -> list[Term]:
    """The glossary from A to Z."""
    return list(db.session.scalars(select(Term).order_by(func.lower(Term.name))))


def term_at(slug: str) -> Term | None:
    return db.session.scalar(select(Term).where(Term.slug == slug))


def summaries_using(term: Term) -> list[Summary]:
    """Public summaries whose prose may hold the term or one of its other names, newest study first."""
    prose = [Summary.description, *(getattr(Summary, field) for field in FIELDS)]
    names = [name for name in term.names if len(name) > 1]
    mentions = [cast(part, String).icontains(name, autoescape=True) for part in prose for name in names]
    return list(db.session.scalars(Summary.public().where(or_(*mentions)).order_by(Study.published.desc(), Summary.id)))
