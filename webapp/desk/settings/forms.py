"""The words of the site."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length

from webapp.desk.forms import DeskForm
from webapp.editorial.characters import as_typed
from webapp.forms import one_line

MOST_OF_NAME, MOST_OF_MISSION, MOST_OF_ADDRESS = 60, 160, 200
"""Letters. A name stands before the address in every mail, and at the end of every title."""


def seen(text: str | None) -> str | None:
    """A filter for what has to be seen: a text of signs that nobody sees is none."""
    return text if text and as_typed(text) else ""


def at_most(letters: int) -> Length:
    return Length(max=letters, message=f"Please use at most {letters} letters.")


class WordsForm(DeskForm):
    """Each of them. Its fields are those of `SiteWords`."""

    name = StringField("The name of the site", [at_most(MOST_OF_NAME)], filters=[one_line, seen])
    mission = StringField("What the site is for", [at_most(MOST_OF_MISSION)], filters=[one_line, seen])
    postal_address = StringField("Your postal address", [at_most(MOST_OF_ADDRESS)], filters=[one_line, seen])
