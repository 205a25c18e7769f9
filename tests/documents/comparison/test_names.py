"""Every field of every document has a plain name, at the place where a reader meets it."""

from __future__ import annotations

import pytest

from webapp.desk.writing.labels import words_for
from webapp.documents.comparison.fields import Field
from webapp.documents.comparison.names import FIELDS
from webapp.documents.problems import _fields
from webapp.documents.schema import KINDS
from webapp.editorial.sections import fields_of


def named(fields: tuple[Field, ...], place: str = "") -> dict[str, set[str]]:
    """The keys with a name, by the dotted place where they stand."""
    found = {place: {field.key for field in fields}}
    for field in fields:
        if field.parts:
            found |= named(field.parts, f"{place}.{field.key}".lstrip("."))
    return found


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_field_of_the_schema_has_a_name_and_none_has_two(kind: str) -> None:
    schema = {place: set(names) for place, names in _fields(KINDS[kind]).items()}
    assert named(FIELDS[kind]) == schema


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_text_comes_before_the_facts_in_the_order_of_its_sections(kind: str) -> None:
    keys = [field.key for field in FIELDS[kind]]
    sections = fields_of(KINDS[kind].body)
    assert keys[0] == "title"
    assert [key for key in keys if key in sections] == list(sections)
    assert max(map(keys.index, sections)) < keys.index("author")


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_two_fields_of_a_document_share_a_name(kind: str) -> None:
    labels = [field.label for field in FIELDS[kind]]
    labels += [part.label for field in FIELDS[kind] if not field.label for part in field.parts]
    assert len(labels) == len(set(labels))


ASKED = {"support_note", "changed_after_feedback", "contents", "kind_note", "in_people"}
"""What a form asks in a sentence, and a list of differences names shortly."""


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_field_is_called_the_same_where_it_is_written_and_where_it_is_compared(kind: str) -> None:
    shape = KINDS[kind].__name__
    for field in FIELDS[kind]:
        own = [(shape, field)] if field.label else [("Study", part) for part in field.parts]
        for place, one in own:
            if one.key not in ASKED:
                assert one.label == words_for(place, one.key).label, one.key
