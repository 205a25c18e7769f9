"""axe-core finds nothing on any kind of page, wide and narrow, light and dark."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.kinds import BROWSER, DESKTOP, EXPECTED, KINDS, PHONE

pytestmark = BROWSER

VENDOR = Path(__file__).parent / "vendor"
AXE = VENDOR / "axe-4.14.1.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN = """async (tags) => (await axe.run(document, {
  runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], iframes: false,
  rules: {'target-size': {enabled: true}},
})).violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`))"""


def violations(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN, TAGS)
    return found


def test_axe_is_the_file_that_was_published() -> None:
    wanted = (VENDOR / f"{AXE.name}.sha256").read_text().split()[0]
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == wanted


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(
    visit: Callable[..., Page], addresses: dict[str, str], kind: str, size: ViewportSize
) -> None:
    page = visit(addresses[kind], viewport=size, bypass_csp=True, expected=EXPECTED.get(kind, ""))
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page)
    assert not any(found.values()), found


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
def test_axe_finds_nothing_with_definitions_open(
    visit: Callable[..., Page], addresses: dict[str, str], size: dict[str, Any]
) -> None:
    page = visit(addresses["longest"], viewport=size, bypass_csp=True)
    for button in page.locator("button.term").all()[:3]:
        button.click()
    page.get_by_text("Where we saw it").click()
    assert page.locator(".definition").count() == 3
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page)
    assert not any(found.values()), found
