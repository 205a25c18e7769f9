"""Files that come in."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request
from wtforms import BooleanField, HiddenField, MultipleFileField
from wtforms.validators import ValidationError

from webapp.desk.forms import DeskForm


class Chosen:
    """That at least one file was sent. Files are not among the fields of text that forms read."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if not any(file.filename for file in request.files.getlist(field.name)):
            raise ValidationError("Please choose the files, or one zip file, first.")


class UploadForm(DeskForm):
    files = MultipleFileField("Files to look at", [Chosen()])


class BringInForm(DeskForm):
    seen = HiddenField()
    """The fingerprint of the plan that was shown."""
    replace = BooleanField()
