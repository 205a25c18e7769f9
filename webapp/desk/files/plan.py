"""What bringing files in would change, file by file. Nothing is changed here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from webapp.desk.files.uploads import Upload
from webapp.library import queries
from webapp.library.actions import is_unchanged, list_changes, name_of, was_changed_here
from webapp.library.checking import CATEGORIES, GLOSSARY, Checked, check_together, lost_changes, read_library
from webapp.library.diagnostics import Diagnostic, Reading, Wish
from webapp.library.queries import State

How = Literal["drafts", "publish"]
"""All files as drafts, or each as it says."""


class Refused(NamedTuple):
    """A file with faults: it is not brought in, and keeps no other from it."""

    name: str
    faults: list[Diagnostic]


class Planned(NamedTuple):
    """A file that can be brought in."""

    reading: Reading
    title: str
    state: State | None
    """Of its document, if there is one."""
    is_same: bool
    is_written_here: bool
    """Whether its document was written on here since it last came from a file."""

    @property
    def name(self) -> str:
        return self.reading.path

    @property
    def hints(self) -> list[Diagnostic]:
        """What it lacks before it can be published."""
        return list(dict.fromkeys(self.reading.hints))

    @property
    def then(self) -> str:
        """What becomes of it."""
        if self.state and self.state.is_taken_down and self.reading.wish != Wish.SAVE:
            return "It was taken down here, and stays so: its text is saved as a draft."
        match self.reading.wish:
            case Wish.PUBLISH:
                return "Readers see it at once."
            case Wish.SCHEDULE:
                return "It is published on the day it names."
            case _:
                return "It is saved as a draft. Readers see nothing of it yet."


@dataclass
class Plan:
    how: How
    files: list[Planned]
    refused: list[Refused]
    left_out: list[str]
    """A sentence for each."""
    checked: Checked
    states: Mapping[queries.Name, State]
    categories: int
    """How many are added or changed."""
    terms: int

    @property
    def new(self) -> list[Planned]:
        return [file for file in self.files if file.state is None]

    @property
    def changed(self) -> list[Planned]:
        return [file for file in self.files if file.state is not None and not file.is_same]

    @property
    def same(self) -> list[Planned]:
        return [file for file in self.files if file.is_same]

    @property
    def written_here(self) -> list[Planned]:
        return [file for file in self.changed if file.is_written_here]

    @property
    def changes_anything(self) -> bool:
        return bool(self.new or self.changed or self.categories or self.terms)

    def brought_in(self, *, replace: bool) -> Checked:
        """What is brought in: with `replace`, also over what was written here since."""
        readings = [file.reading for file in self.files if replace or file.is_same or not file.is_written_here]
        return Checked(readings, self.checked.groups, self.checked.terms)

    @property
    def fingerprint(self) -> str:
        """The same as long as the same would be done to the same texts."""
        rows = [(file.name, file.reading.digest, file.reading.wish, file.is_same, file.state) for file in self.files]
        told = (self.how, rows, [one.name for one in self.refused], self.categories, self.terms)
        return hashlib.sha256(repr(told).encode()).hexdigest()


def plan(upload: Upload, how: How) -> Plan:
    """What bringing in these files would change now."""
    checked, faults = read_library([upload.files], called=upload.called, as_drafts=how == "drafts")
    left_out = [*upload.left_out, *_without_lists(checked, how), *_without_older(checked, how)]
    lost = [replace(fault, remedy="Change it at the desk, where the list stands") for fault in lost_changes(checked)]
    refused = _without_faulty_lists(checked, [*faults, *lost], upload)
    states = queries.states()
    refused += _without_faulty(checked)
    files = [_planned(reading, states) for reading in checked.documents]
    files.sort(key=lambda file: file.name)
    categories, terms = list_changes(checked)
    return Plan(how, files, sorted(refused), left_out, checked, states, categories, terms)


def _without_lists(checked: Checked, how: How) -> list[str]:
    """A list has no draft: what it says is seen at once."""
    if how == "publish":
        return []
    lists = {CATEGORIES: checked.groups, GLOSSARY: checked.terms}
    checked.groups = checked.terms = None
    return [
        f"{name} is left out: a list has no draft. It comes in when you publish."
        for name, rows in lists.items()
        if rows is not None
    ]


def _without_older(checked: Checked, how: How) -> list[str]:
    """Of several texts of one document the newest is its draft: an export holds what is public, and drafts beside."""
    if how == "publish":
        return []
    newest: dict[queries.Name, Reading] = {}
    for reading in sorted(checked.documents, key=lambda reading: reading.says):
        if reading.key:
            newest[name_of(reading)] = reading
    older = [one for one in checked.documents if one.key and newest[name_of(one)].says > one.says]
    checked.documents = [one for one in checked.documents if one not in older]
    return [f"{one.path} is left out: {newest[name_of(one)].path} is a newer text of the same." for one in older]


def _without_faulty_lists(checked: Checked, faults: Iterable[Diagnostic], upload: Upload) -> list[Refused]:
    refused: dict[str, list[Diagnostic]] = {}
    for fault in faults:
        refused.setdefault(fault.path, []).append(fault)
    for place, name in upload.names.items():
        if name in refused and place.endswith(f"/{CATEGORIES}"):
            checked.groups = None
        if name in refused and place.endswith(f"/{GLOSSARY}"):
            checked.terms = None
    return [Refused(*one) for one in refused.items()]


def _without_faulty(checked: Checked) -> list[Refused]:
    """Take out what has faults, and what has some once that is out: it may have named it."""
    known, refused = queries.Known.load(), _take_out(checked)
    while True:
        check_together(checked.documents, checked.groups or [], known)
        found = _take_out(checked)
        if not found:
            return refused
        refused += found


def _take_out(checked: Checked) -> list[Refused]:
    found = [Refused(one.path, sorted(one.diagnostics)) for one in checked.documents if one.diagnostics]
    checked.documents = [one for one in checked.documents if not one.diagnostics]
    return found


def _planned(reading: Reading, states: Mapping[queries.Name, State]) -> Planned:
    state = states.get(name_of(reading))
    is_same = is_unchanged(reading, state)
    is_written_here = state is not None and was_changed_here(reading, state)
    reading.unpack()
    title = str(reading.typed.get("title") or reading.key)
    reading.pack()
    return Planned(reading, title, state, is_same, is_written_here)
