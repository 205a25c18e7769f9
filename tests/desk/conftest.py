"""Somebody who is signed in at the desk."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from argon2 import PasswordHasher
from flask import Flask, Response

from tests.page import PageClient, client_of
from webapp.desk.accounts.actions import add_account, use_link
from webapp.desk.accounts.queries import account_named
from webapp.desk.accounts.sessions import PATH, remember
from webapp.desk.activity.actions import note
from webapp.extensions import db

PASSWORD = "wooden otter lantern"


def enter(client: PageClient, name: str = "Mira") -> PageClient:
    """Sign a new account in with its first link, as its page does (tests/desk/accounts/ presses the button)."""
    used = use_link(add_account(name))
    assert used
    account, secret = used
    with client.application.test_request_context(PATH):
        given = remember(Response(), secret, account).headers.getlist("Set-Cookie")
    db.session.rollback()  # the next request reads what is there by then
    for cookie in SimpleCookie("; ".join(line.split(";")[0] for line in given)).values():
        client.set_cookie(cookie.key, cookie.value, path=PATH)
    return client


def give_password(name: str = "Mira") -> None:
    """As the page does (tests/desk/accounts/ fills it in), but with a hash that takes no time to check."""
    account = account_named(name)
    assert account
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    note(name, "Set a new password.")
    db.session.commit()


@pytest.fixture
def mira(client: PageClient) -> PageClient:
    """A client that is signed in, with a password too."""
    enter(client)
    give_password()
    return client


@pytest.fixture
def stranger(app: Flask) -> PageClient:
    """Another browser."""
    return client_of(app)
