"""Write to the owner."""

from __future__ import annotations

from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from webapp.forms import AddressField, PostForm, clean_text, one_line

TOPICS = {
    "question": "A question about a summary",
    "mistake": "Something here is wrong",
    "study": "A study you should write about",
    "access": "Something here is hard to use",
    "privacy": "What this site keeps about me",
    "other": "Something else",
}
MAX_NAME_LENGTH = 100
MAX_TEXT_LENGTH = 5000
NOT_AN_ADDRESS = "This does not look like an e-mail address. It should look like name@example.org."


class ContactForm(PostForm):
    name = StringField(
        "Your name",
        [Length(max=MAX_NAME_LENGTH, message=f"Please use at most {MAX_NAME_LENGTH} letters for your name.")],
        filters=[one_line],
    )
    address = AddressField(
        "Your e-mail address",
        missing="Please enter your e-mail address, so that we can answer.",
        malformed=NOT_AN_ADDRESS,
    )
    topic = SelectField(
        "What is it about?",
        [DataRequired("Please choose what it is about.")],
        choices=[SelectChoice("", "Please choose"), *(SelectChoice(*pair) for pair in TOPICS.items())],
    )
    text = TextAreaField(
        "Your message",
        [
            DataRequired("Please write your message."),
            Length(max=MAX_TEXT_LENGTH, message=f"Please use at most {MAX_TEXT_LENGTH:,} letters for your message."),
        ],
        filters=[clean_text],
    )
