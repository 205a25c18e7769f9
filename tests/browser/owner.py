"""An owner and a reader in browsers of their own, on a site that works by the clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_passkeys import link_of
from tests.mail.server import Inbox
from webapp.tasks import TASKS
from webapp.worker import Stop, Turn

READER = "reader@example.org"

Browse = Callable[..., Page]
"""The fixture `browse`."""


def signed_in(browse: Browse, app: Flask, host: str, **options: Any) -> Page:
    """The desk, entered with a link that works once."""
    page = browse(host + link_of(app, "Mira"), **options)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    return page


def work(app: Flask) -> None:
    """All that runs by the clock, twice: mails go out that were written after the first delivery."""
    with app.app_context():
        for task in [*TASKS, *TASKS]:
            task.action(Turn(Stop()))


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def subscribes(reader: Page, app: Flask, host: str, inbox: Inbox) -> None:
    reader.goto(f"{host}/subscribe")
    reader.get_by_label("Your e-mail address").fill(READER)
    reader.get_by_label("Once a week").check()
    reader.get_by_label(re.compile("^Yes, send me letters")).check()
    press(reader, "Send me letters")
    expect(reader.get_by_role("heading", name="One step is left")).to_be_visible()
    work(app)
    [mail] = inbox.messages
    body = mail.get_body(("plain",))
    assert body
    found = re.search(r"Confirm my letters: http://localhost(\S+)", str(body.get_content()))
    assert found, "the link to confirm"
    reader.goto(host + found[1])
    press(reader, "Confirm my letters")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Your letters are on")
