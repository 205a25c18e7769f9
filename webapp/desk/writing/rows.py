"""The buttons beside the rows of a list: add, remove, put back, up, down; and those beside a text that was pasted: join
its broken lines, take them apart again. Each is a submit button of the whole form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from webapp.desk.writing.fields import Path
from webapp.desk.writing.typed import (
    list_at,
    name_of,
    path_of,
    text_at,
    with_row,
    with_row_moved,
    with_text,
    without_row,
)
from webapp.documents.schema import JsonContent
from webapp.editorial.pasted import broken_lines

_PRESS = re.compile(
    r"(?P<what>add|remove|up|down|back|join|apart):(?P<path>[a-z_0-9.]{1,200})(?::(?P<place>\d{1,3}))?(?::(?P<revision>\d{1,9}))?"
)


class Press(NamedTuple):
    """A button that was pressed, and where."""

    what: str = ""
    path: Path = ()
    place: int = 0
    revision: int = 0
    """The version in which a row that was taken out, or the lines of a text, still stand."""

    @property
    def value(self) -> str:
        return f"{self.what}:{name_of(self.path)}:{self.place}:{self.revision}"

    def is_at(self, what: str, path: Path) -> bool:
        """Whether this is what happened last there: a new row, one that can be put back, lines that were joined."""
        return (self.what, self.path) == (what, tuple(path))

    def done_to(self, content: JsonContent, before: JsonContent) -> JsonContent:
        """The content after it. `before`: of the version in which stands what is put back."""
        match self.what:
            case "remove":
                return without_row(content, self.path, self.place)
            case "up" | "down":
                return with_row_moved(content, self.path, self.place, -1 if self.what == "up" else 1)
            case "back" if self.place < len(rows := list_at(before, self.path)):
                return with_row(content, self.path, self.place, rows[self.place])
            case "join":
                return with_text(content, self.path, broken_lines(text_at(content, self.path) or ""))
            case "apart":
                return with_text(content, self.path, text_at(before, self.path))
        return content

    def way(self, url: str, revision: int) -> str:
        """Where the page stands after it: at what takes the focus (a new row, the way to undo), else at its place.

        An address with both would lose the focus: browsers pass over `autofocus` where they go to a place.
        """
        anchor = f"#f-{name_of(self.path).replace('.', '-')}"
        undone_by = {"remove": "back", "join": "apart"}
        match self.what:
            case "add":
                return f"{url}?did={self.value}"
            case "remove" | "join":
                return f"{url}?did={self._replace(what=undone_by[self.what], revision=revision).value}"
            case "":
                return f"{url}?said=saved"
        return f"{url}{anchor}"


NOTHING = Press()
"""Nothing but saving."""
OF_THE_WHOLE = {"publish", "ready", "not-ready"}
"""Buttons that save, and then do something with the whole document."""


def pressed(value: str) -> Press:
    """The press of a button with this value; of one we do not know, nothing but saving."""
    found = _PRESS.fullmatch(value)
    if not found:
        return Press(value if value in OF_THE_WHOLE else "")
    return Press(found["what"], path_of(found["path"]), int(found["place"] or 0), int(found["revision"] or 0))


def last_press(args: Mapping[str, str]) -> Press:
    """What the page says of the button that led to it."""
    found = pressed(args.get("did", ""))
    return found if found.what in {"add", "back", "apart"} else NOTHING
