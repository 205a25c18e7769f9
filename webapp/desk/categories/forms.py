"""What a category consists of, and which one takes the place of another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from webapp.desk.forms import DeskForm
from webapp.forms import clean_text, one_line

LONGEST_NAME = 80
NO_OTHER = "Please choose the category that takes its place."
NO_GROUP = "Please choose a group, or name a new one."
MOST = "Please use at most {} letters."


class GroupNeeded:
    """Asks for one of the groups there are, unless a new one was typed."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: CategoryForm, _field: SelectField) -> None:
        if form.known and not form.wanted_group:
            raise ValidationError(NO_GROUP)


class CategoryForm(DeskForm):
    name = StringField(
        "Name",
        [DataRequired("Please give it a name."), Length(max=LONGEST_NAME, message=MOST.format(LONGEST_NAME))],
        filters=[one_line],
    )
    description = TextAreaField(
        "What it is about, in a sentence",
        [DataRequired("Please say in a sentence what it is about."), Length(max=300, message=MOST.format(300))],
        filters=[clean_text, one_line],
    )
    group = SelectField("Its group", [GroupNeeded()], validate_choice=False)
    new_group = StringField(
        "A new group for it",
        [Length(max=LONGEST_NAME, message=MOST.format(LONGEST_NAME))],
        filters=[one_line],
    )

    def __init__(self, groups: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self.known = list(groups)
        self.group.choices = [SelectChoice(name, name) for name in self.known]

    def validate_new_group(self, field: StringField) -> None:
        """The first category of a site names its group."""
        if not self.known and not field.data:
            raise ValidationError(NO_GROUP)

    @property
    def wanted_group(self) -> str:
        """The new one, if one was typed; else the one that was chosen."""
        return self.new_group.data or (self.group.data if self.group.data in self.known else "")

    @property
    def values(self) -> dict[str, str]:
        return {
            "name": self.name.data or "",
            "description": self.description.data or "",
            "group": self.wanted_group,
        }


class MergeForm(DeskForm):
    """Into which category; the page offers those there are."""

    into = SelectField("Which category takes its place?", [InputRequired(NO_OTHER)], choices=[], validate_choice=False)
