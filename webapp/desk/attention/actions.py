"""Forgetting what was searched for and not found."""

from __future__ import annotations

from sqlalchemy import delete

from webapp.desk.activity.actions import note
from webapp.extensions import db
from webapp.models import Account, MissedSearch


def forget_missed(account: Account, missed: MissedSearch) -> None:
    """Delete the words and their count. Asked for in vain on as many days again, they come back."""
    db.session.execute(delete(MissedSearch).where(MissedSearch.digest == missed.digest))
    note(account.name, "Forgot a search that found nothing.")
    db.session.commit()


def forget_all_missed(account: Account) -> None:
    """The same of all, those too whose words nobody may read yet."""
    db.session.execute(delete(MissedSearch))
    note(account.name, "Forgot all searches that found nothing.")
    db.session.commit()
