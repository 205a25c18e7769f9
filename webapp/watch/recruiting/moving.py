"""What becomes of the search of a topic that another one takes the place of. Nothing is committed here."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.database import UNSEEN
from webapp.models import Category, HiddenTrial, TrialSearch


def move_search(session: Session, slug: str, leads_to: str | None) -> None:
    """The search follows, where the other topic has none; or none that readers see, and this is one. Else it goes."""
    here = Category.id == TrialSearch.category_id
    old = session.scalar(select(TrialSearch).join(Category, here).where(Category.slug == slug))
    if old is None or leads_to is None:
        return
    into = session.scalar(select(Category.id).where(Category.slug == leads_to))
    there = session.get(TrialSearch, into) if into else None
    if into is not None and (there is None or (old.is_live and not there.is_live)):
        if there is not None:
            session.delete(there)
            session.flush()
        columns = [column.key for column in TrialSearch.__table__.columns if column.key != "category_id"]
        session.add(TrialSearch(category_id=into, **{name: getattr(old, name) for name in columns}))
        session.flush()
        theirs = update(HiddenTrial).where(HiddenTrial.category_id == old.category_id).values(category_id=into)
        session.execute(theirs, execution_options=UNSEEN)
    session.execute(delete(TrialSearch).where(TrialSearch.category_id == old.category_id))
