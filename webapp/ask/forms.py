"""Ask for a paper, say that it is the right one, want one that others asked for."""

from __future__ import annotations

from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from webapp.forms import PostForm, one_line
from webapp.scholarly.identifiers import MAX_LENGTH

NO_DOI = (
    "We find no DOI in what you typed. A DOI begins with 10. and looks like this: 10.1038/s41586-019-1234-5. "
    "It stands on the first page of most papers."
)


class AskForm(PostForm):
    paper = StringField(
        "DOI of the paper",
        [
            DataRequired("Please type the DOI of the paper, or a link that has it."),
            Length(max=2 * MAX_LENGTH, message=NO_DOI),
        ],
        filters=[one_line],
    )


class ConfirmForm(PostForm):
    """One press of a reader who has read what we found."""

    minimum_seconds = 0

    found = HiddenField()
    voter = HiddenField()


class WishForm(PostForm):
    """The answer is the button that was pressed. A page holds many of these: `id_` keeps what has a name apart."""

    minimum_seconds = 0

    choice = StringField(validators=[AnyOf(["want", "leave"], message="Please press one of the buttons.")])
    voter = HiddenField()

    @classmethod
    def of(cls, id_: int) -> WishForm:
        """As it is shown for one paper."""
        form = cls(formdata=None)
        form.homepage.id = f"homepage-{id_}"
        return form
