"""Every page of the desk in every state: for eye, ear, voice, keyboard and switch, in every look, without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser import desk_states_keeping, desk_states_papers, desk_states_trials
from tests.browser.desk_measures import BADLY_NAMED, GLUED, NAMES, faults_of_the_keyboard
from tests.browser.desk_states import NO_PAGES, STATES, State, entered
from tests.browser.kinds import BROWSER, DESKTOP, PHONE
from tests.browser.test_axe import EVERYTHING, ONLY_COLOURS, violations
from tests.browser.test_measures import HIDDEN_TEXT, LOST_IN_FORCED_COLOURS, SIDEWAYS, SMALL, TWICE
from tests.browser.waiting import PATIENCE, resize
from tests.page import PageClient, client_of

pytestmark = BROWSER
__all__ = [
    "desk_states_keeping",
    "desk_states_papers",
    "desk_states_trials",
]  # their rows are in the table once they are imported
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
NEEDS_SCRIPT = {"Sign in with a passkey", "What you call this device", "Add a passkey"}
"""Controls that only a script can work; without one they are not there."""
FIRST = list({state.endpoint: state for state in reversed(STATES)}.values())
"""A state of each page: in those the keyboard goes back, too."""


def test_every_page_of_the_desk_is_in_the_table(app: Flask) -> None:
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk/") and "GET" in (rule.methods or ())
    }
    missing = sorted(pages - NO_PAGES - {state.endpoint for state in STATES})
    assert not missing, (
        f"No state of {', '.join(missing)} is tried in the browser. Please write one function for each state such a "
        "page can be in (empty, full, with errors, after something was done) in tests/browser/desk_states.py; its "
        "first lines show how. What answers a script and is no page goes into NO_PAGES there."
    )
    names = [str(state) for state in STATES]
    assert len(names) == len(set(names)), "two states of one name"


class Windows(NamedTuple):
    """Two windows for all states: one as most people have it, one that runs no script."""

    usual: Page
    plain: Page


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    contexts = [browser.new_context(viewport=DESKTOP, bypass_csp=True, java_script_enabled=js) for js in (True, False)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(PATIENCE)
    yield Windows(*pages)
    for context in contexts:
        context.close()


@pytest.fixture
def shows(app: Flask, client: PageClient, base_url: str, windows: Windows) -> Callable[[State], Windows]:
    """Shows a state in both windows. The answer was made without a browser; scripts and styles are the site's own."""
    desk = entered(client, client_of(app))

    def shown(state: State) -> Windows:
        answer = state.made(desk)
        assert answer.mimetype == "text/html", answer.status
        body = answer.get_data(as_text=True)
        headers = {
            name: value for name, value in answer.headers if name.startswith("Content-") and "Length" not in name
        }
        url = f"{base_url}{answer.request.path}"
        for page in windows:
            page.unroute_all()
            page.route(url, lambda route: route.fulfill(status=answer.status_code, headers=headers, body=body))
            page.emulate_media(color_scheme="light", forced_colors="none")
            page.set_viewport_size(DESKTOP)
            page.goto(url)
        return windows

    return shown


def faults_in_all_looks(page: Page) -> dict[str, Any]:
    """Wide and light, dark, forced colours; narrow; then with text of twice the size."""
    found: dict[str, Any] = {"axe": violations(page, EVERYTHING)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page, ONLY_COLOURS)
    page.emulate_media(color_scheme="light", forced_colors="active")
    found["forced colours"] = page.evaluate(LOST_IN_FORCED_COLOURS)
    page.emulate_media(forced_colors="none")
    page.evaluate(OPEN_ALL)
    found["names"] = page.evaluate(BADLY_NAMED)
    found["without a space"] = page.evaluate(GLUED)
    found |= {f"wide, {what}": faults for what, faults in _measures(page).items()}
    resize(page, PHONE)
    found |= {f"narrow, {what}": faults for what, faults in _measures(page).items()}
    assert page.evaluate(TWICE) == pytest.approx(2, rel=0.1)
    found |= {f"narrow and large, {what}": faults for what, faults in _measures(page).items()}
    resize(page, DESKTOP)
    found |= {f"wide and large, {what}": faults for what, faults in _measures(page).items()}
    return found


def _measures(page: Page) -> dict[str, list[str]]:
    page.evaluate("scrollTo(0, 0)")
    scripts = {"sideways": SIDEWAYS, "hidden text": HIDDEN_TEXT, "small targets": SMALL}
    return {what: page.evaluate(script) for what, script in scripts.items()}


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_state_of_the_desk_is_for_everybody(shows: Callable[[State], Windows], state: State) -> None:
    usual, plain = shows(state)
    found = {"keyboard": faults_of_the_keyboard(usual, and_back=state in FIRST)}
    names = set(plain.evaluate(NAMES))
    lost = set(usual.evaluate(NAMES)) - names - NEEDS_SCRIPT
    found["without script"] = [f"not there: {name}" for name in lost] + plain.evaluate(SIDEWAYS)
    found["of no use without script"] = sorted(names & NEEDS_SCRIPT)
    found |= faults_in_all_looks(usual)
    faults = [f"{what}: {fault}" for what, ones in found.items() for fault in ones]
    assert not faults, "\n".join(faults)


FAULTY = """
<style>:focus { outline: 3px solid } [name=in] { outline: none }</style>
<a href="/c" style="display: inline-flex">Message from <bdi>Kim</bdi></a>
<a href="/a">Read</a> <a href="/b">read</a> <button aria-label="Other">Go</button> <button name="in">In</button>
<input id="one"> <label for="two">Two</label><label for="two">twice</label><input id="two">
<div style="position: fixed; inset: 0 0 auto; height: 5rem; background: red"></div>
"""


def test_the_measures_of_names_and_keyboard_find_what_is_wrong(windows: Windows) -> None:
    page = windows.usual
    page.set_content(FAULTY)
    named = "\n".join(page.evaluate(BADLY_NAMED))
    for fault in (
        "“read” is the name of two",
        "“go” has another name in aria-label",
        "0 labels",
        "2 labels",
        "no name",
    ):
        assert fault in named
    assert page.evaluate(GLUED) == ["Message from Kim"]
    walked = "\n".join(faults_of_the_keyboard(page))
    assert "In has no ring" in walked
    assert "Go is hidden by DIV" in walked
