"""Finding a subscriber."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from webapp.addresses import MAX_LENGTH
from webapp.desk.forms import DeskForm
from webapp.forms import one_line


class FindForm(DeskForm):
    part = StringField(
        "A part of the e-mail address",
        [
            DataRequired("Please write a part of the address."),
            Length(max=MAX_LENGTH, message=f"No address is longer than {MAX_LENGTH} letters."),
        ],
        filters=[one_line],
    )
