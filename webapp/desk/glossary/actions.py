"""What the owner does with the terms of the glossary. Readers see it at once; their search follows."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.desk.activity.actions import called, note
from webapp.desk.glossary import queries
from webapp.desk.meanwhile import alone
from webapp.documents.actions import FOLLOWING_AT_ONCE, project_stale
from webapp.documents.projection import mark_stale, move_term
from webapp.extensions import db
from webapp.glossary.marking import normalized
from webapp.library.list_rows import TERMS, entries_here, entries_of_terms, twin_names
from webapp.library.lists import TermSchema
from webapp.library.queries import every_term
from webapp.models import Account, Term


class TermError(Exception):
    """Something that cannot be done with a term. The text is the sentence for who wanted it."""

    def __init__(self, sentence: str, field: str = "name") -> None:
        super().__init__(sentence)
        self.field = field
        """Of its form: name or also."""


class InUseError(TermError):
    """A term that readers meet is not deleted."""


def add(account: Account, wanted: TermSchema) -> Term:
    """A new term. Its address is made of its name, for good. Raises TermError."""
    with alone():
        if taken := queries.term_at(wanted.stands_at):
            other = f" It leads to another term, “{taken.leads_to}”." if taken.leads_to else ""
            raise TermError(f"The address of this name is that of “{taken.name}”.{other} Please choose another name.")
        term = Term(slug=wanted.stands_at)
        _write(term, wanted)
        db.session.add(term)
        _done(account, f"Added the term {called(wanted.term)}.")
        return term


def change(account: Account, term: Term, wanted: TermSchema) -> None:
    """Other words for a term. Its address stays. Raises TermError."""
    with alone(term):
        _write(term, wanted)
        _done(account, f"Changed the term {called(wanted.term)}.")


def merge(account: Account, term: Term, into: Term) -> None:
    """Let another term take the place of one: it has its names from now on, and its address leads there."""
    with alone(term, into):
        if term is into:
            raise TermError("Please choose two different terms.")
        into.also = with_names(into, term)
        for name in [term, *queries.leading_to(term)]:
            name.leads_to = into.slug
        db.session.flush()
        move_term(db.session(), term.id, into.id)
        mark_stale(db.session())
        _done(account, f"Made the term {called(term.name)} a name of {called(into.name)}.")


def delete(account: Account, term: Term) -> None:
    """Delete a term that readers meet nowhere, with the names that lead to it. Raises InUseError."""
    with alone(term, may_lead_on=True):
        uses = queries.uses_of(term)
        if uses.count:
            raise InUseError("It is in use, and was not deleted.")
        for one in [term, *uses.names]:
            db.session.delete(one)
        mark_stale(db.session())
        _done(account, f"Deleted the term {called(term.name)}.")


def with_names(into: Term, term: Term) -> list[str]:
    """The other names of a term once it has those of another too; none stands twice."""
    names = {normalized(name): name for name in reversed([*into.names, *term.names])}
    names.pop(normalized(into.name))
    return list(reversed(names.values()))


def _write(term: Term, wanted: TermSchema) -> None:
    """Set what a term consists of, when no other has its names; where a name is new, all texts are looked through."""
    [values] = entries_of_terms([wanted]).values()
    entries = entries_here(TERMS, every_term())
    _refuse_twins(term.slug, {**entries, term.slug: values})
    if entries.get(term.slug, {}).get("name") != wanted.term or term.also != wanted.also:
        mark_stale(db.session())
    for name, value in values.items():
        setattr(term, name, value)


def _refuse_twins(slug: str, entries: Mapping[str, dict[str, object]]) -> None:
    for twin in twin_names(entries):
        if twin.slug == slug:
            raise TermError(f"“{twin.name}” is a name of “{twin.other}” already. Keep it in one place.", twin.field)
    name = entries[slug]["name"]
    if any(entry["name"] == name and entry["leads_to"] for entry in entries.values()):
        raise TermError(f"“{name}” is an older name that leads to another term. Please choose another name.")


def _done(account: Account, what: str) -> None:
    """One commit, which readers see."""
    note(account.name, what)
    db.session.commit()
    project_stale(FOLLOWING_AT_ONCE)
