"""What the owner decides about a new paper, and with which words is searched; it is noted who did."""

from __future__ import annotations

from webapp.desk.activity.actions import note
from webapp.extensions import db
from webapp.models import Account, NewPaper
from webapp.watch.papers import actions, deciding


def decline(account: Account, paper: NewPaper) -> None:
    """It is not for us, whenever and under whichever name it is found again."""
    if deciding.decide(db.session(), paper.id, "waiting", "declined"):
        note(account.name, f"Put the paper {paper.record} aside: not for us.")
    db.session.commit()


def take_back(account: Account, paper: NewPaper) -> None:
    """It waits again."""
    if deciding.decide(db.session(), paper.id, "declined", "waiting"):
        note(account.name, f"Took back that the paper {paper.record} is not for us.")
    db.session.commit()


def change_words(account: Account, words: str) -> bool:
    """Search with these from now on, without any with those of the program. Whether they are others than before."""
    note(account.name, "Changed the words of the search for new papers.")
    return actions.change_words(words)
