"""Somebody who is signed in at the desk."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.page import PageClient, client_of
from webapp.desk.accounts.actions import add_account

PASSWORD = "wooden otter lantern"


def enter(client: PageClient, name: str = "Mira") -> PageClient:
    """Sign a new account in with its first link."""
    link = f"/desk/link/{add_account(name)}"
    assert client.post(link, data=client.page(link).values()).location == "/desk/account"
    return client


@pytest.fixture
def mira(client: PageClient) -> PageClient:
    """A client that is signed in, with a password too."""
    enter(client)
    values = client.page("/desk/account").values("form[action='/desk/account/password']", password=PASSWORD)
    assert client.post("/desk/account/password", data=values).status_code == 303
    return client


@pytest.fixture
def stranger(app: Flask) -> PageClient:
    """Another browser."""
    return client_of(app)
