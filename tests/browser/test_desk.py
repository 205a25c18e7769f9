"""Writing at the desk in a browser: what is typed is saved by itself, is never lost, and reaches readers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from tests.browser.kinds import BROWSER, DESKTOP
from tests.browser.test_passkeys import link_of, site
from tests.browser.waiting import PATIENCE

pytestmark = BROWSER
__all__ = ["site"]


@pytest.fixture
def desk(site: tuple[Flask, str], new_context: Callable[..., BrowserContext]) -> Page:
    """The desk, where somebody has just signed in."""
    app, host = site
    page = new_context(viewport=DESKTOP, bypass_csp=True).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(host + link_of(app, "Mira"))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Documents").click()
    return page


def begin(page: Page, kind: str, title: str) -> None:
    page.get_by_label("What do you want to write?").select_option(kind)
    page.get_by_label("Its title, for now").fill(title)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    saves_by_itself(page)


def saves_by_itself(page: Page) -> None:
    """Wait until the script of the page has begun: what is typed before is saved with the next letter."""
    page.locator("#writing[data-htmx-powered]").wait_for()


def test_what_is_typed_is_saved_by_itself_and_published_with_a_press(desk: Page) -> None:
    begin(desk, "page", "Visits")
    desk.locator("#f-description").fill("When to come.")
    expect(desk.locator("#saved")).to_contain_text("Saved at")
    desk.locator("#f-lead").press_sequentially("Come in.")
    expect(desk.locator("#saved")).to_contain_text("version")
    expect(desk.locator("#f-lead"), "what is typed in stays as it is").to_be_focused()
    desk.get_by_role("button", name="Publish now").click()
    stops = desk.locator("#overview")
    expect(stops).to_be_focused()
    stops.get_by_role("link", name=re.compile("Text")).click()
    expect(desk.locator("#f-text")).to_be_focused()
    desk.locator("#f-text").fill("## When\n\nOn Mondays.")
    desk.get_by_role("button", name="Publish now").click()
    expect(desk.get_by_role("status").first).to_have_text("Published. Readers see this text from now on.")
    desk.get_by_role("link", name="on its page").click()
    expect(desk.get_by_text("On Mondays.")).to_be_visible()


def test_findings_come_while_typing_and_the_preview_beside_follows(desk: Page) -> None:
    begin(desk, "page", "Visits")
    for field, text in (("description", "When."), ("lead", "Come in."), ("text", "On Mondays.")):
        desk.locator(f"#f-{field}").fill(text)
    expect(desk.locator("#overview h2")).to_have_text("Nothing stops publishing")
    desk.set_viewport_size({"width": 1600, "height": 900})
    desk.get_by_role("button", name="Preview beside the text").click()
    saves_by_itself(desk)
    shown = desk.frame_locator("#beside")
    expect(shown.get_by_text("Come in.")).to_be_visible()
    lead = desk.locator("#f-lead")
    lead.fill("")
    expect(desk.locator("#f-lead-findings")).to_have_text(re.compile("Stops publishing. Is missing."))
    expect(shown.get_by_role("heading", name="Too little to show yet")).to_be_visible()
    lead.press_sequentially("They had methenamine here.")
    expect(desk.locator("#f-lead-findings")).to_contain_text("Few people know this word.")
    expect(desk.locator("#f-lead-findings")).not_to_contain_text("Stops publishing")
    expect(shown.get_by_text("They had methenamine here.")).to_be_visible()
    expect(lead, "nobody is moved while typing").to_be_focused()
    expect(lead).to_have_value("They had methenamine here.")


def test_a_second_tab_is_told_and_loses_nothing(desk: Page) -> None:
    begin(desk, "page", "Visits")
    other = desk.context.new_page()
    other.goto(desk.url)
    saves_by_itself(other)
    other.locator("#f-lead").fill("Of the other tab.")
    expect(other.locator("#saved")).to_contain_text("Saved at")
    desk.locator("#f-lead").fill("Of this tab.")
    expect(desk.locator("#writing .form-problem")).to_contain_text("saved this document meanwhile")
    expect(desk.locator("#f-lead")).to_have_value("Of this tab.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".desk-problem")).to_contain_text("Somebody saved this meanwhile")
    expect(desk.locator("#f-lead")).to_have_value("Of this tab.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_role("status").first).to_contain_text("Saved.")


def test_signed_out_while_writing_one_signs_in_in_another_tab_and_goes_on(site: tuple[Flask, str], desk: Page) -> None:
    app, host = site
    begin(desk, "page", "Visits")
    other = desk.context.new_page()
    other.goto(host + "/desk/")
    other.get_by_role("button", name="Sign out", exact=True).click()
    desk.locator("#f-lead").fill("Typed while signed out.")
    expect(desk.locator("#writing .form-problem")).to_contain_text("What you wrote is still here")
    other.goto(host + link_of(app, "Ada"))
    other.get_by_role("button", name="Sign in").click()
    expect(desk.locator("#f-lead")).to_have_value("Typed while signed out.")


def test_without_a_connection_the_text_stays_and_is_saved_when_there_is_one(desk: Page) -> None:
    begin(desk, "page", "Visits")
    desk.context.set_offline(True)
    desk.locator("#f-lead").fill("Typed on the train.")
    expect(desk.locator("#writing .form-problem")).to_contain_text("We could not reach this site.")
    desk.context.set_offline(False)
    desk.locator("#f-lead").press_sequentially(" Home now.")
    expect(desk.locator("#saved")).to_contain_text("Saved at")
    expect(desk.locator("#writing .form-problem")).to_be_empty()


def test_leaving_asks_only_while_something_is_not_saved(desk: Page) -> None:
    begin(desk, "page", "Visits")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.on("dialog", leave)
    desk.locator("#f-lead").fill("Come in.")
    expect(desk.locator("#saved")).to_contain_text("Saved at")
    desk.get_by_role("link", name="History").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("History")
    desk.go_back()
    assert asked == []
    desk.route(
        "**/desk/documents/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    desk.locator("#f-lead").press_sequentially(" Now.")
    desk.get_by_role("link", name="History").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("History")
    assert asked == ["beforeunload"]


def test_a_press_at_a_row_leads_to_what_comes_next(desk: Page) -> None:
    begin(desk, "summary", "Arms")
    desk.get_by_role("button", name="Add key finding 1").click()
    expect(desk.get_by_label("Key finding 1", exact=True)).to_be_focused()
    desk.keyboard.type("A finding.")
    desk.get_by_role("button", name="Add source 1").click()
    expect(desk.locator(".desk-row:focus")).to_contain_text("Source 1")
    desk.keyboard.press("Tab")
    expect(desk.locator("[id='f-study-sources-0-where']"), "its first field").to_be_focused()
    desk.get_by_text("Move or remove key finding 1").click()
    desk.get_by_role("button", name="Remove key finding 1").click()
    expect(desk.get_by_role("button", name="Put back key finding 1")).to_be_focused()


def test_lines_pasted_from_a_pdf_are_joined_by_a_press_and_taken_apart_again(desk: Page) -> None:
    begin(desk, "page", "Visits")
    offer = desk.get_by_role("button", name="Join the broken lines of first sentences")
    expect(offer).to_be_hidden()
    paste(desk, "#f-lead", "Come in.")
    expect(offer, "nothing is broken").to_be_hidden()
    paste(desk, "#f-lead", " From the street one goes up, as the re-\ngeneration of the house is\nnot over.")
    offer.click()
    expect(desk.locator("#f-lead")).to_have_value(re.compile("regeneration of the house is not over"))
    back = desk.get_by_role("button", name="Put back the lines of first sentences")
    expect(back).to_be_focused()
    back.click()
    expect(desk.locator("#f-lead")).to_have_value(re.compile("re-\ngeneration"))
    expect(offer).to_be_visible()


def paste(page: Page, field: str, text: str) -> None:
    """As from another program; the browser itself keeps its clipboard from tests."""
    page.locator(field).focus()
    page.evaluate("() => document.activeElement.dispatchEvent(new ClipboardEvent('paste', {bubbles: true}))")
    page.keyboard.insert_text(text)
