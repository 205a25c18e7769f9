"""What a publication would do to an address: a page that was public never moves unless somebody agreed to it."""

from __future__ import annotations

from typing import NamedTuple

from webapp.documents import queries
from webapp.documents.publishing import refuse_twins, slug_for
from webapp.documents.schema import Content
from webapp.extensions import db
from webapp.models import Document

ANY_ADDRESS = "*"
"""Agreed to by whoever wrote a file: it says where its page stands. No slug is written like this."""


class Move(NamedTuple):
    """A publication that changes where an address leads."""

    old: str | None
    """The slug at which readers find the document today; None when it stays there, or never stood anywhere."""
    new: str
    loser: Document | None
    """Whose slug the new one was once: what leads on to that document today would lead here."""


class MoveError(Exception):
    """A publication would change an address, and nobody has agreed to that."""

    def __init__(self, move: Move) -> None:
        super().__init__(f"The address would change to {move.new}.")
        self.move = move


def move_of(document: Document, content: Content) -> Move | None:
    """What publishing this content would do to addresses; None when it harms none."""
    new = slug_for(db.session(), document, content)
    old = document.slug if document.first_published_at and document.slug != new else None
    loser = queries.document_once_at(document, new)
    return Move(old, new, loser) if old or loser else None


def refuse_move(document: Document, content: Content, agreed: str | None) -> None:
    """Raise MoveError for a change of an address other than to the slug that was agreed to.

    An address that cannot be had is refused before (InvalidDocumentError): nobody is asked in vain.
    """
    move = None if agreed == ANY_ADDRESS else move_of(document, content)
    if move is not None and move.new != agreed:
        refuse_twins(db.session(), document, content)
        raise MoveError(move)
