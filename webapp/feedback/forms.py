"""Was this summary helpful? One form: the answer, and what was unclear."""

from __future__ import annotations

from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length, Optional

from webapp.editorial.sections import SUMMARY
from webapp.forms import PostForm, clean_text

PARTS = {
    "in-short": "In short",
    "at-a-glance": "Facts at a glance",
    "main-result": "The main result",
    **{section.anchor: section.page_title for section in SUMMARY},
    "all-the-facts": "All the facts",
    "paper": "The paper",
}
"""The parts of a summary's page: the id of its heading, and the heading."""
MAX_COMMENT_LENGTH = 2000


class FeedbackForm(PostForm):
    """The answer is the button that was pressed. A vote is quick by nature, so no time is too short."""

    minimum_seconds = 0

    choice = StringField(validators=[AnyOf(["yes", "no", "details", "withdraw"], message="Please choose Yes or No.")])
    voter = HiddenField()
    unclear_section = SelectField(
        "Which part was hard to understand?",
        [Optional()],
        choices=[SelectChoice("", "None, or I cannot say"), *(SelectChoice(*pair) for pair in PARTS.items())],
        filters=[clean_text],
    )
    comment = TextAreaField(
        "What would make it better?",
        [Length(max=MAX_COMMENT_LENGTH, message=f"Please use at most {MAX_COMMENT_LENGTH:,} letters.")],
        filters=[clean_text],
    )

    @property
    def details(self) -> dict[str, str | None]:
        """What was unclear; nothing when the form that was sent did not ask."""
        if not self.comment.raw_data:
            return {}
        return {"unclear_section": self.unclear_section.data or None, "comment": self.comment.data or None}
