"""What a reader says to get letters, or to change them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import AnyOf, InputRequired

from webapp.forms import AddressField, PostForm
from webapp.models import Category
from webapp.subscriptions.consent import CURRENT, WORDINGS

FREQUENCIES = {"weekly": "Once a week", "monthly": "Once a month"}
NO_ADDRESS = "Please enter your e-mail address."
NOT_AN_ADDRESS = "This does not look like an e-mail address. It should look like name@example.org."
NO_FREQUENCY = "Please choose once a week or once a month."
NO_CONSENT = "Please tick the box if you agree. Without your yes, we cannot send you letters."


class LettersForm(PostForm):
    """What the letters are about, and how often they come."""

    topics = SelectMultipleField("What do you want to read about?", validate_choice=False)
    frequency = RadioField(
        "How often?",
        choices=[SelectChoice(*pair) for pair in FREQUENCIES.items()],
        default="weekly",
        validate_choice=False,
        validators=[InputRequired(NO_FREQUENCY), AnyOf(list(FREQUENCIES), message=NO_FREQUENCY)],
    )

    def __init__(self, categories: Iterable[Category], **values: Any) -> None:
        super().__init__(**values)
        self.categories = list(categories)
        self.topics.choices = [SelectChoice(one.slug, one.name) for one in self.categories]

    @property
    def chosen(self) -> list[str]:
        """The topics that were ticked and exist, in their order; none means everything."""
        return [one.slug for one in self.categories if one.slug in (self.topics.data or [])]


class SubscribeForm(LettersForm):
    address = AddressField("Your e-mail address", missing=NO_ADDRESS, malformed=NOT_AN_ADDRESS)
    consent = BooleanField(WORDINGS[CURRENT], validators=[InputRequired(NO_CONSENT)])


class ManageForm(LettersForm):
    """Reached only by a person's own link; there is nothing to slow down."""

    minimum_seconds = 0


class ConfirmForm(PostForm):
    """One button. Many press it at once."""

    minimum_seconds = 0
