"""What the owner decides about the search for trials of a topic; it is noted who did."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.database import UNSEEN
from webapp.desk.activity.actions import called, note
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.models import Account, Category, HiddenTrial, TrialSearch
from webapp.scholarly.trial_search import FoundTrials
from webapp.watch.recruiting.answers import take_over
from webapp.watch.recruiting.proposals import Words


class NotATopicError(Exception):
    """The topic was merged or deleted at this very moment. Nothing was done."""


def save_words(account: Account, category: Category, words: Words) -> None:
    """Keep words. What readers see stays as it is until they are approved. Raises NotATopicError."""
    session = _alone(account, category)
    before = session.get(TrialSearch, category.id, populate_existing=True)
    if before is None or (before.condition, before.words) != words:
        search = _search_of(session, category.id, words)
        search.condition, search.words = words
        note(account.name, f"Saved the words that trials on {called(category.name)} are searched for with.")
    session.commit()


def approve(account: Account, category: Category, words: Words, found: FoundTrials, left_out: Collection[str]) -> None:
    """Readers see from now on what is found with these words. `left_out`: those found that do not belong there.

    Raises NotATopicError.
    """
    session = _alone(account, category)
    search = _search_of(session, category.id, words)
    search.live_condition, search.live_words = words
    shown = [trial.number for trial in found.trials]
    here = (HiddenTrial.category_id == category.id, HiddenTrial.number.in_(shown))
    session.execute(delete(HiddenTrial).where(*here), execution_options=UNSEEN)
    session.add_all(
        HiddenTrial(category_id=category.id, number=trial.number, title=trial.title)
        for trial in found.trials
        if trial.number in left_out
    )
    take_over(search, found, clock.now())
    note(account.name, f"Approved the search for trials on {called(category.name)}.")
    raise_edition(session)
    session.commit()


def stop(account: Account, category: Category) -> None:
    """Readers see nothing of the search any more. Its words are kept, and what does not belong there.

    Raises NotATopicError.
    """
    session = _alone(account, category)
    search = session.get(TrialSearch, category.id, populate_existing=True)
    if search and search.is_live:
        search.live_condition = search.live_words = search.total = None
        search.answered_at = search.looked_at = search.due_at = None
        search.trials, search.problem, search.is_shown_as_late = [], "", False
        note(account.name, f"Stopped the search for trials on {called(category.name)}.")
        raise_edition(session)
    session.commit()


def leave_out(account: Account, category: Category, number: str) -> None:
    """Keep a trial off a topic, also when the registry lists it again. Raises NotATopicError."""
    session = _alone(account, category)
    search = session.get(TrialSearch, category.id, populate_existing=True)
    title = next((one["title"] for one in search.trials if one["number"] == number), "") if search else ""
    if title and session.get(HiddenTrial, (category.id, number), populate_existing=True) is None:
        session.add(HiddenTrial(category_id=category.id, number=number, title=title))
        note(account.name, f"Left the trial {number} out of {called(category.name)}.")
        raise_edition(session)
    session.commit()


def put_back(account: Account, category: Category, number: str) -> None:
    """A trial belongs there after all. Raises NotATopicError."""
    session = _alone(account, category)
    if hidden := session.get(HiddenTrial, (category.id, number), populate_existing=True):
        session.delete(hidden)
        note(account.name, f"Put the trial {number} back into {called(category.name)}.")
        raise_edition(session)
    session.commit()


def _alone(account: Account, category: Category) -> Session:
    """A session in which nobody else writes until it commits, and all that is looked at is as it is now."""
    session, id_ = db.session(), category.id
    session.rollback()
    mine = update(Category).where(Category.id == id_, Category.leads_to.is_(None)).values(position=Category.position)
    if session.scalar(mine.returning(Category.id), execution_options=UNSEEN) is None:
        session.rollback()
        raise NotATopicError
    session.refresh(account)
    session.refresh(category)
    return session


def _search_of(session: Session, category_id: int, words: Words) -> TrialSearch:
    search = session.get(TrialSearch, category_id, populate_existing=True)
    if search is None:
        condition, more = words
        search = TrialSearch(
            category_id=category_id, condition=condition, words=more, trials=[], problem="", is_shown_as_late=False
        )
        session.add(search)
        session.flush()
    return search
