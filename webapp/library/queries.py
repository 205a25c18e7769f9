"""What the library already holds."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from webapp.extensions import db
from webapp.models import Category, CategoryLink, Summary, Term


def every_summary() -> list[Summary]:
    """All summaries, drafts too, whole: with study and categories."""
    rows = (
        select(Summary)
        .order_by(Summary.key)
        .options(joinedload(Summary.study), selectinload(Summary.category_links).joinedload(CategoryLink.category))
    )
    return list(db.session.scalars(rows))


def every_category() -> list[Category]:
    """All categories in their order."""
    return list(db.session.scalars(select(Category).order_by(Category.position)))


def every_term() -> list[Term]:
    """The glossary from A to Z."""
    return list(db.session.scalars(select(Term).order_by(Term.name)))


def is_empty() -> bool:
    """Whether nothing was ever loaded or written here."""
    return all(db.session.scalar(select(model.id).limit(1)) is None for model in (Category, Summary, Term))
