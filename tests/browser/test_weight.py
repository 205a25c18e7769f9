"""What the first visit to a summary costs: 30 kB over the wire and five requests, the feedback form included."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kinds import BROWSER, DESKTOP

pytestmark = BROWSER

WIRE = """() => ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
  .map((entry) => [new URL(entry.name).pathname, entry.transferSize])"""


@pytest.mark.parametrize("kind", ["summary", "pictogram", "retracted", "longest"])
def test_a_first_visit_to_a_summary_is_light(
    visit: Callable[..., Page], addresses: dict[str, str], kind: str
) -> None:
    page = visit(addresses[kind], viewport=DESKTOP)
    page.get_by_role("heading", name="Your Feedback").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_visible()
    wire = page.evaluate(WIRE)
    assert len(wire) <= 5, wire
    assert sum(size for _, size in wire) <= 30 * 1024, wire
