"""Signing in with a passkey, as a browser does it: Chromium's virtual authenticator holds the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import served
from tests.browser.kinds import BROWSER, PHONE
from tests.browser.waiting import PATIENCE
from tests.conftest import make_app
from tests.databases import copy_database
from webapp.desk.accounts.actions import add_account

pytestmark = BROWSER

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def site(shipped_instance: Path, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """A site that may be written to, at a name: browsers keep no passkeys for numbers."""
    copy_database(shipped_instance, tmp_path / "instance")
    app = make_app(tmp_path / "instance", SITE_URL="http://localhost")
    app.test_client_class = None
    with served(app) as address:
        yield app, address.replace("127.0.0.1", "localhost")


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A phone with a screen lock."""
    page = new_context(viewport=PHONE).new_page()
    page.set_default_timeout(PATIENCE)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def link_of(app: Flask, name: str) -> str:
    with app.app_context():
        return f"/desk/link/{add_account(name)}"


def add_passkey(page: Page, name: str) -> None:
    page.get_by_label("What you call this device").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def test_a_passkey_signs_in_without_a_name(site: tuple[Flask, str], phone: Page) -> None:
    app, host = site
    phone.goto(host + link_of(app, "Mira"))
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your account")
    add_passkey(phone, "my phone")
    expect(phone.get_by_role("status")).to_have_text("The passkey was added.")
    add_passkey(phone, "once more")
    expect(phone.locator("[data-passkey] [data-problem]")).to_contain_text("has a passkey for you already")
    phone.get_by_role("button", name="Sign out", exact=True).click()
    phone.goto(f"{host}/desk/account")
    phone.get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(phone.get_by_text("You are signed in as Mira")).to_be_visible()
    phone.get_by_role("button", name="Remove my phone").click()
    expect(phone.get_by_role("alert").first).to_contain_text("your only way to sign in")


def test_a_removed_passkey_and_an_answer_sent_twice_are_no_good(site: tuple[Flask, str], phone: Page) -> None:
    app, host = site
    phone.goto(host + link_of(app, "Mira"))
    phone.get_by_role("button", name="Sign in").click()
    phone.get_by_label("New password").fill("wooden otter lantern")
    phone.get_by_role("button", name="Set this password").click()
    add_passkey(phone, "my phone")
    expect(phone.get_by_role("status")).to_have_text("The passkey was added.")
    phone.get_by_role("button", name="Sign out", exact=True).click()
    sent: list[Any] = []
    phone.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    phone.get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("The desk")
    phone.get_by_role("button", name="Sign out", exact=True).click()
    phone.goto(f"{host}/desk/sign-in")
    again = phone.request.post(
        f"{host}/desk/sign-in/passkey",
        data=sent[0],
        headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": host},
        max_redirects=0,
    )
    assert again.status == 422, "what was signed once counts once"
    phone.get_by_role("button", name="Sign in with a passkey").click()
    phone.get_by_text("More of the desk").click()
    phone.get_by_role("link", name="Your account").click()
    phone.get_by_role("button", name="Remove my phone").click()
    expect(phone.get_by_role("status")).to_have_text("The passkey was removed.")
    phone.get_by_role("button", name="Sign out", exact=True).click()
    phone.get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.get_by_text("This passkey is not known here.")).to_be_visible()


def test_without_javascript_a_password_is_enough(
    site: tuple[Flask, str], new_context: Callable[..., BrowserContext]
) -> None:
    app, host = site
    page = new_context(java_script_enabled=False).new_page()
    page.goto(host + link_of(app, "Mira"))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password").fill("wooden otter lantern")
    page.get_by_role("button", name="Set this password").click()
    expect(page.get_by_role("status")).to_have_text("Your new password counts from now on.")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.get_by_label("Name").fill("mira")
    page.locator("#password").fill("wooden otter lantern")
    page.get_by_role("button", name="Sign in with the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The desk")
