"""The base of the forms of the desk: each acts for the session in which it was shown, and for no other."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict
from wtforms.csrf.core import CSRF, CSRFTokenField

from webapp.desk.accounts.sessions import current_session
from webapp.secret_key import keys_for_signing

MOST_OF_DIGEST = 32
"""Letters of a session's digest that stand in a form: enough to tell it from every other."""


class SessionToken(CSRF):
    """The token of a form: which form, and in which session it was shown; signed."""

    form_name = ""

    def setup_form(self, form: Any) -> Any:
        self.form_name = type(form).__name__
        return super().setup_form(form)  # type: ignore[no-untyped-call]

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return str(_signer().dumps(self._belongs_to()))

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        try:
            belongs_to = _signer().loads(field.data or "")
        except BadSignature as error:
            raise CSRFError(str(error)) from None
        if belongs_to != self._belongs_to():
            raise CSRFError("The form was shown to somebody else.")

    def _belongs_to(self) -> list[Any]:
        session = current_session()  # its number may come again once it has ended, its digest never does
        return [self.form_name, session.digest[:MOST_OF_DIGEST] if session else None]


class DeskForm(FlaskForm):
    """A form of the desk. A route asks `validate()`; False means: show it again, with 422."""

    class Meta:
        csrf_class = SessionToken

        def wrap_formdata(self, form: DeskForm, formdata: MultiDict[str, str] | None) -> MultiDict[str, str] | None:
            return request.form if formdata is not None and form.is_submitted() else None  # type: ignore[no-untyped-call]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid: bool = super().validate(extra_validators)  # type: ignore[no-untyped-call]
        return is_valid

    @property
    def error_list(self) -> list[tuple[str | None, str]]:
        """What is wrong, in the order of the fields: the id of the field (None: the form as a whole), the sentence."""
        whole = [(None, text) for text in self.form_errors]
        return whole + [(field.id, text) for field in self if field.name != "csrf_token" for text in field.errors]


class ButtonForm(DeskForm):
    """Nothing but its button."""


def check_button() -> None:
    """The press of a button of the desk. Raises CSRFError, the 400 page, for one that was shown to somebody else."""
    ButtonForm().validate()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(keys_for_signing(), salt="desk-form")
