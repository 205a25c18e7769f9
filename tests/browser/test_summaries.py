"""Every shipped summary on a phone, and what the first version got wrong on all pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from tests.browser.kinds import BROWSER, DESKTOP
from webapp.extensions import db
from webapp.models import Summary

pytestmark = BROWSER

PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_SCREENS = 1.3
MOST_CONTROLS = 14
BEFORE = """() => {
  const explanation = document.getElementById('simple-explanation');
  const controls = [...document.querySelectorAll('main :is(a[href], button, input, select, summary)')].filter((one) =>
    one.checkVisibility({visibilityProperty: true})
    && (one.matches('summary') || !one.closest('details:not([open])'))
    && one.compareDocumentPosition(explanation) & Node.DOCUMENT_POSITION_FOLLOWING);
  const terms = [...document.querySelectorAll('.term')].map((one) => one.firstChild.textContent.toLowerCase());
  return {
    top: explanation.getBoundingClientRect().top,
    controls: controls.length,
    terms: controls.filter((one) => one.matches('.term')).length,
    wide: document.documentElement.scrollWidth,
    twice: terms.filter((one, place) => terms.indexOf(one) !== place),
  };
}"""


@pytest.fixture
def every_summary(site_app: Flask) -> list[str]:
    with site_app.app_context():
        return [f"/research/{slug}" for slug in db.session.scalars(select(Summary.slug).order_by(Summary.slug))]


def test_on_a_phone_the_explanation_of_every_summary_is_near(
    visit: Callable[..., Page], every_summary: list[str]
) -> None:
    page = visit("/about", viewport=PHONE)
    far = []
    for url in every_summary:
        page.goto(url)
        found = page.evaluate(BEFORE)
        if (
            found["top"] > MOST_SCREENS * PHONE["height"]
            or found["controls"] > MOST_CONTROLS
            or found["terms"]
            or found["twice"]
            or found["wide"] > PHONE["width"]
        ):
            far.append((url, found))
    assert len(every_summary) >= 40
    assert not far


def test_a_phone_with_text_of_twice_the_size_never_scrolls_sideways(
    visit: Callable[..., Page], every_summary: list[str], urls: dict[str, str]
) -> None:
    page = visit("/about", viewport=PHONE)
    wide = []
    lists = [f"/categories/{slug}" for slug in ("", "walking-and-standing", "drugs")]
    for url in [*every_summary[::6], urls["retracted"], urls["corrected"], *lists, "/", "/emergency", "/glossary/?q=s"]:
        page.goto(url)
        page.evaluate("document.documentElement.style.fontSize = '34px'")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
            wide.append((url, width))
    assert not wide


def test_both_groups_and_the_harm_are_drawn_at_one_size(visit: Callable[..., Page]) -> None:
    page = visit("/research/a-randomized-trial-of-pregabalin-in-patients-with-neuropathic-pain-due", viewport=DESKTOP)
    harms = page.locator(".hundred").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert len(set(harms)) == 1 < len(harms)
    page.goto("/research/intrathecal-delivery-of-adipose-derived-mesenchymal-stem-cells-in")
    people = page.locator(".figures svg").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
    )
    assert len({height for _, height in people}) == 1
    assert len({width for width, _ in people}) == 1, "ten people are two rows of five, everywhere"


def test_a_term_is_large_enough_to_press(visit: Callable[..., Page], urls: dict[str, str]) -> None:
    page = visit(urls["summary"], viewport=PHONE)
    heights = page.locator("button.term").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    shown = [height for height in heights if height]
    assert shown
    assert min(shown) >= 43.99


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_withdrawn_is_dark_red_with_white_words(visit: Callable[..., Page], urls: dict[str, str], scheme: str) -> None:
    page = visit(urls["retracted"], viewport=DESKTOP, color_scheme=scheme)
    colours = page.locator(".withdrawal h2").evaluate(
        "(one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor].map("
        "(colour) => colour.match(/\\d+/g).map(Number))"
    )
    assert colours[0] == [255, 255, 255]
    red, green, blue = colours[1]
    assert red > 3 * max(green, blue)
    assert red < 150


GAPS = """() => {
  const small = [];
  for (const [above, below] of [['button, .button', '.hint'], ['.cards', '.back'], ['.card', '.back']]) {
    for (const one of document.querySelectorAll(`main :is(${below})`)) {
      const before = one.previousElementSibling;
      const last = before?.matches(above) ? before : [...(before?.querySelectorAll(above) ?? [])].at(-1);
      if (!last?.checkVisibility() || !one.checkVisibility()) continue;
      const gap = one.getBoundingClientRect().top - last.getBoundingClientRect().bottom;
      if (gap > -5 && gap < 8) small.push(`${one.textContent.trim().slice(0, 40)}: ${gap}`);
    }
  }
  return small;
}"""


@pytest.mark.parametrize("kind", ["summary", "retracted", "category", "list"])
def test_nothing_is_glued_to_what_stands_above_it(visit: Callable[..., Page], urls: dict[str, str], kind: str) -> None:
    page = visit(urls[kind], viewport=DESKTOP)
    if kind in {"summary", "retracted"}:
        page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
        expect(page.get_by_role("group", name="Was this summary helpful?")).to_be_visible()
    assert not page.evaluate(GAPS)


@pytest.mark.parametrize("size", [DESKTOP, PHONE, {"width": 320, "height": 640}])
@pytest.mark.parametrize("font", ["", "34px"])
def test_the_words_of_a_band_stand_at_its_ends_and_in_its_middle(
    visit: Callable[..., Page], size: ViewportSize, font: str
) -> None:
    page = visit("/research/a-randomized-trial-of-pregabalin-in-patients-with-neuropathic-pain-due", viewport=size)
    page.evaluate("(font) => { document.documentElement.style.fontSize = font; }", font)
    band = page.locator(".effect > svg").bounding_box()
    worse, none, better = (page.locator(".effect-ends > span").nth(place).bounding_box() for place in range(3))
    assert band
    assert worse
    assert none
    assert better
    assert abs(worse["x"] - band["x"]) < 2
    words = page.locator(".effect-ends > span").nth(2).evaluate("one => getComputedStyle(one).textAlign")
    assert words == "end"
    assert abs(better["x"] + better["width"] - band["x"] - band["width"]) < 2, "better is right"
    assert abs(none["x"] + none["width"] / 2 - band["x"] - band["width"] / 2) < 12
