"""Measured, not assumed: targets, focus rings, reflow, large text, forced colours, motion, print."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.kinds import BROWSER, DESKTOP, EXPECTED, KINDS, PHONE
from tests.browser.waiting import resize

pytestmark = BROWSER

# Every control that is shown, with the box that can be pressed. A link counts as one in running text, and is let
# off, when its block (the nearest ancestor that is not inline) holds words besides those of its links: a
# sentence goes on around it. Terms are such links, or buttons, by their class. A link that covers its card by an
# ::after is as large as the card; a box to tick is as large as its label; the skip link counts as it is when focused.
SMALL = """() => {
  const words = (node) => node.textContent.replace(/\\s+/g, '');
  const block = (element) => {
    let around = element.parentElement;
    while (getComputedStyle(around).display === 'inline') around = around.parentElement;
    return around;
  };
  const inText = (element) => {
    if (element.matches('.term')) return true;
    if (!element.matches('a') || getComputedStyle(element).display !== 'inline') return false;
    const around = block(element);
    const links = [...around.querySelectorAll('a')].map(words).join('');
    return words(around).length > links.length + 3;
  };
  const small = [];
  for (const element of document.querySelectorAll('a[href], button, input, select, summary')) {
    if (!element.checkVisibility({visibilityProperty: true}) || inText(element)) continue;
    if (element.closest('[aria-hidden=true]')) continue;
    const covers = getComputedStyle(element, '::after').position === 'absolute';
    const pressed = element.matches('[type=radio], [type=checkbox]') ? element.labels[0] : element;
    const {width, height} = (covers ? element.offsetParent : pressed).getBoundingClientRect();
    if (width < 43.99 || height < 43.99)
      small.push(`${element.tagName} “${element.innerText || element.id}” ${width.toFixed(1)} x ${height.toFixed(1)}`);
  }
  return small;
}"""

RING = """(element) => {
  element.focus({focusVisible: true});
  let outlined = element;
  while (outlined && getComputedStyle(outlined).outlineStyle === 'none') outlined = outlined.parentElement;
  if (!outlined || outlined === document.documentElement) return {width: 0, ratio: 0};
  const style = getComputedStyle(outlined);
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  // What the ring is drawn on: the background around the outlined box.
  let behind = parseFloat(style.outlineOffset) >= 0 ? outlined.parentElement : outlined;
  while (behind.parentElement && channels(getComputedStyle(behind).backgroundColor)[3] === 0)
    behind = behind.parentElement;
  const [one, two] = [light(style.outlineColor), light(getComputedStyle(behind).backgroundColor)];
  return {
    width: parseFloat(style.outlineWidth),
    ratio: (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05),
  };
}"""

# Text that is cut off, or that lies over other text.
HIDDEN_TEXT = """() => {
  const faults = [];
  const isClipped = (element) => {
    for (let one = element; one; one = one.parentElement)
      if (getComputedStyle(one).clipPath === 'inset(50%)' || one.matches('.off-screen')) return true;
    return false;
  };
  const shown = (element) => element.checkVisibility({visibilityProperty: true}) && !isClipped(element);
  for (const element of document.querySelectorAll('body *')) {
    if (!shown(element) || !element.innerText?.trim()) continue;
    const style = getComputedStyle(element);
    const clips = [style.overflowX, style.overflowY].some((value) => ['hidden', 'clip'].includes(value));
    if (clips && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
      faults.push(`cut off: ${element.tagName}.${element.className} “${element.innerText.slice(0, 40)}”`);
  }
  const lines = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.data.trim() || !shown(node.parentElement) || node.parentElement.closest('option, .skip-link')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 1) lines.push({box, node});
  }
  for (const element of document.querySelectorAll('select')) {
    if (shown(element) && element.clientHeight < parseFloat(getComputedStyle(element).fontSize))
      faults.push(`cut off: select ${element.id}`);
  }
  lines.sort((one, two) => one.box.top - two.box.top);
  for (let i = 0; i < lines.length; i++) {
    const one = lines[i].box;
    for (let j = i + 1; j < lines.length && lines[j].box.top < one.bottom; j++) {
      const two = lines[j].box;
      if (lines[j].node === lines[i].node) continue;
      const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (across > 2 && down > 0.5 * Math.min(one.height, two.height))
        faults.push(`overlap: ${[lines[i], lines[j]].map(({node}) => node.data.trim().slice(0, 30))}`);
    }
  }
  return faults;
}"""

# As a reader who sets their browser's text to twice its size; gives how much larger the text became.
TWICE = """() => {
  const size = () => parseFloat(getComputedStyle(document.body).fontSize);
  const before = size();
  document.documentElement.style.fontSize = '225%';  // twice our own 112.5%
  return size() / before;
}"""

SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return ['the page scrolls sideways', ...[...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > wide + 1 && !element.closest('.table-wrap'))
    .map((element) => `${element.tagName}.${element.className} “${element.innerText?.slice(0, 30)}”`).slice(0, 5)];
}"""


@pytest.mark.parametrize("kind", KINDS)
def test_targets_reflow_and_large_text(visit: Callable[..., Page], urls: dict[str, str], kind: str) -> None:
    page = visit(urls[kind], viewport=PHONE, expected=EXPECTED.get(kind, ""))
    assert not page.evaluate(SIDEWAYS)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    buttons = page.locator("button.term").all()[:2]
    for button in buttons:
        button.click()
    expect(page.locator(".definition a:visible")).to_have_count(len(buttons))
    assert not page.evaluate(SIDEWAYS), "with everything opened"
    assert not page.evaluate(HIDDEN_TEXT)
    assert not page.evaluate(SMALL), "on a phone"
    resize(page, DESKTOP)
    assert not page.evaluate(SMALL), "on a wide screen"
    assert not page.evaluate(SIDEWAYS)
    assert not page.evaluate(HIDDEN_TEXT)
    assert page.evaluate(TWICE) == pytest.approx(2, rel=0.05)
    assert not page.evaluate(HIDDEN_TEXT), "with text of twice the size"
    assert not page.evaluate(SIDEWAYS), "with text of twice the size"
    resize(page, PHONE)
    assert not page.evaluate(HIDDEN_TEXT), "with text of twice the size on a phone"
    assert not page.evaluate(SIDEWAYS), "with text of twice the size on a phone"


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RINGS = {
    "home": [".site-name", ".site-header li a", "#q", ".button", ".topics a", ".section-head a", ".card h3 a"],
    "filtered": [
        "#category",
        "#stage",
        "#sort",
        ".browse-status a",
        ".button-quiet",
        ".site-footer a",
        "#browse-count",
    ],
    "list": [".pages a", ".pages [aria-current]"],
    "nothing found": [".empty a"],
    "glossary": [".glossary-letter summary", "#word"],
    "retracted": [".breadcrumb a", ".withdrawal a", ".paper a", ".paper summary", ".rail a", ".back a"],
    "corrected": [".safety-line a", ".rail a"],
    "pictures": ["button.term", ".panel a", ".alone a", ".methods summary", ".related h3 a"],
    "categories": [".at-a-glance a", ".topic-list a"],
    "category": [".tried-table a", ".rests-on a", ".follow a"],
}


@pytest.mark.parametrize("kind", RINGS)
def test_the_focus_ring_is_wide_and_clear(visit: Callable[..., Page], urls: dict[str, str], kind: str) -> None:
    page = visit(urls[kind], viewport=DESKTOP, reduced_motion="reduce")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        seen = 0
        for control in [".skip-link", *RINGS[kind]]:
            for element in page.locator(f"{control}:visible").all()[:1]:
                ring = element.evaluate(RING)
                assert ring["width"] >= 2, (scheme, control, ring)
                assert ring["ratio"] >= 3, (scheme, control, ring)
                seen += 1
        assert seen >= 2


LOST_IN_FORCED_COLOURS = """() => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'Canvas';
  const ground = getComputedStyle(probe).color;
  probe.remove();
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll('body *:not(svg *, script, style)')].filter((one) => {
    const style = getComputedStyle(one);
    return hasText(one) && style.color === ground && style.forcedColorAdjust !== 'none';
  }).map((one) => `${one.tagName}.${one.className}: ${one.textContent.trim()}`);
}"""
"""Texts in the colour of the ground that a browser lays behind every text then, unless it is told not to."""


@pytest.mark.parametrize("kind", ["home", "list", "retracted", "/emergency", "/contact", "/subscribe", "/desk/sign-in"])
def test_every_text_is_seen_in_forced_colours(visit: Callable[..., Page], urls: dict[str, str], kind: str) -> None:
    page = visit(urls.get(kind, kind), viewport=DESKTOP, forced_colors="active")
    assert page.locator("a, button").count()
    assert page.evaluate(LOST_IN_FORCED_COLOURS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_lose_nothing(visit: Callable[..., Page], urls: dict[str, str], scheme: str) -> None:
    page = visit(urls["pictures"], viewport=DESKTOP, forced_colors="active", color_scheme=scheme)

    def colours(selector: str) -> dict[str, Any]:
        found: dict[str, Any] = page.locator(selector).first.evaluate(
            """(one) => {
              const style = getComputedStyle(one);
              return {ink: style.color, ground: style.backgroundColor, edge: style.borderTopColor,
                      width: parseFloat(style.borderTopWidth), fill: style.fill};
            }"""
        )
        return found

    drawn = {name: colours(f"main {name}")["fill"] for name in (".ladder .lit", ".ladder .hollow", ".ladder .flag")}
    assert len(set(drawn.values())) == 3, "the step and its flag stand out"
    expect(page.locator(".ladder .flag-word")).to_have_text("Here")
    expect(page.locator(".road .is-here")).to_contain_text("this study was here")
    pin, ring = (
        page.locator(f".road {which}").first.evaluate("(one) => getComputedStyle(one, '::before').backgroundColor")
        for which in (".is-here", "li:not(.is-here)")
    )
    assert pin != ring, "the stage stands out"
    people = {name: colours(f"svg .{name}") for name in ("person", "person-good", "person-bad")}
    assert people["person"]["fill"] == "none"
    assert "none" not in {people["person-good"]["fill"], people["person-bad"]["fill"]}, "who it happened to is filled"
    for box in (".result", ".nobody", ".numbered", ".paper"):
        assert colours(box)["width"] >= 1 or box == ".numbered", f"{box} has no edge"
    retracted = visit(urls["retracted"], viewport=DESKTOP, forced_colors="active", color_scheme=scheme)
    edge = retracted.locator(".withdrawal").evaluate("(one) => parseFloat(getComputedStyle(one).borderTopWidth)")
    assert edge >= 2, "the notice has no edge"


@pytest.mark.parametrize("kind", ["list", "summary"])
def test_nothing_moves_where_less_motion_is_asked_for(
    visit: Callable[..., Page], urls: dict[str, str], kind: str
) -> None:
    page = visit(urls[kind], reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((one) => {
          const style = getComputedStyle(one);
          const lasts = (value) => value.split(',').some((part) => parseFloat(part) > 0);
          return lasts(style.transitionDuration) || lasts(style.animationDuration) || style.scrollBehavior === 'smooth';
        }).map((one) => one.tagName + '.' + one.className)"""
    )
    assert not moving


@pytest.mark.parametrize("kind", ["summary", "pictures", "retracted", "longest"])
def test_a_summary_prints_on_at_most_four_pages_with_its_methods_open(
    visit: Callable[..., Page], urls: dict[str, str], kind: str
) -> None:
    page = visit(urls[kind], viewport=DESKTOP)
    page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    expect(page.get_by_role("group", name="Was this summary helpful?")).to_be_visible()
    pdf = page.pdf(format="A4", prefer_css_page_size=False)
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 2 <= pages <= 4, f"{pages} pages"
    page.emulate_media(media="print")
    for words in ("Simple Explanation", "Study Limitations", "The paper"):
        expect(page.get_by_role("heading", name=words)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator(".methods details p").first, "open on paper").to_be_visible()
    expect(page.get_by_text("This is not medical advice. From https://example.org/research/")).to_be_visible()
    expect(page.get_by_text("Was this summary helpful?"), "paper takes no answer").to_be_hidden()


def test_a_target_that_is_too_small_is_found(visit: Callable[..., Page], urls: dict[str, str]) -> None:
    """The measure itself: a link alone in its paragraph is no running text."""
    page = visit(urls["home"], viewport=ViewportSize(width=1280, height=900))
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p><a href=/>Go</a></p>')")
    assert len(page.evaluate(SMALL)) == 1
