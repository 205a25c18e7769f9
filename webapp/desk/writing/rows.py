"""The buttons beside the rows of a list: add, remove, put back, up, down. Each is a submit button of the whole form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from webapp.desk.writing.fields import Path
from webapp.desk.writing.typed import list_at, name_of, path_of, with_row, with_row_moved, without_row
from webapp.documents.schema import JsonContent

_PRESS = re.compile(
    r"(?P<what>add|remove|up|down|back):(?P<path>[a-z_0-9.]{1,200})(?::(?P<place>\d{1,3}))?(?::(?P<revision>\d{1,9}))?"
)


class Press(NamedTuple):
    """A button that was pressed, and where."""

    what: str = ""
    path: Path = ()
    place: int = 0
    revision: int = 0
    """The version in which a row that was taken out still stands."""

    @property
    def value(self) -> str:
        return f"{self.what}:{name_of(self.path)}:{self.place}:{self.revision}"

    def is_at(self, what: str, path: Path) -> bool:
        """Whether this is what happened last at a list: a new row, or one that can be put back."""
        return (self.what, self.path) == (what, tuple(path))

    def done_to(self, content: JsonContent, before: JsonContent) -> JsonContent:
        """The content after it. `before`: of the version in which a row still stands that is put back."""
        match self.what:
            case "remove":
                return without_row(content, self.path, self.place)
            case "up":
                return with_row_moved(content, self.path, self.place, -1)
            case "down":
                return with_row_moved(content, self.path, self.place, 1)
            case "back" if self.place < len(rows := list_at(before, self.path)):
                return with_row(content, self.path, self.place, rows[self.place])
        return content

    def way(self, url: str, revision: int) -> str:
        """Where the page stands after it: at the list, with a new row or the way to undo."""
        anchor = f"#list-{name_of(self.path).replace('.', '-')}"
        match self.what:
            case "add":
                return f"{url}?did={self.value}{anchor}"
            case "remove":
                return f"{url}?did={self._replace(what='back', revision=revision).value}{anchor}"
            case "":
                return f"{url}?said=saved"
        return f"{url}{anchor}"


NOTHING = Press()
"""Nothing but saving."""


def pressed(value: str) -> Press:
    """The press of a button with this value; of one we do not know, nothing but saving."""
    found = _PRESS.fullmatch(value)
    if not found:
        return Press("publish" if value == "publish" else "")
    return Press(found["what"], path_of(found["path"]), int(found["place"] or 0), int(found["revision"] or 0))


def last_press(args: Mapping[str, str]) -> Press:
    """What the page says of the button that led to it."""
    found = pressed(args.get("did", ""))
    return found if found.what in {"add", "back"} else NOTHING
