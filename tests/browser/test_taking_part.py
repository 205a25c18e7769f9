"""Saying whether a summary was helpful, and writing to the owner, as readers do it; axe on every state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import delete, select

from tests.browser.conftest import Watch, served
from tests.browser.kinds import BROWSER, DESKTOP, PHONE
from tests.browser.test_axe import everywhere
from tests.browser.test_journeys import FOCUS, tab_to
from tests.browser.test_measures import HIDDEN_TEXT, SIDEWAYS, SMALL
from tests.browser.waiting import PATIENCE, everything_asked, is_idle, resize, until
from tests.conftest import make_app
from tests.databases import copy_database
from webapp.ask.actions import ask_for
from webapp.ask.found import Found
from webapp.extensions import db
from webapp.models import Message, OutboxMail, Summary, Vote

pytestmark = BROWSER

REFUSED = "status of (422|429|500)"


@pytest.fixture(scope="module")
def open_app(shipped_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The shipped site, with a database that may be written to."""
    instance = tmp_path_factory.mktemp("taking-part")
    copy_database(shipped_instance, instance)
    app = make_app(instance, OWNER_EMAIL="owner@example.org")
    app.test_client_class = None
    return app


@pytest.fixture(scope="module")
def host(open_app: Flask) -> Iterator[str]:
    with served(open_app) as address:
        yield address


@pytest.fixture(scope="module")
def summary(open_app: Flask) -> str:
    """The address of a summary."""
    with open_app.app_context():
        return f"/research/{db.session.scalars(select(Summary.slug).order_by(Summary.slug)).first()}"


class Voter(Watch):
    """As every page is watched, but who voted has a cookie."""

    def check(self) -> None:
        cookies = self.context.cookies()
        self.context.clear_cookies()
        super().check()
        assert [cookie["name"] for cookie in cookies] in ([], ["reader"])


@pytest.fixture
def read(new_context: Callable[..., BrowserContext], host: str, open_app: Flask) -> Iterator[Callable[..., Page]]:
    """Opens an address as a reader of a site where nobody has said anything yet."""
    with open_app.app_context():
        for model in (Vote, Message, OutboxMail):
            db.session.execute(delete(model))
        db.session.commit()
    watches = []

    def opened(address: str, *, expected: str = REFUSED, **options: Any) -> Page:
        context = new_context(**options)
        watches.append(Voter(context, host, expected))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{host}{address}")
        return page

    yield opened
    for watch in watches:
        watch.check()


def votes(app: Flask) -> list[tuple[bool, str | None, str | None]]:
    with app.app_context():
        return [(one.is_helpful, one.unclear_section, one.comment) for one in db.session.scalars(select(Vote))]


def whole(page: Page) -> None:
    """axe, targets of 44 px, no text cut off, no sideways scrolling; wide and narrow, light and dark."""
    assert not everywhere(page)
    for size in (DESKTOP, PHONE):
        resize(page, size)
        for measure in (SMALL, HIDDEN_TEXT, SIDEWAYS):
            assert not page.evaluate(measure), (page.url, size)


@pytest.mark.parametrize("has_javascript", [True, False])
def test_wanting_a_paper_and_taking_that_back(read: Callable[..., Page], open_app: Flask, has_javascript: bool) -> None:
    with open_app.app_context():
        for number in range(2):
            ask_for(Found(f"10.5555/{number}", f"Walking again, part {number}", "J Cord Med"), "a" * 32)
        db.session.remove()
    page = read("/ask", java_script_enabled=has_javascript, viewport=PHONE)
    assert not page.context.cookies()
    page.get_by_role("button", name="I want paper 1 too").press("Enter")
    expect(page.locator("#wish-1-said")).to_contain_text("You want this paper too.")
    assert page.url.endswith("/ask" if has_javascript else "/ask/1?said=want")
    back = page.get_by_role("button", name="Take back my wish for paper 1")
    if has_javascript:
        expect(back).to_be_focused()
        whole(page)
    back.press("Enter")
    expect(page.locator("#wish-1-said")).to_contain_text("Your wish is taken back.")
    expect(page.locator("#wish-1")).to_contain_text("1 reader wants this.")
    assert not page.context.cookies(), "nothing of it is left in the browser"


def said(page: Page, words: str) -> None:
    expect(page.locator("#feedback-said")).to_contain_text(words)


@pytest.mark.parametrize("has_javascript", [True, False])
def test_answering_explaining_changing_and_taking_back(
    read: Callable[..., Page], open_app: Flask, summary: str, has_javascript: bool
) -> None:
    page = read(summary, java_script_enabled=has_javascript, viewport=PHONE)
    assert not page.context.cookies()
    if has_javascript:
        page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    else:
        page.get_by_role("link", name="Was this summary helpful? Give feedback").click()
    expect(page.get_by_role("group", name="Was this summary helpful?")).to_be_visible()
    assert not page.context.cookies(), "asking sets no cookie"
    page.get_by_role("button", name="No", exact=True).click()
    said(page, "You said no")
    assert [cookie["name"] for cookie in page.context.cookies()] == ["reader"]
    page.get_by_label("Which part was hard to understand?").select_option("Key Findings")
    page.get_by_label("What would make it better?").fill("Fewer numbers.")
    page.get_by_role("button", name="Send what I wrote").click()
    said(page, "We have kept what you wrote")
    assert votes(open_app) == [(False, "key-findings", "Fewer numbers.")]
    page.get_by_role("button", name="Yes", exact=True).click()
    said(page, "You said yes")
    expect(page.get_by_label("What would make it better?")).to_have_value("Fewer numbers.")
    assert votes(open_app) == [(True, "key-findings", "Fewer numbers.")]
    page.reload()
    if has_javascript:
        assert page.url.endswith(summary)
        page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    said(page, "You said yes")
    page.get_by_role("button", name="Delete my answer").click()
    expect(page.get_by_role("button", name="Delete my answer")).to_have_count(0)
    assert votes(open_app) == []
    assert not page.context.cookies()


def test_by_keyboard_the_focus_is_never_lost(read: Callable[..., Page], open_app: Flask, summary: str) -> None:
    page = read(summary, viewport=DESKTOP, reduced_motion="reduce")
    keys = page.keyboard
    page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    expect(page.locator("#answer-yes")).to_be_visible()
    tab_to(page, "Yes", most=90)
    keys.press("Enter")
    said(page, "You said yes")
    expect(page.locator("#answer-yes")).to_be_focused()
    tab_to(page, "No", most=1)
    keys.press("Space")
    said(page, "You said no")
    expect(page.locator("#answer-no")).to_be_focused()
    tab_to(page, "What would make it better?", most=2)
    keys.type("Shorter.")
    tab_to(page, "Send what I wrote", most=1)
    keys.press("Enter")
    said(page, "kept what you wrote")
    expect(page.locator("#answer-details")).to_be_focused()
    assert votes(open_app) == [(False, None, "Shorter.")]
    tab_to(page, "Delete my answer", most=1)
    keys.press("Enter")
    said(page, "deleted")
    expect(page.locator("#feedback-said")).to_be_focused()
    assert votes(open_app) == []


def test_the_focus_goes_with_the_link_when_the_form_takes_its_place(read: Callable[..., Page], summary: str) -> None:
    page = read(summary, viewport=DESKTOP)
    link = page.get_by_role("link", name="Was this summary helpful? Give feedback")
    seen = link.evaluate(f"(link) => {{ link.focus(); return ({FOCUS})().seen; }}")
    assert seen, "the focus is far down the page, and the page is slow to follow"
    expect(page.locator("#answer-yes")).to_be_visible()
    expect(page.get_by_role("group", name="Was this summary helpful?")).to_be_focused()
    tab_to(page, "Yes", most=1)


def test_what_has_the_focus_stays_in_sight_when_the_form_comes_late(read: Callable[..., Page], summary: str) -> None:
    page = read(summary, viewport=DESKTOP)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/feedback", hold)
    with page.expect_request("**/feedback"):
        page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    back = page.locator(".back a")
    back.evaluate("(link) => { link.focus(); link.scrollIntoView({block: 'end'}); }")
    assert page.evaluate(FOCUS)["seen"]
    held[0].continue_()
    expect(page.locator("#answer-yes")).to_be_attached()
    is_idle(page)
    expect(back).to_be_focused()
    until(page, lambda: page.evaluate(FOCUS)["seen"], "what has the focus, in sight")


def test_every_state_of_the_answer_is_whole(read: Callable[..., Page], host: str, summary: str) -> None:
    page = read(f"{summary}/feedback", viewport=DESKTOP, bypass_csp=True)
    whole(page)
    page.get_by_role("button", name="Yes", exact=True).click()
    said(page, "You said yes")
    whole(page)
    page.get_by_label("What would make it better?").fill("a" * 2001)
    page.get_by_role("button", name="Send what I wrote").click()
    expect(page.locator(".error-summary")).to_be_focused()
    whole(page)
    page.goto(f"{host}{summary}")
    page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    said(page, "You said yes")
    whole(page)


@pytest.mark.parametrize("fault", ["broken", "refused", "unreachable"])
def test_a_fault_takes_nothing_that_was_typed_and_sends_nothing_twice(
    read: Callable[..., Page], open_app: Flask, fault: str
) -> None:
    page = read("/contact", viewport=DESKTOP, expected=REFUSED + "|ERR_FAILED|htmx")
    sent = []

    def answer(route: Route) -> None:
        sent.append(route.request)
        if fault == "unreachable":
            route.abort()
        else:
            notice = "<p><strong>Too many requests at once.</strong> Please wait.</p>"
            route.fulfill(status=429 if fault == "refused" else 500, content_type="text/html", body=notice)

    page.route("**/contact", answer)
    page.get_by_label("Your message").fill("All my words")
    page.get_by_role("button", name="Send message").click()
    words = "could not reach this site" if fault == "unreachable" else "Too many requests at once."
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_label("Your message")).to_have_value("All my words")
    everything_asked(page)
    assert page.url.endswith("/contact")
    assert len(sent) == 1
    page.unroute("**/contact")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".form-problem")).to_have_text("")


def test_a_piece_that_cannot_be_had_leaves_the_link(read: Callable[..., Page], summary: str) -> None:
    page = read(summary, viewport=DESKTOP, expected=REFUSED)
    page.route("**/feedback", lambda route: route.fulfill(status=500, body="<h1>Broken</h1>"))
    with page.expect_response("**/feedback"):
        page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    is_idle(page)
    expect(page.get_by_role("link", name="Was this summary helpful? Give feedback")).to_be_visible()
    assert page.url.endswith(summary)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("has_javascript", [True, False])
def test_writing_to_the_owner(read: Callable[..., Page], open_app: Flask, has_javascript: bool) -> None:
    page = read("/", java_script_enabled=has_javascript, viewport=PHONE)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("banner").get_by_role("link", name="Contact").click()
    page.get_by_label("Your e-mail address").fill("kim@")
    page.get_by_label("Your message").fill("What is a rat?")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("group", name="Please look at this again")).to_be_focused()
    page.get_by_role("link", name="This does not look like an e-mail address").click()
    expect(page.get_by_label("Your e-mail address")).to_be_focused()
    expect(page.get_by_label("Your message")).to_have_value("What is a rat?")
    page.get_by_label("Your e-mail address").fill("kim@example.org")
    page.get_by_label("What is it about?").select_option("A question about a summary")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("status")).to_contain_text("Your message has reached us")
    expect(page.get_by_role("heading", name="Before you write"), "it is written").to_have_count(0)
    with open_app.app_context():
        assert db.session.scalars(select(Message.text)).all() == ["What is a rat?"]
        assert db.session.scalars(select(OutboxMail)).one().headers == {"Reply-To": "kim@example.org"}


def test_every_state_of_a_message_is_whole(read: Callable[..., Page], host: str) -> None:
    page = read("/contact", viewport=DESKTOP, bypass_csp=True)
    whole(page)
    page.get_by_role("button", name="Send message").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title("Error: Contact us - Spinal Cord Research Help")
    whole(page)
    page.get_by_label("Your e-mail address").fill("kim@example.org")
    page.get_by_label("What is it about?").select_option("Something else")
    page.get_by_label("Your message").fill("Hello")
    page.get_by_role("button", name="Send message").press("Enter")
    expect(page.locator("#contact-said")).to_be_focused()
    expect(page).to_have_title("Contact us - Spinal Cord Research Help")
    whole(page)
    page.goto(f"{host}/contact/sent")
    whole(page)


def open_feedback(page: Page) -> None:
    page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    expect(page.get_by_role("group", name="Was this summary helpful?")).to_be_visible()


def test_yes_and_then_no_while_the_first_is_under_way_keeps_no(
    read: Callable[..., Page], open_app: Flask, summary: str
) -> None:
    page = read(summary, viewport=DESKTOP)
    open_feedback(page)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/feedback", hold_the_first)
    page.get_by_role("button", name="Yes", exact=True).click()
    until(page, lambda: held, "the first answer is under way")
    page.get_by_role("button", name="No", exact=True).click()
    held[0].continue_()
    said(page, "You said no")
    assert votes(open_app) == [(False, None, None)]
    expect(page.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("fault", ["no connection", "status 500"])
def test_a_vote_that_fails_does_not_stand_below_an_old_thanks(
    read: Callable[..., Page], open_app: Flask, summary: str, fault: str
) -> None:
    page = read(summary, viewport=DESKTOP, expected="Failed to load resource|htmx:error|status of 500")
    open_feedback(page)
    page.get_by_role("button", name="Yes", exact=True).click()
    said(page, "You said yes")
    page.route("**/feedback", lambda route: route.abort() if fault == "no connection" else route.fulfill(status=500))
    page.get_by_role("button", name="No", exact=True).click()
    if fault == "no connection":
        expect(page.locator(".feedback .form-problem")).to_contain_text("We could not reach this site.")
    expect(page.locator("#feedback-said")).to_be_empty()
    assert votes(open_app) == [(True, None, None)]


def test_the_chosen_answer_moves_no_button(read: Callable[..., Page], summary: str) -> None:
    page = read(summary, viewport=DESKTOP)
    open_feedback(page)
    buttons = [page.get_by_role("button", name=name, exact=True) for name in ("Yes", "No")]
    group = page.get_by_role("group", name="Was this summary helpful?")

    def places() -> list[tuple[float, float]]:
        boxes = [(button.bounding_box(), group.bounding_box()) for button in buttons]
        return [(box["x"] - around["x"], box["width"]) for box, around in boxes if box and around]

    before = places()
    assert len(before) == 2
    for button, words in zip(buttons, ("You said yes", "You said no"), strict=True):
        button.click()
        said(page, words)
        assert places() == before


def test_the_menu_of_a_phone_needs_no_script_and_escape_closes_it(read: Callable[..., Page]) -> None:
    for has_javascript in (True, False):
        page = read("/about", java_script_enabled=has_javascript, viewport=PHONE)
        menu = page.get_by_role("navigation", name="Main")
        expect(menu).to_be_hidden()
        page.get_by_role("button", name="Menu").press("Enter")
        expect(menu).to_be_visible()
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(page.get_by_role("button", name="Menu")).to_be_focused()
