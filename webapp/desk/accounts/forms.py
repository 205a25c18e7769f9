"""Signing in, and the ways to do so."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from webapp.desk.accounts.actions import MAX_NAME_LENGTH
from webapp.desk.accounts.passkeys import MAX_ANSWER_LENGTH
from webapp.desk.accounts.passwords import MOST
from webapp.desk.forms import DeskForm
from webapp.forms import PostForm, one_line


class PasswordForm(PostForm):
    """A name and a password. A program that fills them in may be as fast as it likes: people have one."""

    minimum_seconds = 0
    name = StringField(
        "Name", [DataRequired("Please enter your name."), Length(max=MAX_NAME_LENGTH)], filters=[one_line]
    )
    password = PasswordField("Password", [DataRequired("Please enter your password.")])


class PasskeyForm(PostForm):
    """What a browser answers; its script fills it in."""

    minimum_seconds = 0
    homepage = StringField("Leave this empty", id="homepage-beside-passkey")
    answer = HiddenField(validators=[DataRequired(), Length(max=MAX_ANSWER_LENGTH)])
    challenge = HiddenField(validators=[DataRequired(), Length(max=500)])


class LinkForm(PostForm):
    """Use the link: the press of a button, so that a program that only looks at it does not use it up."""

    minimum_seconds = 0


class NewPasswordForm(DeskForm):
    password = PasswordField(
        "New password",
        [DataRequired("Please enter a password."), Length(max=MOST, message=f"Please use at most {MOST} characters.")],
    )


class NewPasskeyForm(DeskForm):
    name = StringField(
        "What you call this device",
        [DataRequired("Please give it a name, such as “my phone”."), Length(max=80, message="At most 80 letters.")],
        filters=[one_line],
    )
    answer = HiddenField(validators=[DataRequired("The device gave no passkey."), Length(max=MAX_ANSWER_LENGTH)])
    challenge = HiddenField(validators=[DataRequired(), Length(max=500)])
