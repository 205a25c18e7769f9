"""Waiting for what is true in the end: no test here depends on a frame, a pause or the speed of a machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, ViewportSize

PATIENCE = 30_000
"""Milliseconds a test waits for what must come; machines that test are busy."""
TYPING_PAUSE = 1_600
"""Milliseconds, more than the pause in typing after which the list asks."""


def until(page: Page, found: Callable[[], Any], what: str) -> Any:
    """Wait until this gives something true, and give that; for what no `expect` of Playwright looks at."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not (value := found()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        page.wait_for_timeout(25)  # meanwhile Playwright tells what the page did
    return value


def is_idle(page: Page) -> None:
    """Wait until no request of HTMX is under way, and what it brought stands in the page."""
    until(page, lambda: page.evaluate("!document.querySelector('.htmx-request')"), "the request ends")


def everything_asked(page: Page) -> None:
    """Return when all requests the page has made so far were noted: a later one has been answered."""
    page.evaluate("fetch('/robots.txt').then((answer) => answer.text())")


def stop_the_clock(page: Page) -> None:
    """From here on timers of this page run only by `let_time_pass`, however long the test takes."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def let_time_pass(page: Page) -> None:
    """As if the reader stopped typing for longer than the list waits; what this asks for has been noted then."""
    page.clock.run_for(TYPING_PAUSE)
    everything_asked(page)


def resize(page: Page, size: ViewportSize) -> None:
    """Make the window this large, and wait until the page knows."""
    page.set_viewport_size(size)
    until(page, lambda: page.evaluate("[innerWidth, innerHeight]") == [size["width"], size["height"]], f"size {size}")
