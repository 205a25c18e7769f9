"""The words of the search for new papers."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import ValidationError

from webapp.desk.forms import DeskForm
from webapp.forms import one_line
from webapp.scholarly.paper_search import words_problem


class WordsForm(DeskForm):
    words = TextAreaField("The words of the search", filters=[one_line])

    def validate_words(self, field: TextAreaField) -> None:
        if problem := words_problem(field.data or ""):
            raise ValidationError(problem)
