"""The two lists beside the documents as rows: categories and glossary terms. Nothing is committed here."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from webapp.documents.schema import slug_of_title
from webapp.extensions import db
from webapp.library import queries
from webapp.library.lists import GroupSchema, TermSchema
from webapp.models import Category, Subscriber, Term
from webapp.models.category import EVERYTHING


def load_categories(groups: list[GroupSchema]) -> int:
    """Add and change categories; those not listed stay. Returns how many changed."""
    existing = {category.slug: category for category in queries.every_category()}
    changed, position = 0, 0
    for group in groups:
        for listed in group.categories:
            position += 1
            category = existing.get(listed.slug) or Category(slug=listed.slug)
            values = {
                "name": listed.name,
                "description": listed.description,
                "group": group.name,
                "position": position,
                "leads_to": listed.leads_to,
            }
            changed += _update(category, values)
            db.session.add(category)
            if listed.leads_to:
                _move_topic(listed.slug, listed.leads_to)
    db.session.flush()
    return changed


def _move_topic(slug: str, leads_to: str) -> None:
    """Who asked for letters on a topic gets them on the one that has taken its place; no topic means all of them."""
    for subscriber in db.session.scalars(select(Subscriber)):
        if slug in subscriber.topics:
            kept = [leads_to if topic == slug else topic for topic in subscriber.topics]
            subscriber.topics = [] if leads_to == EVERYTHING else list(dict.fromkeys(kept))


def load_terms(terms: list[TermSchema]) -> int:
    """Add and change glossary terms; those not listed stay. Returns how many changed."""
    existing = {term.slug: term for term in queries.every_term()}
    changed = 0
    for listed in terms:
        slug = slug_of_title(listed.term)
        term = existing.get(slug) or Term(slug=slug)
        values = {
            "name": listed.term,
            "also": listed.also,
            "definition": listed.definition,
            "source": listed.source,
            "is_checked": listed.checked,
        }
        changed += _update(term, values)
        db.session.add(term)
    db.session.flush()
    return changed


def _update(row: Category | Term, values: Mapping[str, object]) -> bool:
    """Set what differs, and say whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(row, name, None) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
