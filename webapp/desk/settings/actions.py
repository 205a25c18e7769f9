"""Choosing the words of the site."""

from __future__ import annotations

from sqlalchemy import delete

from webapp.desk.activity.actions import note
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.models import Account, SiteWord
from webapp.site_words import SiteWords, default_words, site_words

CALLED = {"name": "its name", "mission": "what it is for", "postal_address": "the postal address in mails"}
"""What each is called in the activity log."""


def choose(account: Account, words: SiteWords) -> list[str]:
    """Use these from now on; an empty one is as the program or the settings have it. Which changed, as they are called.

    Every page for readers is made anew.
    """
    default, before = default_words(), site_words()
    chosen = {name: text for name, text in words._asdict().items() if text and text != getattr(default, name)}
    after = default._replace(**chosen)
    changed = [CALLED[name] for name in SiteWords._fields if getattr(after, name) != getattr(before, name)]
    if changed:
        db.session.execute(delete(SiteWord))
        db.session.add_all(SiteWord(name=name, text=text) for name, text in chosen.items())
        raise_edition(db.session())
        note(account.name, f"Changed the words of the site: {', '.join(changed)}.")
        db.session.commit()
    return changed
