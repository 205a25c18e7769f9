"""What a term of the glossary consists of, and which one takes the place of another."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from webapp.desk.forms import DeskForm
from webapp.editorial.characters import on_one_line
from webapp.forms import clean_text, one_line
from webapp.glossary.marking import normalized
from webapp.library.lists import TermSchema
from webapp.models import Term

LONGEST_NAME = 80
MOST_NAMES = 20
MOST = "Please use at most {} letters."
NO_OTHER = "Please choose the term that takes its place."


def _bare(text: str | None) -> str:
    """Without white space around it; an empty text says nothing."""
    return one_line(text) or ""


class TermForm(DeskForm):
    name = StringField(
        "Name",
        [DataRequired("Please give it a name."), Length(max=LONGEST_NAME, message=MOST.format(LONGEST_NAME))],
        filters=[one_line],
    )
    also = TextAreaField("Other names", [Length(max=2_000, message=MOST.format(2_000))], filters=[clean_text])
    definition = TextAreaField(
        "What it means, in plain words",
        [DataRequired("Please say what it means."), Length(max=1_000, message=MOST.format(1_000))],
        filters=[clean_text, one_line],
    )
    source = StringField(
        "Its source",
        [
            Length(max=500, message=MOST.format(500)),
            Regexp(
                r"(https?://\S+.*)?$", message="Please begin the source with its address, such as https://www.who.int."
            ),
        ],
        filters=[_bare],
    )
    is_checked = BooleanField("I have checked these words against the source")

    @property
    def names(self) -> list[str]:
        """The other names, one of each line; its own, and what stands twice, is left out."""
        lines = [name for line in (self.also.data or "").split("\n") if (name := on_one_line(line))]
        by_form = {normalized(name): name for name in reversed(lines)}
        by_form.pop(normalized(self.name.data or ""), None)
        return list(reversed(by_form.values()))

    def validate_also(self, field: TextAreaField) -> None:
        if len(self.names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in self.names):
            raise ValidationError(f"Please write at most {MOST_NAMES} names, each of at most {LONGEST_NAME} letters.")

    def validate_is_checked(self, field: BooleanField) -> None:
        if field.data and not self.source.data:
            raise ValidationError("Please name the source it was checked against, or take the tick away.")

    @property
    def term(self) -> TermSchema:
        """The term as a file would have it, checked by the same rules."""
        return TermSchema(
            term=self.name.data or "",
            also=self.names,
            definition=self.definition.data or "",
            source=self.source.data or None,
            checked=bool(self.is_checked.data),
        )


def values_of(term: Term) -> dict[str, Any]:
    """What the form of a term is filled with."""
    return {
        "name": term.name,
        "also": "\n".join(term.also),
        "definition": term.definition,
        "source": term.source or "",
        "is_checked": term.is_checked,
    }


class MergeForm(DeskForm):
    """Into which term; the page offers those there are."""

    into = SelectField("Which term takes its place?", [InputRequired(NO_OTHER)], choices=[], validate_choice=False)
