"""The words of a search for trials, and the press that approves what they find."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from webapp.desk.forms import DeskForm
from webapp.forms import one_line
from webapp.watch.recruiting.proposals import Words

MOST = "Please use at most {} letters."
LONGEST = {"condition": 200, "words": 500}
CHANGED = "The words were changed meanwhile. Below is what they find now: please look at it, and then approve it."


def straight_quotes(text: str | None) -> str | None:
    """As the registry reads them: telephones and text programs make curly ones."""
    return text.translate(dict.fromkeys(map(ord, "“”„«»"), '"')) if text else text


def _at_most(name: str) -> Length:
    return Length(max=LONGEST[name], message=MOST.format(LONGEST[name]))


class WordsForm(DeskForm):
    condition = StringField(
        "Words for whom the trials are",
        [DataRequired("Please say for whom the trials are, such as “spinal cord injury”."), _at_most("condition")],
        filters=[one_line, straight_quotes],
    )
    words = StringField("Words for this topic", [_at_most("words")], filters=[one_line, straight_quotes])

    @property
    def asked(self) -> Words:
        return Words(self.condition.data or "", self.words.data or "")


class ApproveForm(DeskForm):
    """Approves the words that were tried, and no others."""

    condition = HiddenField(validators=[InputRequired()])
    words = HiddenField()

    def __init__(self, asked: Words, **options: Any) -> None:
        super().__init__(data=asked._asdict(), **options)
        self.asked = asked

    def validate_condition(self, _field: HiddenField) -> None:
        if (self.condition.data, self.words.data) != self.asked:
            raise ValidationError(CHANGED)

    @property
    def error_list(self) -> list[tuple[str | None, str]]:
        """Of the form as a whole: nobody sees its fields."""
        return [(None, text) for _, text in super().error_list]
