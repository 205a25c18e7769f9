"""Forms that readers post, kept clean without puzzles.

A reader's form needs no session and no cookie: its token is signed by us, names the form it was made for and
says when. That one token is the proof against forged posts and the clock against programs. Owner's
forms, which act for somebody signed in, stay with the application-wide check bound to the session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, StringField
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import DataRequired, InputRequired

from webapp import clock
from webapp.addresses import normal_address
from webapp.editorial.characters import on_one_line, without_forbidden
from webapp.extensions import csrf
from webapp.secret_key import keys_for_signing

View = TypeVar("View", bound=Callable[..., Any])
FROM_ANYWHERE = "takes_posts_from_anywhere"

MAX_OPEN_SECONDS = 7 * 24 * 3600
"""Seconds a form may stay open; nobody is hurried."""
ONCE_MORE = "Please send it once more. All you wrote is still here."
TOO_FAST = f"That was so fast that it may have been a program. {ONCE_MORE}"
TOO_OLD = f"This form was open for more than a week. {ONCE_MORE}"
FILLED_TRAP = f"A hidden field was filled in, as programs do. We have emptied it. {ONCE_MORE}"


def checks_own_token(view: View) -> View:
    """Marks a POST route whose form is a PostForm: it brings its own token and checks it in `validate`."""
    csrf.exempt(view)
    return view


def takes_posts_from_anywhere(view: View) -> View:
    """Marks a POST route for mail programs, which stop letters with one click (RFC 8058): no token, from any site.
    The secret in its URL is the proof.
    """
    csrf.exempt(view)
    setattr(view, FROM_ANYWHERE, True)
    return view


def init_app(app: Flask) -> None:
    app.config.setdefault("FORM_MINIMUM_SECONDS", 2)
    app.before_request(refuse_other_sites)


def refuse_other_sites() -> None:
    """Answer 403 to a post that a page of another site sent. A mail program sends neither header."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in {"GET", "HEAD", "OPTIONS"} or hasattr(view, FROM_ANYWHERE):
        return
    sent_from = request.headers.get("Sec-Fetch-Site")
    if sent_from in {"same-origin", "none"}:
        return
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(current_app.config["SITE_URL"]).netloc}
    if sent_from == "cross-site" or (origin is not None and _host_of(origin) not in ours):
        abort(403, "A post that came from a page of another site.")


def _host_of(origin: str) -> str:
    """Empty where it is no address, such as http://[."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


class SignedToken(CSRF):
    """The token of a form: which form, whether it was shown once more, and when; signed."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return ""  # the form signs it, when it is whole

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        form.check_token(field.data)


class PostForm(FlaskForm):
    """A form that any reader may post. A route asks `validate()`; False means: show it again, with 422.

    A post that looks like a program's is never thrown away: it is shown again with all that was
    written, and the second time it is taken.
    """

    class Meta:
        csrf_class = SignedToken

        def wrap_formdata(self, form: PostForm, formdata: MultiDict[str, str] | None) -> MultiDict[str, str] | None:
            """What was sent as fields of text (clean already: webapp/request.py); neither files nor JSON."""
            return request.form if formdata is not None and form.is_submitted() else None  # type: ignore[no-untyped-call]

    minimum_seconds: int | None = None
    """The shortest time between showing and sending; None means the setting of the site."""

    homepage = StringField("Leave this empty")
    """The trap: people neither see nor reach it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._sign()

    def _sign(self, *, is_again: bool = False) -> None:
        if "csrf_token" in self:
            self["csrf_token"].current_token = _signer().dumps([type(self).__name__, is_again])

    def check_token(self, token: str | None) -> None:
        """Raise CSRFError, the 400 page, for a token that we did not make for this form."""
        try:
            [name, is_again], made_at = _signer().loads(token or "", max_age=MAX_OPEN_SECONDS, return_timestamp=True)
        except SignatureExpired:
            return self._show_again(TOO_OLD)
        except BadSignature as error:
            raise CSRFError(str(error)) from None
        if name != type(self).__name__:
            raise CSRFError("The token is another form's.")
        least = current_app.config["FORM_MINIMUM_SECONDS"] if self.minimum_seconds is None else self.minimum_seconds
        if not is_again and clock.now() - made_at < dt.timedelta(seconds=least):
            return self._show_again(TOO_FAST)
        return self._sign(is_again=is_again)

    def _show_again(self, why: str) -> None:
        self.form_errors.append(why)
        self._sign(is_again=True)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)  # type: ignore[no-untyped-call]
        if any(field.errors for field in self):
            self.form_errors.clear()  # it comes once more anyway; one thing at a time
        if self.homepage.data:
            self.homepage.data = ""
            self._show_again(FILLED_TRAP)
        return is_valid and not self.form_errors

    @property
    def error_list(self) -> list[tuple[str | None, str]]:
        """What is wrong, in the order of the fields: the id of the field (None: the form as a whole), the sentence."""
        whole = [(None, text) for text in self.form_errors]
        return whole + [(field.id, text) for field in self if field.name != "csrf_token" for text in field.errors]


def clean_text(text: str | None) -> str | None:
    """A filter for text fields: no control characters, one kind of line end, no blanks before it or around."""
    if text is None:
        return None
    # Line by line: one expression for blanks before a line end takes a minute for 60,000 blanks.
    return "\n".join(line.rstrip() for line in without_forbidden(text).split("\n")).strip()


def one_line(text: str | None) -> str | None:
    """A filter for fields of one line: every run of white space is one space."""
    return None if text is None else on_one_line(text)


class AddressField(EmailField):
    """One e-mail address. Its `data` is the normal form, by which it is stored, compared, counted and mailed, or None
    when the text is no address; the page shows what was typed.
    """

    typed: str | None = None

    def __init__(self, label: str, *, missing: str, malformed: str, **options: Any) -> None:
        """`missing` and `malformed` are the sentences for an empty field and for a text that is no address."""
        validators = [InputRequired(missing), DataRequired(malformed)]
        super().__init__(label, validators, **options)  # type: ignore[no-untyped-call]

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.typed = one_line(valuelist[0]) or ""
            self.data = normal_address(self.typed)

    def _value(self) -> str:
        return self.typed if self.typed is not None else self.data or ""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys_for_signing(), salt="form")
