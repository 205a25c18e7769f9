"""What the owner does with categories. The texts of documents go on naming what they named: a category that was made
one with another leads on to it, for everything that reads those texts.
"""

from __future__ import annotations

from collections.abc import Sequence

from webapp.desk.activity.actions import called, note
from webapp.desk.categories import queries
from webapp.desk.meanwhile import alone
from webapp.documents.actions import FOLLOWING_AT_ONCE, project_stale
from webapp.documents.projection import in_category, mark_stale, move_category
from webapp.documents.schema import slug_of_title
from webapp.documents.topics import move_answers
from webapp.extensions import db
from webapp.library.list_rows import move_topic, put_in_order
from webapp.models import Account, Category
from webapp.models.category import EVERYTHING
from webapp.watch.recruiting.moving import move_search


class CategoryError(Exception):
    """Something that cannot be done with a category. The text is the sentence for who wanted it."""


class InUseError(CategoryError):
    """A category that is in use is not deleted."""


def add(account: Account, *, name: str, description: str, group: str) -> Category:
    """A new category, the last of its group. Its address is made of its name, for good. Raises CategoryError."""
    with alone():
        _refuse_twin(name)
        slug = slug_of_title(name)
        if slug == EVERYTHING or not any(letter.isalnum() for letter in name):
            raise CategoryError("Please choose another name: its address is made of its letters.")
        if taken := queries.category_at(slug):
            other = f", which leads to another category, “{taken.leads_to}”" if taken.leads_to else ""
            raise CategoryError(
                f"The address of this name is that of “{taken.name}”{other}. Please choose another name."
            )
        category = Category(slug=slug, name=name, description=description, group=group, position=0)
        _stand(category, queries.listed())
        db.session.add(category)
        _done(account, f"Added the category {called(name)}.")
        return category


def change(account: Account, category: Category, *, name: str, description: str, group: str) -> None:
    """Other words, or another group, of which it is the last then. Its address stays. Raises CategoryError."""
    with alone(category):
        _refuse_twin(name, category)
        if name != category.name:
            mark_stale(db.session(), among=in_category(category.id))  # its name is a word of their search
        if group != category.group:
            category.group = group
            _stand(category, queries.listed())
        category.name, category.description = name, description
        _done(account, f"Changed the category {called(name)}.")


def move(account: Account, category: Category, by: int) -> None:
    """One place up (-1) or down (1) in its group; at an end it stays."""
    with alone(category):
        listed = queries.listed()
        group = [one for one in listed if one.group == category.group]
        place = group.index(category) + by
        if not 0 <= place < len(group):
            db.session.rollback()
            return
        there = listed.index(group[place])
        listed.remove(category)
        listed.insert(there, category)
        put_in_order(listed)
        _done(account, f"Moved the category {called(category.name)} {'up' if by < 0 else 'down'}.")


def merge(account: Account, category: Category, into: Category) -> None:
    """Let another category take the place of one, for documents, answers, letters and addresses."""
    with alone(category, into):
        if category is into:
            raise CategoryError("Please choose two different categories.")
        for name in [category, *queries.leading_to(category)]:
            name.leads_to = into.slug
        db.session.flush()
        move_topic(category.slug, into.slug)
        move_search(db.session(), category.slug, into.slug)
        move_category(db.session(), category.id, into.id)
        move_answers(db.session())
        _done(account, f"Made the category {called(category.name)} a part of {called(into.name)}.")


def delete(account: Account, category: Category) -> None:
    """Delete a category that nothing uses, with the names that lead to it. Raises InUseError."""
    with alone(category, may_lead_on=True):
        uses = queries.uses_of(category)
        if uses.is_used:
            raise InUseError("It is in use, and was not deleted.")
        for one in [category, *uses.names]:
            db.session.delete(one)
        _done(account, f"Deleted the category {called(category.name)}.")


def _refuse_twin(name: str, own: Category | None = None) -> None:
    other = queries.category_called(name)
    if other is not None and other is not own:
        raise CategoryError(f"There is a category called “{other.name}” already. Please choose another name.")


def _stand(category: Category, listed: Sequence[Category]) -> None:
    """Put it behind the last one of its group; a new group stands behind the others."""
    others = [one for one in listed if one is not category]
    ends = [place for place, one in enumerate(others, 1) if one.group == category.group]
    others.insert(ends[-1] if ends else len(others), category)
    put_in_order(others)


def _done(account: Account, what: str) -> None:
    """One commit, which readers see."""
    note(account.name, what)
    db.session.commit()
    project_stale(FOLLOWING_AT_ONCE)
