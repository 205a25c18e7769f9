"""Where in the form of a document something is: the field that is meant by the steps to a place of its content."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.desk.writing.fields import Field, Path, fields_of
from webapp.documents.problems import Loc
from webapp.documents.schema import KINDS


def path_at(kind: str, loc: Loc) -> Path:
    """The way to the deepest field of the form there; the heading of a section means its field."""
    headings = {section.heading: section.field for section in KINDS[kind].body}
    steps: list[str | int] = []
    fields, has_rows = fields_of(kind), False
    for step in loc:
        if isinstance(step, int):
            if not has_rows:
                break
            steps.append(step)
            continue
        field = next((one for one in fields if one.name == headings.get(step, step)), None)
        if field is None:
            break
        steps.append(field.name)
        fields, has_rows = field.parts or field.notes, field.shape == "rows"
    return tuple(steps)


def id_of(path: Path) -> str:
    """The id of a field."""
    return "f-" + "-".join(str(step) for step in path) if path else "main"


def name_at(kind: str, path: Path) -> str:
    """What a writer calls it: Outcome 2, Group 1, People measured. The group that all facts lie in says nothing."""
    words: list[str] = []
    row = ""
    fields: Sequence[Field] = fields_of(kind)
    for step in path:
        if isinstance(step, int):
            words[-1:] = [f"{row} {step + 1}"]
            continue
        field = next(one for one in fields if one.name == step)
        row = field.row_label
        if field.shape != "group" or step == path[-1]:
            words.append(field.label)
        fields = field.parts or field.notes
    return ", ".join(words) or "The document"


def standing_at(path: Path) -> Path:
    """Where findings about a field stand: at its row of the outermost list, else at its field of the outermost group.

    So they never stand within what they are about, and there are not hundreds of such places.
    """
    row = next((index for index, step in enumerate(path) if isinstance(step, int)), 1)
    return path[: row + 1]
