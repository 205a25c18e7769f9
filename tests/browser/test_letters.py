"""Subscribing, confirming, changing and leaving, as three kinds of reader do it; axe on every state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete, select

from tests.browser.conftest import Watch, served
from tests.browser.kinds import BROWSER, DESKTOP, PHONE
from tests.browser.test_axe import everywhere
from tests.browser.test_journeys import tab_to
from tests.browser.test_measures import HIDDEN_TEXT, SIDEWAYS, SMALL
from tests.browser.waiting import PATIENCE, resize
from tests.conftest import site_on
from webapp.extensions import db
from webapp.models import OutboxMail, Subscriber

pytestmark = BROWSER

ADDRESS = "reader@example.org"


@pytest.fixture(scope="module")
def letters_app(shipped_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The shipped site, with a database that may be written to."""
    app = site_on(shipped_instance, tmp_path_factory.mktemp("letters"))
    app.test_client_class = None
    return app


@pytest.fixture(scope="module")
def host(letters_app: Flask) -> Iterator[str]:
    with served(letters_app) as address:
        yield address


@pytest.fixture
def read(new_context: Callable[..., BrowserContext], host: str, letters_app: Flask) -> Iterator[Callable[..., Page]]:
    """Opens an address as a reader of a site nobody has subscribed to yet; every page is watched."""
    with letters_app.app_context():
        for model in (Subscriber, OutboxMail):
            db.session.execute(delete(model))
        db.session.commit()
    watches = []

    def opened(address: str, *, expected: str = "status of 422", **options: Any) -> Page:
        context = new_context(**options)
        watches.append(Watch(context, host, expected))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{host}{address}")
        return page

    yield opened
    for watch in watches:
        watch.check()


@pytest.fixture
def link(letters_app: Flask, host: str) -> Callable[[str], str]:
    """Where some words in the newest mail lead."""

    def found(words: str) -> str:
        with letters_app.app_context():
            mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
            assert mail is not None
            assert mail.recipient == ADDRESS
            lines = re.findall(rf"^{words}: https://example\.org(\S+)$", mail.text, re.MULTILINE)
            assert len(lines) == 1, mail.text
            return f"{host}{lines[0]}"

    return found


def subscribers(app: Flask) -> list[tuple[list[str], str, bool]]:
    with app.app_context():
        return [(one.topics, one.frequency, one.is_confirmed) for one in db.session.scalars(select(Subscriber))]


def by_hand(page: Page) -> None:
    """From the category to the form, filled in and sent; what is forgotten at first is said."""
    page.get_by_role("link", name="Get letters about bladder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Subscribe")
    expect(page.get_by_label("Bladder", exact=True)).to_be_checked()
    page.get_by_label("Skin", exact=True).check()
    page.get_by_label("Once a month").check()
    page.get_by_role("button", name="Send me letters").click()
    summary = page.get_by_role("group", name="Please look at this again")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("Your e-mail address")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Bladder", exact=True)).to_be_checked()
    expect(page.get_by_label("Once a month")).to_be_checked()
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_label(re.compile("^Yes, send me letters")).check()
    page.get_by_role("button", name="Send me letters").click()
    expect(page.get_by_role("heading", name="One step is left")).to_be_visible()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_from_a_category_to_leaving(
    read: Callable[..., Page], link: Callable[[str], str], letters_app: Flask, has_javascript: bool
) -> None:
    page = read("/categories/bladder", java_script_enabled=has_javascript, viewport=PHONE)
    by_hand(page)
    assert page.url.endswith("/subscribe?topic=bladder" if has_javascript else "/subscribe/sent")
    assert subscribers(letters_app) == [(["bladder", "skin"], "monthly", False)]
    page.goto(link("Confirm my letters"))
    expect(page.get_by_text(ADDRESS)).to_be_visible()
    page.get_by_role("button", name="Confirm my letters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letters are on")
    assert subscribers(letters_app) == [(["bladder", "skin"], "monthly", True)]
    page.get_by_role("link", name="Change my letters").click()
    page.get_by_label("Skin", exact=True).uncheck()
    page.get_by_label("Once a week").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.get_by_label("Skin", exact=True)).not_to_be_checked()
    assert subscribers(letters_app) == [(["bladder"], "weekly", True)]
    page.get_by_role("button", name="Stop and delete my address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You get no more letters")
    assert not subscribers(letters_app)


def test_by_keyboard_only(read: Callable[..., Page], link: Callable[[str], str], letters_app: Flask) -> None:
    page = read("/", viewport=DESKTOP, reduced_motion="reduce")
    keys = page.keyboard
    tab_to(page, "Subscribe")
    keys.press("Enter")
    page.wait_for_url("**/subscribe")
    tab_to(page, "Your e-mail address")
    keys.type("reader")
    keys.press("Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    tab_to(page, "This does not look like an e-mail address", most=1)
    keys.press("Enter")
    expect(page.get_by_label("Your e-mail address")).to_be_focused()
    keys.press("End")
    keys.type("@example.org")
    tab_to(page, "Hand and arm use", most=3)
    keys.press("Space")
    tab_to(page, "Once a week")
    keys.press("ArrowDown")
    tab_to(page, "Yes, send me letters", most=2)
    keys.press("Space")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="One step is left")).to_be_focused()
    assert subscribers(letters_app) == [(["hand-and-arm-use"], "monthly", False)]
    page.goto(link("Confirm my letters"))
    tab_to(page, "Confirm my letters")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letters are on")
    tab_to(page, "Change my letters")
    keys.press("Enter")
    page.wait_for_url("**/subscribe/manage/*")
    tab_to(page, "Save")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    tab_to(page, "Stop and delete my address", most=1)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You get no more letters")
    assert not subscribers(letters_app)


def whole(page: Page) -> None:
    """axe, targets of 44 px, no text cut off, no sideways scrolling; wide and narrow, light and dark."""
    assert not everywhere(page)
    for size in (DESKTOP, PHONE):
        resize(page, size)
        for measure in (SMALL, HIDDEN_TEXT, SIDEWAYS):
            assert not page.evaluate(measure), (page.url, size)


def test_every_state_is_whole(read: Callable[..., Page], link: Callable[[str], str], host: str) -> None:
    page = read("/subscribe", viewport=DESKTOP, bypass_csp=True, expected="status of (422|404)")
    whole(page)
    page.get_by_role("button", name="Send me letters").click()
    expect(page.locator(".error-summary")).to_be_focused()
    whole(page)
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_label(re.compile("^Yes, send me letters")).check()
    page.get_by_role("button", name="Send me letters").click()
    expect(page.get_by_role("heading", name="One step is left")).to_be_focused()
    whole(page)
    page.goto(f"{host}/subscribe/sent")
    whole(page)
    page.goto(link("Confirm my letters"))
    whole(page)
    page.get_by_role("button", name="Confirm my letters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letters are on")
    whole(page)
    page.get_by_role("link", name="Change my letters").click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    whole(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    whole(page)
    page.get_by_role("button", name="Stop and delete my address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You get no more letters")
    whole(page)
    page.goto(f"{host}/unsubscribe/1.x")
    whole(page)
