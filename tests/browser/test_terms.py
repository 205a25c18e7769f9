"""Glossary terms open in place, for every kind of hand; without JavaScript they are links."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kinds import BROWSER, SUMMARIES

pytestmark = BROWSER

SENTENCE = re.compile(r"(\S+\s+){5}\S")  # more than five words


@pytest.mark.parametrize("how", ["click", "Enter", "Space"])
def test_a_term_opens_and_closes_in_place(visit: Callable[..., Page], urls: dict[str, str], how: str) -> None:
    page = visit(urls["summary"])
    url = page.url

    def press() -> None:
        if how == "click":
            button.click()
        else:
            button.focus()
            page.keyboard.press(how)

    button = page.get_by_role("button").and_(page.locator(".term")).first
    paragraph = button.locator("xpath=ancestor::*[self::p or self::div][1]")
    definition = paragraph.locator("xpath=following-sibling::*[1][@class='definition']")  # it stands where it is read
    expect(button).to_have_attribute("aria-expanded", "false")
    press()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(definition).to_have_attribute("role", "status")
    expect(definition).to_have_text(SENTENCE)
    expect(page.locator(".definition")).to_have_count(1)
    expect(button).to_be_focused()
    press()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".definition")).to_have_count(0)
    press()
    expect(definition).to_have_text(SENTENCE)
    expect(page.locator(".definition")).to_have_count(1)
    assert page.url == url


def test_escape_closes_and_keeps_the_focus(visit: Callable[..., Page], urls: dict[str, str]) -> None:
    page = visit(urls["summary"])
    button = page.locator("button.term").first
    button.press("Enter")
    link = page.locator(".definition").get_by_role("link")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    button.press("Enter")
    link.focus()
    page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    expect(button).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")


def test_the_definition_comes_next_for_the_keyboard(visit: Callable[..., Page], urls: dict[str, str]) -> None:
    page = visit(urls["summary"])
    button = page.locator("button.term").first
    button.press("Enter")
    link = page.locator(".definition").get_by_role("link")
    expect(link).to_have_attribute("href", re.compile(f"{term_address(page)}$"))
    later = page.locator("button.term").all()
    for _ in range(len(later) + 1):
        page.keyboard.press("Tab")
        expect(page.locator(":focus"), "each Tab leads somewhere").to_have_count(1)
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(link).to_be_focused()


def term_address(page: Page) -> str:
    """Where the first term of a page leads when there is no JavaScript."""
    html = page.request.get(page.url).text()
    return html.split('class="term" href="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("kind", SUMMARIES)
def test_names_start_with_the_words_that_are_seen(visit: Callable[..., Page], urls: dict[str, str], kind: str) -> None:
    page = visit(urls[kind])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for button in page.locator("button.term").all():
        seen = button.evaluate("button => button.firstChild.textContent")
        assert seen.strip()
        expect(button).to_have_accessible_name(f"{seen} (what it means)")
    assert page.locator("a.term").count() == 0


@pytest.mark.parametrize("kind", ["summary", "longest"])
def test_without_javascript_a_term_is_a_link(visit: Callable[..., Page], urls: dict[str, str], kind: str) -> None:
    page = visit(urls[kind], java_script_enabled=False)
    assert page.locator("button.term").count() == 0
    link = page.locator("a.term").first
    name = link.get_attribute("data-term")
    assert name is not None
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert "/glossary/" in page.url
