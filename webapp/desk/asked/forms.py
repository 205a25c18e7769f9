"""What the owner answers to readers who ask for a paper."""

from __future__ import annotations

from typing import Any

from wtforms import Field, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from webapp.ask.queries import summary_named
from webapp.desk.forms import DeskForm
from webapp.forms import clean_text, one_line

MOST = 500
ANSWERS = {
    "asked": "None yet",
    "planned": "Planned",
    "no": "No, and why",
    "done": "Done: a summary that readers can read tells of it",
}


class AnswerForm(DeskForm):
    answer = RadioField(
        "Your answer",
        [InputRequired("Please choose an answer.")],
        choices=[SelectChoice(*one) for one in ANSWERS.items()],
    )
    sentence = TextAreaField(
        "Why not", [Length(max=MOST, message=f"Please use at most {MOST} letters.")], filters=[clean_text]
    )
    summary = StringField("Which summary", filters=[one_line])

    key: str | None = None
    """Of the summary that was named."""

    def validate_sentence(self, field: Field) -> None:
        if self.answer.data == "no" and not field.data:
            raise ValidationError("Please write why not, in a sentence for readers.")

    def validate_summary(self, field: Field) -> None:
        """Its key, or the address of its page."""
        if self.answer.data == "done":
            found = summary_named((field.data or "").rstrip("/").rpartition("/")[2])
            if found is None:
                raise ValidationError(
                    "Please name a summary that readers can read: its key, or the address of its page."
                )
            self.key = found.key

    @property
    def words(self) -> dict[str, Any]:
        """What is kept of it."""
        answer = self.answer.data if self.answer.data in {"planned", "no"} else ""
        return {"answer": answer, "sentence": self.sentence.data or "" if answer == "no" else "", "key": self.key}
