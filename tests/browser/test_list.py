"""The list of summaries in a browser: it changes in place, and nothing is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.kinds import BROWSER, DESKTOP, PHONE
from tests.browser.waiting import everything_asked, is_idle, let_time_pass, stop_the_clock, until

pytestmark = BROWSER

STATUS = "#browse-count"
TITLES = ".card h3"
MARK = "window.marked = document.querySelector('[role=status]')"
IS_MARKED = "window.marked === document.querySelector('[role=status]') && window.marked.isConnected"


def asked(page: Page) -> list[Request]:
    """The requests of HTMX from here on, as they are made."""
    made: list[Request] = []

    def note(request: Request) -> None:
        if any(name.startswith("hx-") for name in request.headers):
            made.append(request)

    page.on("request", note)
    return made


def path(page: Page) -> str:
    """The url as the url bar shows it, without the host."""
    return re.sub(r"^\w+://[^/]+", "", page.url)


def titles(page: Page) -> list[str]:
    return page.locator(TITLES).all_inner_texts()


def choose(page: Page, label: str, option: str) -> None:
    """Choose as a reader does: the control has the focus while its value changes."""
    page.get_by_label(label).focus()
    page.get_by_label(label).select_option(option)


def shows(page: Page, url: str) -> None:
    """Wait until the url bar shows this, and the page what belongs to it."""
    page.wait_for_url(lambda url: url.endswith(url), wait_until="commit")
    is_idle(page)


def hold(page: Page, pattern: str) -> list[Route]:
    """Keep requests to these urls waiting, here."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.insert(0, route))
    return held


def same_as_opened(page: Page, visit: Callable[..., Page]) -> None:
    """The url of a list, opened anew, shows the same list."""
    anew = visit(path(page), viewport=DESKTOP)
    expect(page.locator(TITLES)).to_have_text(titles(anew))
    expect(page.locator(STATUS)).to_have_text(anew.locator(STATUS).inner_text())
    chosen = "[...document.querySelectorAll('.filters select, #q')].map(e => e.value)"
    assert page.evaluate(chosen) == anew.evaluate(chosen)
    counts = "[...document.querySelectorAll('.filters option')].map(e => e.textContent)"
    assert page.evaluate(counts) == anew.evaluate(counts)


def test_a_filter_changes_the_list_in_place(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    made = asked(page)
    page.evaluate(MARK)
    before = titles(page), page.get_by_label("Time since the injury").inner_text(), page.locator(STATUS).inner_text()
    choose(page, "How far along", "animals")
    shows(page, "/research/?stage=animals")
    assert page.evaluate(IS_MARKED), "the page was loaded anew"
    assert before[0] != titles(page)
    assert before[1] != page.get_by_label("Time since the injury").inner_text(), "the counts of options follow"
    assert before[2] != page.locator(STATUS).inner_text()
    expect(page.get_by_label("How far along")).to_be_focused()
    choose(page, "Sort by", "people")
    shows(page, "/research/?stage=animals&sort=people")
    expect(page.get_by_label("Sort by")).to_be_focused()
    assert len(made) == 2
    same_as_opened(page, visit)


def test_the_address_is_clean_for_the_second_reader_too(visit: Callable[..., Page]) -> None:
    for _ in range(2):
        page = visit("/research/", viewport=DESKTOP)
        choose(page, "Kind of study", "2")
        shows(page, "/research/?level=2")


def test_the_trials_of_a_topic_in_one_country(visit: Callable[..., Page]) -> None:
    page = visit("/categories/bladder/trials", viewport=DESKTOP)
    page.evaluate(MARK)
    choose(page, "Country", "Germany")
    expect(page.locator(STATUS)).to_have_text("2 trials with a place in Germany.")
    expect(page).to_have_url(re.compile(r"/categories/bladder/trials\?country=Germany$"))
    expect(page).to_have_title(re.compile("^Trials looking for people: bladder, Germany - "))
    assert page.evaluate(IS_MARKED)
    expect(page.locator("#country")).to_be_focused()
    page.go_back()
    expect(page.locator(STATUS)).to_have_text("3 trials.")
    expect(page.locator("#country")).to_have_value("")


def test_a_category_page_filters_under_its_own_address(visit: Callable[..., Page]) -> None:
    page = visit("/categories/bladder", viewport=DESKTOP)
    page.evaluate(MARK)
    choose(page, "Time since the injury", "chronic")
    shows(page, "/categories/bladder?phase=chronic")
    assert page.evaluate(IS_MARKED)
    same_as_opened(page, visit)


def test_typing_searches_once_the_reader_pauses(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    stop_the_clock(page)
    made = asked(page)
    page.evaluate(MARK)
    for letter in "bladder":
        page.get_by_label("Search summaries").press_sequentially(letter)
        page.clock.run_for(200)  # milliseconds between two keys of a slow hand
    everything_asked(page)
    assert not made, "the reader is still typing"
    let_time_pass(page)
    shows(page, "/research/?q=bladder")
    expect(page.locator(STATUS)).to_contain_text("for “bladder”")
    expect(page.get_by_label("Sort by").locator("option:checked")).to_have_text("Best match")
    assert page.evaluate(IS_MARKED)
    let_time_pass(page)
    assert len(made) == 1
    same_as_opened(page, visit)


def test_leaving_the_search_box_and_pressing_enter_ask_nothing_twice(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    stop_the_clock(page)
    made = asked(page)
    box = page.get_by_label("Search summaries")
    box.press_sequentially("bladder")
    let_time_pass(page)
    shows(page, "/research/?q=bladder")
    page.keyboard.press("Tab")
    let_time_pass(page)
    assert len(made) == 1, "leaving the box asked again"
    box.fill("bowel")
    box.press("Enter")
    shows(page, "/research/?q=bowel")
    let_time_pass(page)
    assert len(made) == 2, "Enter and the pause both asked"


def test_asking_for_the_same_again_adds_no_step_to_the_way_back(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    length = page.evaluate("history.length")
    with page.expect_response(re.compile("stage=animals")):
        page.get_by_role("button", name=re.compile("^Show \\d+ summar")).click()
    is_idle(page)
    assert page.evaluate("history.length") == length


def test_text_typed_while_a_request_is_under_way_is_kept(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    stop_the_clock(page)
    held = hold(page, "**/research/?*")
    box = page.get_by_label("Search summaries")
    box.press_sequentially("blad")
    let_time_pass(page)
    assert len(held) == 1
    expect(page.locator("#browse-busy")).to_be_visible()
    box.press_sequentially("der")
    held.pop().continue_()
    shows(page, "?q=blad")
    expect(box).to_have_value("bladder")
    expect(box).to_be_focused()
    let_time_pass(page)
    assert len(held) == 1
    box.press_sequentially(" pain")  # while the second one is under way
    expect(box).to_have_value("bladder pain")
    page.unroute_all(behavior="ignoreErrors")
    let_time_pass(page)
    shows(page, "?q=bladder+pain")
    expect(box).to_have_value("bladder pain")
    assert box.evaluate("box => box.selectionStart") == len("bladder pain"), "the caret stays at the end"
    expect(page.locator("#browse-busy")).to_be_hidden()


def test_text_typed_before_moving_on_is_kept(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    stop_the_clock(page)
    held = hold(page, "**/research/?*")
    box = page.get_by_label("Search summaries")
    box.press_sequentially("blad")
    let_time_pass(page)
    box.press_sequentially("der")
    page.keyboard.press("Tab")
    held.pop().continue_()
    shows(page, "?q=blad")
    expect(box).to_have_value("bladder")
    let_time_pass(page)
    held.pop().continue_()
    shows(page, "?q=bladder")
    expect(box).to_have_value("bladder")
    expect(page.get_by_role("button", name="Search")).to_be_focused()


def test_the_last_choice_wins_over_a_slow_earlier_one(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    held = hold(page, "**/research/?*stage=lab*")
    with page.expect_request(re.compile("stage=lab")):
        choose(page, "How far along", "lab")
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    expect(page.get_by_label("How far along")).to_have_value("animals")
    assert len(held) == 1
    until(page, lambda: held[0].request.failure, "the earlier request is given up")
    page.unroute_all(behavior="ignoreErrors")
    assert path(page).endswith("?stage=animals")


def test_back_and_forward_show_what_was_there(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    made = asked(page)
    seen = [titles(page)]
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    expect(page.locator(STATUS)).not_to_contain_text("showing 1 to 12 of")
    seen.append(titles(page))
    choose(page, "Time since the injury", "acute")
    shows(page, "?stage=animals&phase=acute")
    seen.append(titles(page))
    assert len(made) == 3 - 1

    def is_as_it_was(place: int, stage: str, phase: str) -> None:
        expect(page.get_by_label("How far along")).to_have_value(stage)
        expect(page.get_by_label("Time since the injury")).to_have_value(phase)
        expect(page.locator(TITLES)).to_have_text(seen[place])
        for once in ("header.site-header", "main", "h1", "#results", "footer", "#search"):
            expect(page.locator(once), once).to_have_count(1)
        is_idle(page)

    page.go_back()
    is_as_it_was(1, "animals", "")
    page.go_back()
    is_as_it_was(0, "", "")
    page.go_forward()
    is_as_it_was(1, "animals", "")
    page.go_forward()
    is_as_it_was(2, "animals", "acute")
    everything_asked(page)
    asked_before = len(made)
    assert asked_before == 2 + 4, "each step asks once"
    choose(page, "Time since the injury", "subacute")
    shows(page, "phase=subacute")
    everything_asked(page)
    assert len(made) == asked_before + 1, "the page that came back works, and only once"


def test_back_from_a_summary_gets_the_whole_page(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    listed = titles(page)
    page.locator(".card h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(listed[0])
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Latest Research")
    expect(page.locator(TITLES)).to_have_text(listed)
    expect(page.get_by_label("How far along")).to_have_value("animals")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.reload()
    expect(page.locator(TITLES)).to_have_text(listed)


def test_filters_stay_open_on_a_phone(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=PHONE)
    expect(page.get_by_label("How far along")).to_be_hidden()
    page.get_by_text("Filter and sort").click()
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    expect(page.get_by_label("How far along")).to_be_visible()
    expect(page.get_by_label("How far along")).to_be_focused()
    choose(page, "How far along", "")
    shows(page, "/research/")
    expect(page.get_by_label("How far along")).to_be_visible()


def test_paging_moves_to_the_page_and_to_its_beginning(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=PHONE, reduced_motion="reduce")
    page.evaluate(MARK)
    seen = [titles(page)]
    status = page.locator(STATUS)
    for number, link in ((2, "Next page"), (3, "Page 3"), (2, "Previous page")):
        page.get_by_role("link", name=link, exact=True).focus()
        page.keyboard.press("Enter")
        shows(page, f"/research/?page={number}")
        expect(page.locator(".pages [aria-current]")).to_have_text(f"Page {number}")
        expect(status).to_contain_text(f"showing {12 * (number - 1) + 1} to")
        expect(status).to_be_in_viewport()
        expect(page.locator("#results :focus"), "focus is lost").to_have_count(1)
        expect(page.locator(".pages a:focus"), "Enter again would lead elsewhere").to_have_count(0)
        seen.append(titles(page))
    assert page.evaluate(IS_MARKED)
    assert seen[1] == seen[3]
    assert not set(seen[0]) & set(seen[1]) | set(seen[1]) & set(seen[2])
    page.get_by_role("link", name="Page 1", exact=True).click()
    shows(page, "/research/")
    expect(page.locator(".pages [aria-current]")).to_have_text("Page 1")
    expect(page.locator(TITLES)).to_have_text(seen[0])


@pytest.mark.parametrize("fault", ["no connection", "status 500"])
def test_a_request_that_fails_leaves_the_list_and_says_so(visit: Callable[..., Page], fault: str) -> None:
    page = visit("/research/", viewport=DESKTOP, expected="Failed to load resource|htmx:error")
    problem = page.locator("#browse-problem")
    before = titles(page)

    def fail(route: Route) -> None:
        if fault == "status 500":
            route.fulfill(status=500, content_type="text/html", body="<h1>Something broke</h1>")
        else:
            route.abort()

    page.route("**/research/**", fail)
    choose(page, "How far along", "animals")
    said = "We could not reach this site." if fault == "no connection" else "Something went wrong on our side."
    expect(problem).to_have_text(
        f"{said} The list is still the one from before. Please look at your connection, then try again."
    )
    assert titles(page) == before
    expect(page.get_by_label("How far along"), "what was chosen stays, to be sent again").to_have_value("animals")
    assert path(page) == "/research/"
    page.get_by_role("link", name="Next page").click()
    expect(problem).to_contain_text(said)
    expect(page.get_by_role("heading", level=1)).to_have_text(["Latest Research"])
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name=re.compile("^Show ")).click()
    shows(page, "/research/?stage=animals")
    expect(problem, "it is over").to_be_empty()
    assert titles(page) != before


def test_one_search_is_one_step_back_however_often_the_reader_pauses(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    stop_the_clock(page)
    length = page.evaluate("history.length")
    box = page.get_by_label("Search summaries")
    for part, whole in (("bla", "bla"), ("dd", "bladd"), ("er", "bladder")):
        box.press_sequentially(part)
        let_time_pass(page)
        shows(page, f"/research/?q={whole}")
    assert page.evaluate("history.length") == length + 1
    box.press_sequentially(" pain")
    box.press("Enter")
    shows(page, "/research/?q=bladder+pain")
    assert page.evaluate("history.length") == length + 2, "what was sent on purpose is a step"


def test_the_title_follows_the_list(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    page.get_by_label("Search summaries").fill("bladder")
    page.get_by_label("Search summaries").press("Enter")
    expect(page).to_have_title("Latest Research: “bladder” - Spinal Cord Research Help")
    page.go_back()
    expect(page).to_have_title("Latest Research - Spinal Cord Research Help")


def test_after_back_the_focus_is_where_it_was(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    link = page.locator(".card h3 a").nth(1)
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.go_back()
    expect(page.get_by_role("link", name=name), "from another page").to_be_focused()
    page.go_back()
    expect(page.get_by_label("How far along"), "from another state of the list").to_be_focused()


def test_a_browser_that_keeps_nothing_for_a_site_loses_only_the_place(visit: Callable[..., Page]) -> None:
    page = visit("/", viewport=DESKTOP)
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page.goto(page.url + "research/")
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    page.go_back()
    expect(page.get_by_label("How far along")).to_have_value("")
    assert problems == []


def test_two_letters_are_not_searched_for_and_an_eye_has_time(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    stop_the_clock(page)
    made = asked(page)
    box = page.get_by_label("Search summaries")
    box.press_sequentially("bl")
    page.clock.run_for(5_000)
    box.press_sequentially("a")
    page.clock.run_for(1_400)
    everything_asked(page)
    assert not made
    page.clock.run_for(200)
    shows(page, "/research/?q=bla")
    assert len(made) == 1


def test_on_a_phone_the_number_stands_on_the_button_and_leads_to_the_list(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=PHONE)
    page.get_by_text("Filter and sort").click()
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    shown = page.locator(".card").count()
    page.get_by_role("button", name=f"Show {shown} summaries").click()
    expect(page.locator(STATUS)).to_be_focused()
    expect(page.get_by_label("How far along")).to_be_hidden()


def test_paging_says_that_it_is_loading(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    held = hold(page, "**/research/?page=2")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("#browse-busy")).to_be_visible()
    held.pop().continue_()
    shows(page, "?page=2")
    expect(page.locator("#browse-busy")).to_be_hidden()


def test_a_way_back_that_fails_is_gone_the_plain_way(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP, expected="Failed to load resource|htmx:error")
    choose(page, "How far along", "animals")
    shows(page, "?stage=animals")
    page.route(
        "**/research/**",
        lambda route: route.abort() if "hx-history-restore-request" in route.request.headers else route.continue_(),
    )
    page.go_back()
    expect(page.get_by_label("How far along")).to_have_value("")
    expect(page.locator(STATUS)).to_contain_text("showing")


def test_a_misspelled_word_shows_what_was_meant_at_once(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP)
    box = page.get_by_label("Search summaries")
    box.fill("bladdr")
    box.press("Enter")
    expect(page.locator(STATUS)).to_contain_text("Showing results for “bladder”.")
    expect(page.locator(TITLES)).not_to_have_count(0)
    expect(box, "what was typed stays").to_have_value("bladdr")
    page.get_by_role("link", name="Search for “bladdr” instead").click()
    shows(page, "/research/?q=bladdr&exact=yes")
    expect(page.locator(STATUS)).to_have_text("No summaries found for “bladdr”.")


def test_clearing_leads_back_to_everything(visit: Callable[..., Page]) -> None:
    page = visit("/research/?q=bladder&phase=chronic&sort=people", viewport=DESKTOP)
    page.get_by_role("link", name="Clear search and filters").click()
    shows(page, "/research/")
    expect(page.get_by_label("Search summaries")).to_have_value("")
    expect(page.get_by_label("Sort by").locator("option:checked")).to_have_text("Newest study first")


def test_a_choice_that_could_not_be_sent_does_not_hide_in_its_control(visit: Callable[..., Page]) -> None:
    page = visit("/research/", viewport=DESKTOP, expected="Failed to load resource|htmx:error")
    page.route("**/research/**", lambda route: route.abort())
    choose(page, "How far along", "animals")
    expect(page.locator("#browse-problem")).to_contain_text("We could not reach this site.")
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("link", name="Next page").click()
    shows(page, "/research/?page=2")
    expect(page.get_by_label("How far along"), "the list is not narrowed").to_have_value("")


def test_the_glossary_shows_what_was_typed_for(visit: Callable[..., Page]) -> None:
    page = visit("/glossary/", viewport=PHONE)
    page.get_by_label("Find a word in the glossary").fill("spasticity")
    page.get_by_label("Find a word in the glossary").press("Enter")
    shows(page, "/glossary/?q=spasticity")
    expect(page.get_by_role("link", name="Spasticity", exact=True)).to_be_visible()
    page.go_back()
    expect(page.locator("details.glossary-letter").first).to_be_visible()
