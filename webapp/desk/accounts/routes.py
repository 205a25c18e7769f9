"""The door of the desk, and one's own account."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, abort, jsonify, make_response, redirect, render_template, request, url_for
from limits import parse
from werkzeug import Response as AnyResponse

from webapp.desk.accounts import actions, passkeys, passwords, queries, sessions
from webapp.desk.accounts.forms import LinkForm, NewPasskeyForm, NewPasswordForm, PasskeyForm, PasswordForm
from webapp.desk.blueprint import open_to_strangers
from webapp.desk.forms import ButtonForm, check_button
from webapp.extensions import limiter
from webapp.forms import checks_own_token
from webapp.models import Account
from webapp.rate_limits import hit
from webapp.request import network_of_request
from webapp.urls import Secret

bp = Blueprint("accounts", __name__)

TRIES = parse("10 per 15 minutes")
"""For one account from one network, or from one device on which it has signed in before."""
TRIES_OF_STRANGERS = parse("100 per hour")
"""For one account from everywhere but such devices: theirs are counted apart, so nobody can be locked out."""
WRONG = "This name and this password do not belong together."
TOO_MANY = "Too many tries. Please wait a quarter of an hour, or sign in with a passkey or a one-time link."


@bp.get("/sign-in")
@open_to_strangers
def door() -> AnyResponse:
    if sessions.current_account():
        return redirect(_way_back(), 303)
    return _door(PasswordForm(formdata=None))


@bp.post("/sign-in")
@open_to_strangers
@checks_own_token
@limiter.limit("60 per hour")
def sign_in() -> AnyResponse:
    """With a name and a password."""
    form = PasswordForm()
    if not form.validate():
        return _door(form, 422)
    account = queries.account_named(form.name.data or "")
    if not _may_try(account, form.name.data or ""):
        form.form_errors.append(TOO_MANY)
        return _door(form, 429)
    is_right = passwords.is_right(form.password.data or "", account.password_hash if account else None)
    if account is None or not is_right:
        form.form_errors.append(WRONG)
        return _door(form, 422)
    return _signed_in(account, actions.sign_in(account, "a password"))


def _may_try(account: Account | None, name: str) -> bool:
    key = name.strip().lower()
    if account and sessions.is_known_device(account):
        return hit(TRIES, "desk-device", key)
    return hit(TRIES, "desk-network", key, network_of_request()) and hit(TRIES_OF_STRANGERS, "desk-strangers", key)


@bp.get("/sign-in/passkey")
@open_to_strangers
def passkey_question() -> AnyResponse:
    return jsonify(passkeys.authentication()._asdict())


@bp.post("/sign-in/passkey")
@open_to_strangers
@checks_own_token
@limiter.limit("60 per hour")
def sign_in_with_passkey() -> AnyResponse:
    form = PasskeyForm()
    door = PasswordForm(formdata=None)
    if not form.validate():
        door.form_errors.append(passkeys.FAILED)
        return _door(door, 422)
    try:
        account = passkeys.account_of_answer(form.answer.data or "", form.challenge.data or "")
    except passkeys.PasskeyError as error:
        door.form_errors.append(str(error))
        return _door(door, 422)
    return _signed_in(account, actions.sign_in(account, "a passkey"))


@bp.get("/link/<secret:token>")
@open_to_strangers
def link(token: Secret) -> AnyResponse:
    is_open = queries.open_link(sessions.digest_of(token)) is not None
    page = render_template("desk/accounts/link.html", form=LinkForm(formdata=None), token=token, is_open=is_open)
    return make_response(page, 200 if is_open else 410)


@bp.post("/link/<secret:token>")
@open_to_strangers
@checks_own_token
@limiter.limit("60 per hour")
def use_link(token: Secret) -> AnyResponse:
    found = actions.use_link(token) if LinkForm().validate() else None
    if found is None:
        return redirect(url_for(".link", token=token), 303)
    account, secret = found
    return sessions.remember(redirect(url_for(".show"), 303), secret, account)  # type: ignore[arg-type]


@bp.post("/sign-out")
@checks_own_token
def sign_out() -> AnyResponse:
    check_button()
    if session := sessions.current_session():
        actions.sign_out(sessions.signed_in_account(), session)
    return sessions.forget(redirect(url_for(".door"), 303))  # type: ignore[arg-type]


@bp.get("/account")
def show() -> str:
    return _account()


@bp.post("/account/password")
@checks_own_token
def set_password() -> AnyResponse:
    form = NewPasswordForm()
    if form.validate():
        try:
            actions.set_password(sessions.signed_in_account(), form.password.data or "", request.host)
        except passwords.PasswordError as error:
            form.form_errors.append(str(error))
        else:
            return redirect(url_for(".show", said="password"), 303)
    return make_response(_account(password_form=form), 422)


@bp.post("/account/password/remove")
@checks_own_token
def remove_password() -> AnyResponse:
    check_button()
    return _done("no-password") if _could(actions.remove_password) else _last_way()


@bp.get("/account/passkeys/question")
def new_passkey_question() -> AnyResponse:
    return jsonify(passkeys.registration(sessions.signed_in_account())._asdict())


@bp.post("/account/passkeys")
@checks_own_token
def add_passkey() -> AnyResponse:
    form = NewPasskeyForm()
    if form.validate():
        account = sessions.signed_in_account()
        try:
            passkeys.register(account, form.name.data or "", form.answer.data or "", form.challenge.data or "")
        except passkeys.PasskeyError as error:
            form.form_errors.append(str(error))
        else:
            return _done("passkey")
    return make_response(_account(passkey_form=form), 422)


@bp.post("/account/passkeys/<int:id_>/remove")
@checks_own_token
def remove_passkey(id_: int) -> AnyResponse:
    check_button()
    passkey = queries.passkey_of(sessions.signed_in_account(), id_)
    if passkey is None:
        abort(404)
    is_done = _could(lambda account: actions.remove_passkey(account, passkey))
    return _done("no-passkey") if is_done else _last_way()


@bp.post("/account/sign-out-everywhere")
@checks_own_token
def sign_out_everywhere() -> AnyResponse:
    check_button()
    if session := sessions.current_session():
        actions.sign_out_everywhere_else(sessions.signed_in_account(), session)
    return _done("everywhere")


def _could(action: Callable[[Account], None]) -> bool:
    try:
        action(sessions.signed_in_account())
    except actions.AccountError:
        return False
    return True


def _done(said: str) -> AnyResponse:
    return redirect(url_for(".show", said=said), 303)


def _last_way() -> AnyResponse:
    return make_response(_account(problem="last-way"), 409)


def _door(form: PasswordForm, status: int = 200) -> AnyResponse:
    page = render_template(
        "desk/accounts/door.html",
        form=form,
        passkey_form=PasskeyForm(formdata=None),
        has_passkeys=passkeys.are_possible(),
        to=_wanted(),
    )
    return make_response(page, status)


def _account(
    password_form: NewPasswordForm | None = None, passkey_form: NewPasskeyForm | None = None, problem: str = ""
) -> str:
    account = sessions.signed_in_account()
    return render_template(
        "desk/accounts/show.html",
        account=account,
        passkeys=queries.passkeys_of(account),
        sessions=queries.sessions_of(account),
        here=sessions.current_session(),
        has_passkeys=passkeys.are_possible(),
        form=password_form or passkey_form,
        password_form=password_form or NewPasswordForm(formdata=None),
        passkey_form=passkey_form or NewPasskeyForm(formdata=None),
        button=ButtonForm(formdata=None),
        said=request.args.get("said", ""),
        problem=problem,
    )


def _signed_in(account: Account, secret: str) -> AnyResponse:
    return sessions.remember(redirect(_way_back(), 303), secret, account)  # type: ignore[arg-type]


def _wanted() -> str | None:
    """Where somebody wanted to go before the door, if that is a page of the desk."""
    try:
        to = urlsplit(request.args.get("to", ""))
    except ValueError:  # an address such as //[
        return None
    is_ours = not to.scheme and not to.netloc and to.path.startswith("/desk/") and "\\" not in to.path
    return f"{to.path}?{to.query}".rstrip("?") if is_ours else None


def _way_back() -> str:
    return _wanted() or url_for("desk.home")
