"""“Find a study on bladder and understand how strong it is”, by three kinds of reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.browser.kinds import BROWSER, DESKTOP, PHONE
from tests.browser.waiting import is_idle, until

pytestmark = BROWSER

# What shows the focus: the element that has it, or one around it that is outlined for it.
FOCUS = """() => {
  const focused = document.activeElement;
  const style = (element) => getComputedStyle(element);
  const shown = (element) => style(element).outlineStyle !== 'none' && parseFloat(style(element).outlineWidth) >= 2;
  let outlined = focused;
  while (outlined && !shown(outlined)) outlined = outlined.parentElement;
  const box = (outlined ?? focused).getBoundingClientRect();
  return {
    name: focused.labels?.[0]?.innerText ?? focused.innerText.trim(),
    outlined: outlined !== null && outlined !== document.documentElement,
    seen: box.width > 1 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}"""


def tab_to(page: Page, name: str, *, most: int = 40) -> None:
    """Press Tab until the control with this visible name has the focus, which is to be seen at every stop."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        stops.append(focus["name"])
        until(page, lambda: page.evaluate(FOCUS)["outlined"], f"a ring on “{focus['name']}”")
        until(page, lambda: page.evaluate(FOCUS)["seen"], f"“{focus['name']}”, which has the focus, in sight")
        if focus["name"].startswith(name):
            return
    raise AssertionError(f"“{name}” is not among the first {most} stops: {stops}")


def skip_to_main(page: Page) -> None:
    tab_to(page, "Skip to main content", most=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def understands_how_strong_it_is(page: Page) -> None:
    """A summary is open, and says on which step of the ladder its study stands, and what that means."""
    assert "/research/" in page.url
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    strip = page.get_by_role("region", name="Facts at a glance")
    expect(strip).to_contain_text(re.compile(r"kind of study\s*step [1-5] of 5, 1 is strongest"))
    lit = page.locator(".ladder .lit")
    step = int(page.locator(".ladder text.is-here").text_content() or "")
    assert (lit.get_attribute("d") or "").count("M") == 6 - step, "the column is as high as the step is strong"
    for words in ("What this kind of study can tell", "What it cannot tell", "Study Duration"):
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Reading grade \d$"))).to_be_visible()


def test_by_keyboard_only(visit: Callable[..., Page]) -> None:
    page = visit("/", viewport=DESKTOP, reduced_motion="reduce")
    keys = page.keyboard
    skip_to_main(page)
    tab_to(page, "What do you want to know about?", most=1)
    keys.type("bladder")
    keys.press("Enter")
    page.wait_for_url("**/research/?q=bladder")
    skip_to_main(page)
    tab_to(page, "Kind of study", most=8)
    keys.press("S")
    page.wait_for_url(re.compile(r"level=\d"))
    is_idle(page)
    expect(page.get_by_label("Kind of study"), "the focus stays on the control").to_be_focused()
    keys.press("Home")
    page.wait_for_url("**/research/?q=bladder")
    is_idle(page)
    tab_to(page, "Sort by", most=4)
    keys.press("S")
    page.wait_for_url("**/research/?q=bladder&sort=evidence")
    is_idle(page)
    lit = [
        path.count("M")
        for path in page.locator(".card .spine-mark .lit").evaluate_all("all => all.map(one => one.getAttribute('d'))")
    ]
    assert len(lit) > 1
    assert lit == sorted(lit, reverse=True), "the strongest first"
    title = page.locator(".card h3").first.inner_text()
    tab_to(page, title, most=5)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    understands_how_strong_it_is(page)
    tab_to(page, "How we grade evidence", most=40)
    keys.press("Enter")
    page.wait_for_url("**/how-we-write#evidence")
    expect(page.locator("#evidence")).to_be_in_viewport()


def test_every_stop_of_a_summary_is_seen(visit: Callable[..., Page], urls: dict[str, str]) -> None:
    for kind, size in (("summary", DESKTOP), ("retracted", PHONE)):
        page = visit(urls[kind], viewport=size, reduced_motion="reduce")
        last = page.get_by_role("contentinfo").get_by_role("link").last.inner_text()
        tab_to(page, last, most=90)


def test_with_javascript_off(visit: Callable[..., Page]) -> None:
    page = visit("/", viewport=PHONE, java_script_enabled=False)
    page.get_by_label("What do you want to know about?").fill("bladder")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("for “bladder”")
    page.get_by_text("Filter and sort").click()
    page.get_by_label("Sort by").select_option("evidence")
    page.get_by_label("How far along").select_option("larger-trials")
    page.get_by_role("button", name=re.compile("^Show \\d")).click()
    expect(page.get_by_label("How far along")).to_have_value("larger-trials")
    expect(page.get_by_label("Search summaries")).to_have_value("bladder")
    page.locator(".card").first.get_by_role("link").click()
    understands_how_strong_it_is(page)
    page.get_by_role("link", name="Bladder", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bladder")
    page.get_by_role("link", name="Latest Research").first.click()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("status")).to_contain_text("showing 13 to")


def say(page: Page, role: Literal["button", "combobox", "link", "searchbox"], words: str) -> Locator:
    """The control a voice finds by the words that are seen; several of one name must do the same."""
    found = page.get_by_role(role, name=words, exact=True)
    expect(found).not_to_have_count(0)
    assert len(set(found.evaluate_all("all => all.map(one => one.href ?? one.id)"))) == 1, f"several are “{words}”"
    expect(found.first).to_be_visible()
    seen = found.first.evaluate("one => (one.labels?.[0] ?? one).innerText").strip()
    assert seen.lower().startswith(words.lower()), f"“{words}” is not what is seen: “{seen}”"
    return found.first


def test_by_names_that_are_seen(visit: Callable[..., Page]) -> None:
    page = visit("/", viewport=DESKTOP)
    say(page, "searchbox", "What do you want to know about?").fill("bladder")
    say(page, "button", "Search").click()
    expect(page.get_by_role("status")).to_contain_text("for “bladder”")
    say(page, "combobox", "Sort by").select_option(label="Strongest evidence first")
    page.wait_for_url("**/research/?q=bladder&sort=evidence")
    is_idle(page)
    title = page.locator(".card h3").first.inner_text()
    say(page, "link", title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    understands_how_strong_it_is(page)
    say(page, "link", "How we grade evidence").click()
    page.wait_for_url("**/how-we-write#evidence")
    say(page, "link", "Categories").click()
    say(page, "link", "Bladder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bladder")
