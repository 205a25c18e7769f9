"""Accounts: a link that works once, a password, sessions that end, and a door that strangers cannot lock."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from tests.conftest import Forward, make_app
from tests.desk.conftest import PASSWORD, enter
from tests.page import PageClient, client_of
from webapp.desk.accounts import passwords
from webapp.desk.accounts.actions import add_account
from webapp.desk.accounts.queries import SESSION_LIFETIME, account_named
from webapp.extensions import db
from webapp.models import Activity, DeskSession, SignInLink

OPEN = {"desk.accounts.door", "desk.accounts.sign_in", "desk.accounts.passkey_question", "desk.accounts.link",
        "desk.accounts.sign_in_with_passkey", "desk.accounts.use_link"}  # fmt: skip


def sign_in(client: PageClient, name: str = "Mira", password: str = PASSWORD) -> int:
    values = client.page("/desk/sign-in").values("form.form", name=name, password=password)
    return client.post("/desk/sign-in", data=values).status_code


def logged() -> list[str]:
    return [f"{one.who}: {one.what}" for one in db.session.scalars(select(Activity).order_by(Activity.id))]


def test_every_address_of_the_desk_refuses_strangers(app: Flask, client: PageClient) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk")]
    assert {rule.endpoint for rule in rules} > OPEN
    for rule in rules:
        if rule.endpoint in OPEN:
            continue
        url = re.sub(r"<[^>]+>", "1", re.sub(r"<any\('?([\w-]+).*?>", r"\1", rule.rule))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(url, method=method)
            assert answer.status_code == (303 if method == "GET" else 401), f"{method} {url}"
            assert method != "GET" or answer.location.startswith("/desk/sign-in?to=")
        piece = client.get(url, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
        assert piece.status_code in {401, 405}, url


def test_no_page_of_the_desk_is_kept_or_found(mira: PageClient) -> None:
    for url in ("/desk/", "/desk/account"):
        assert mira.get(url).headers["Cache-Control"] == "no-store"
        assert mira.page(url).one("meta[name=robots]").get("content") == "noindex"
    assert "/desk" not in mira.get("/sitemap.xml").text


def test_a_link_signs_in_once_and_only_when_its_button_is_pressed(client: PageClient, stranger: PageClient) -> None:
    link = f"/desk/link/{add_account('Mira')}"
    values = client.page(link).values()
    assert client.get(link).status_code == 200, "a program that looked at it has not used it up"
    assert client.post(link, data=values).status_code == 303
    assert "You are signed in as Mira" in client.page("/desk/account").texts("main .lead")[0]
    assert stranger.post(link, data=values).location == link
    assert stranger.get(link).status_code == 410
    assert stranger.get("/desk/account").status_code == 303


def test_a_link_runs_out(client: PageClient, forward: Forward) -> None:
    link = f"/desk/link/{add_account('Mira')}"
    values = client.page(link).values()
    forward(dt.timedelta(minutes=61))
    assert client.get(link).status_code == 410
    client.post(link, data=values)
    assert client.get("/desk/").status_code == 303


def test_nothing_that_signs_in_can_be_read_from_the_database(mira: PageClient) -> None:
    secret = add_account("Ada")
    cookie = mira.get_cookie("__Secure-desk", path="/desk") or mira.get_cookie("desk", path="/desk")
    assert cookie
    kept = [row.digest for row in db.session.scalars(select(SignInLink))]
    kept += [row.digest for row in db.session.scalars(select(DeskSession))]
    assert secret not in kept
    assert cookie.value not in kept
    account = account_named("Mira")
    assert account
    assert (account.password_hash or "").startswith("$argon2id$")


def test_the_cookie_goes_to_the_desk_alone(client: PageClient) -> None:
    link = f"https://example.org/desk/link/{add_account('Mira')}"
    values = client.page(link).values()
    cookies = client.post(link, data=values).headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["__Secure-desk", "__Secure-desk-device"]
    for cookie in cookies:
        for mark in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/desk"):
            assert mark in cookie
    assert "Set-Cookie" not in client.get("/").headers


def test_a_password_signs_in_and_leads_to_where_one_wanted_to_go(mira: PageClient, stranger: PageClient) -> None:
    assert stranger.get("/desk/account?x=1").location == "/desk/sign-in?to=/desk/account?x%3D1"
    page = stranger.page("/desk/sign-in?to=/desk/account?x%3D1")
    form = page.one("form.form")
    answer = stranger.post(form.get("action"), data=page.values("form.form", name="mira ", password=PASSWORD))
    assert (answer.status_code, answer.location) == (303, "/desk/account?x=1")
    assert logged()[-1] == "Mira: Signed in with a password."


def test_a_password_that_is_set_takes_the_place_of_the_one_before(mira: PageClient, stranger: PageClient) -> None:
    values = mira.page("/desk/account").values("form[action='/desk/account/password']", password="another tall heron")
    assert mira.post("/desk/account/password", data=values).status_code == 303
    assert logged()[-1] == "Mira: Set a new password."
    account = account_named("Mira")
    assert account
    assert (account.password_hash or "").startswith("$argon2id$v=19$m=19456,t=2,p=1$"), "of the cost that OWASP names"
    assert sign_in(stranger) == 422
    assert sign_in(stranger, password="another tall heron") == 303


@pytest.mark.parametrize(
    "to", ["https://evil.example/desk/", "//evil.example/desk/", "/\\evil.example", "/about", "//[", "http://[", ""]
)
def test_the_door_leads_nowhere_else(mira: PageClient, to: str) -> None:
    assert mira.get("/desk/sign-in", query_string={"to": to}).location == "/desk/"


def test_each_sign_in_has_a_session_of_its_own(mira: PageClient) -> None:
    before = mira.get_cookie("desk", path="/desk")
    mira.post("/desk/sign-out", data=mira.page("/desk/").values("header form"))
    assert mira.get("/desk/").status_code == 303
    assert sign_in(mira) == 303
    after = mira.get_cookie("desk", path="/desk")
    assert before
    assert after
    assert before.value != after.value


@pytest.mark.parametrize(
    ("name", "password"), [("Mira", "wrong and long enough"), ("Nobody", PASSWORD), ("Mira", "x" * 9999)]
)
def test_what_does_not_belong_together_signs_nobody_in(
    mira: PageClient, stranger: PageClient, name: str, password: str
) -> None:
    page = stranger.page("/desk/sign-in")
    answer = stranger.post("/desk/sign-in", data=page.values("form.form", name=name, password=password))
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert password not in answer.text
    assert stranger.get("/desk/").status_code == 303


def test_strangers_tries_slow_them_down_and_not_the_owner(instance: Path) -> None:
    limited = make_app(instance, RATELIMIT_ENABLED=True)
    with limited.app_context():
        owner, stranger = enter(client_of(limited)), client_of(limited)
        values = owner.page("/desk/account").values("form[action='/desk/account/password']", password=PASSWORD)
        owner.post("/desk/account/password", data=values)
        owner.post("/desk/sign-out", data=owner.page("/desk/").values("header form"))
        tries = [sign_in(stranger, password="wrong and long enough") for _ in range(11)]
        assert tries == [422] * 10 + [429]
        assert sign_in(stranger) == 429, "even with the right one"
        assert sign_in(owner) == 303, "on a device where the owner has signed in before"


def test_signing_out_everywhere_else_ends_the_others(mira: PageClient, stranger: PageClient) -> None:
    assert sign_in(stranger) == 303
    values = mira.page("/desk/account").values("form[action$=sign-out-everywhere]")
    mira.post("/desk/account/sign-out-everywhere", data=values)
    assert stranger.get("/desk/").status_code == 303
    assert mira.get("/desk/").status_code == 200


def test_a_session_that_is_not_used_ends(mira: PageClient, forward: Forward) -> None:
    forward(SESSION_LIFETIME - dt.timedelta(days=1))
    assert mira.get("/desk/").status_code == 200, "used, it lives on"
    forward(SESSION_LIFETIME - dt.timedelta(days=1))
    assert mira.get("/desk/").status_code == 200
    forward(SESSION_LIFETIME + dt.timedelta(days=1))
    assert mira.get("/desk/").status_code == 303


def test_a_form_of_one_session_is_no_good_in_another(mira: PageClient, stranger: PageClient) -> None:
    values = mira.page("/desk/account").values(
        "form[action='/desk/account/password']", password="another long password"
    )
    enter(stranger, "Ada")
    assert stranger.post("/desk/account/password", data=values).status_code == 400


def test_a_form_of_a_session_that_ended_is_no_good_in_the_next_one(mira: PageClient) -> None:
    """SQLite gives its number again."""
    values = mira.page("/desk/settings").values(name="Somebody else's site")
    mira.post("/desk/sign-out", data=mira.page("/desk/").values("header form"))
    enter(mira, "Ada")
    assert mira.post("/desk/settings", data=values).status_code == 400


def test_the_last_way_to_sign_in_stays(mira: PageClient) -> None:
    values = mira.page("/desk/account").values("form[action$='password/remove']")
    answer = mira.post("/desk/account/password/remove", data=values)
    assert answer.status_code == 409
    assert "your only way to sign in" in answer.text
    account = account_named("Mira")
    assert account
    assert account.password_hash


@pytest.mark.parametrize(
    "password",
    ["", "short", "Password1234", "P@ssw0rd!!!!", "qwertyuiopas", "123456789012", "aaaaaaaaaaaaaa", "Mira!!!!!!!!!",
     "spinalcordresearchhelp", "Iloveyou2024!", "x" * 201],
)  # fmt: skip
def test_a_password_anybody_would_try_is_not_taken(mira: PageClient, password: str) -> None:
    values = mira.page("/desk/account").values("form[action='/desk/account/password']", password=password)
    answer = mira.post("/desk/account/password", data=values)
    assert answer.status_code == 422, password
    account = account_named("Mira")
    assert account
    assert passwords.is_right(PASSWORD, account.password_hash), "the old one still counts"


@pytest.mark.parametrize(
    "password", ["wooden otter lantern", "zwölf Äpfel im Garten", "correct-zebra-staple-9", "  spaces are fine  "]
)
def test_any_other_long_password_is_taken_as_it_is(password: str) -> None:
    passwords.check_choice(password, "Mira")
    found = passwords.hash_of(password)
    assert passwords.is_right(password, found)
    assert not passwords.is_right(password + " ", found)
    assert not passwords.is_right(password, None)


def test_the_commands_add_reset_list_and_remove(app: Flask, runner: FlaskCliRunner, client: PageClient) -> None:
    said = runner.invoke(args=["owner", "add", "Mira  Owner"]).output
    link = re.search(r"https://example\.org(/desk/link/\S+)", said)
    assert link
    client.post(link[1], data=client.page(link[1]).values())
    assert client.get("/desk/").status_code == 200
    assert "There is an account" in runner.invoke(args=["owner", "add", "mira owner"]).output
    assert runner.invoke(args=["owner", "list"]).output == "Mira Owner: 0 passkeys, signed in on 1\n"
    assert "https://example.org/desk/link/" in runner.invoke(args=["owner", "reset", "Mira Owner"]).output
    assert client.get("/desk/").status_code == 303, "signed out everywhere"
    assert "There is no account Ada" in runner.invoke(args=["owner", "reset", "Ada"]).output
    runner.invoke(args=["owner", "remove", "Mira Owner"])
    assert account_named("Mira Owner") is None
    assert len(logged()) == 4, "what was done stays"


def test_what_keeps_passwords_is_told_for_whom_a_new_one_is(mira: PageClient) -> None:
    """A browser passes over a name in a field of the type "hidden"; nobody sees this one either."""
    name = mira.page("/desk/account").one("form[action='/desk/account/password'] div[hidden] input[type=text]")
    assert (name.get("value"), name.get("autocomplete")) == ("Mira", "username")
