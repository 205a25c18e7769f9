"""What acts on a document beside its text."""

from __future__ import annotations

from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from webapp.desk.forms import DeskForm
from webapp.forms import clean_text, one_line

MOST = "Please use at most {} letters."
KINDS = {"summary": "A summary of a study", "topic": "A topic answer", "page": "A standing page"}


class BeginForm(DeskForm):
    kind = SelectField(
        "What do you want to write?",
        [DataRequired("Please choose what you want to write.")],
        choices=[SelectChoice(*pair) for pair in KINDS.items()],
    )
    title = StringField(
        "Its title, for now",
        [
            DataRequired("Please give it a title; you can change it later."),
            Length(max=200, message="At most 200 letters."),
        ],
        filters=[one_line],
    )


class WritingForm(DeskForm):
    """The token of the form in which a document is written; its fields are those of the schema (fields.py)."""

    base = HiddenField()
    digest = HiddenField()
    sitting = HiddenField()

    @property
    def written_on(self) -> tuple[int, str]:
        """Number and digest of the version this form was opened with."""
        number = self.base.data or ""
        return (int(number) if number.isdecimal() and len(number) < 10 else 0), self.digest.data or ""


class PublishForm(DeskForm):
    """What readers see changes: to the text that was looked at, and at the address that was agreed to."""

    digest = HiddenField()
    agreed = HiddenField()
    """The slug that the page said it would have, where an address changes."""


class SentenceForm(DeskForm):
    """A sentence that readers see: why a page is gone."""

    sentence = TextAreaField(
        "The sentence readers see",
        [DataRequired("Please write the sentence that readers see."), Length(max=500, message=MOST.format(500))],
        filters=[clean_text],
    )


class CorrectForm(PublishForm, SentenceForm):
    """A sentence that readers see: what was corrected."""


class TimeForm(PublishForm):
    day = StringField("Day", [DataRequired("Please write the day, like 2026-12-01.")], filters=[one_line])
    time = StringField("Time", [DataRequired("Please write the time, like 09:00.")], filters=[one_line])
    zone = StringField(
        "Time zone", [DataRequired("Please name the zone, like Europe/Berlin.")], filters=[one_line], default="UTC"
    )
