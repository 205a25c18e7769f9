"""The drawn ladder: its heights are true in every medium."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.kinds import BROWSER, DESKTOP, PHONE

pytestmark = BROWSER

HEIGHTS = """() => [...document.querySelectorAll('.ladder-step i')].map((bar) => bar.getBoundingClientRect().height)"""


@pytest.mark.parametrize("options", [{"viewport": DESKTOP}, {"viewport": PHONE}, {"forced_colors": "active"}])
def test_the_weakest_step_is_the_lowest_wherever_the_study_stands(
    visit: Callable[..., Page], options: dict[str, Any]
) -> None:
    page = visit("/research/?level=2", **options)
    for level in ("2", "5"):
        page.goto(f"/research/?level={level}")
        page.goto(page.locator(".card h3 a").first.get_attribute("href") or "")
        for media in ("screen", "print"):
            page.emulate_media(media=media)
            heights = page.evaluate(HEIGHTS)
            assert len(heights) == 5
            rises = [after - before for before, after in pairwise(heights)]
            assert all(rise > 2 for rise in rises), (level, media, heights)
            assert max(rises) - min(rises) < 0.5, (level, media, heights)
            here = page.locator(".ladder-step.is-here").bounding_box()
            bar = page.locator(".ladder-step.is-here i").bounding_box()
            assert here
            assert bar
            assert here["height"] > bar["height"]  # "Here" stands above its bar
