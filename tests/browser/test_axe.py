"""axe-core finds nothing on any kind of page, wide and narrow, light and dark."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kinds import BROWSER, DESKTOP, EXPECTED, KINDS, PHONE
from tests.browser.waiting import resize

pytestmark = BROWSER

VENDOR = Path(__file__).parent / "vendor"
AXE = VENDOR / "axe-4.14.1.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES = ["target-size", "label-content-name-mismatch", "color-contrast-enhanced"]  # beside those of the tags: 7:1
COLOURS = [
    "color-contrast",
    "color-contrast-enhanced",
    "link-in-text-block",
]  # all that another colour scheme can change
RUN = """async (options) => (await axe.run(document, {...options, resultTypes: ['violations'], iframes: false}))
  .violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`))"""
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {rule: {"enabled": True} for rule in RULES}}
ONLY_COLOURS = {"runOnly": {"type": "rule", "values": COLOURS}}
SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {"light": EVERYTHING, "dark": ONLY_COLOURS}


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN, options)
    return found


def test_axe_is_the_file_that_was_published() -> None:
    wanted = (VENDOR / f"{AXE.name}.sha256").read_text().split()[0]
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == wanted


def everywhere(page: Page) -> dict[str, list[str]]:
    """What axe finds, wide and narrow, light and dark."""
    found = {}
    for width, size in (("wide", DESKTOP), ("narrow", PHONE)):
        resize(page, size)
        for scheme, options in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            found[f"{width}, {scheme}"] = violations(page, options)
    return {where: faults for where, faults in found.items() if faults}


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(visit: Callable[..., Page], urls: dict[str, str], kind: str) -> None:
    page = visit(urls[kind], viewport=DESKTOP, bypass_csp=True, expected=EXPECTED.get(kind, ""))
    assert not everywhere(page)


def test_axe_finds_nothing_with_definitions_open(visit: Callable[..., Page], urls: dict[str, str]) -> None:
    page = visit(urls["summary"], viewport=DESKTOP, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    buttons = page.locator("button.term").all()
    for button in buttons:
        button.click()
    expect(page.locator(".definition a:visible")).to_have_count(len(buttons))
    assert not everywhere(page)
