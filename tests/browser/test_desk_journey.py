"""The long ways of the owner, in a browser: from an empty desk to a reader, by keyboard alone, and without script."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.kinds import BROWSER
from tests.browser.owner import READER, Browse, field, press, signed_in, subscribes, work
from tests.browser.test_desk import begin, saves_by_itself
from tests.browser.test_journeys import skip_to_main, tab_to
from tests.conftest import Forward
from tests.desk.conftest import PASSWORD, give_password
from tests.desk.inbox.conftest import make_message
from tests.desk.writing.test_lookup import Services
from tests.factories import make_categories, make_outcome, make_summary
from tests.mail.server import Inbox
from tests.scholarly import answers
from tests.scholarly.server import serving
from webapp import clock
from webapp.desk.accounts.actions import add_account
from webapp.scholarly.client import URL_SETTINGS

pytestmark = BROWSER

TYPO = answers.DOI.replace("17", "71")
HARD = (
    "In this trial, adults with an injury of the spinal cord received electrical stimulation while they trained"
    " walking. The comparison group received identical rehabilitation without stimulation."
)
PLAIN = "Twenty-four adults took part. Half of them had small pulses to the back while they trained to walk."
SENTENCE = "It said that 9 of 12 walked further; there were 8."


@pytest.fixture
def services() -> Iterator[Services]:
    """Crossref and the others, which know of one paper."""
    one = Services()
    one.said = {
        f"/works/{answers.DOI.replace('/', '%2F')}": answers.single(),
        "/search": answers.found(answers.article()),
    }
    with serving(one):
        yield one


@pytest.fixture
def empty_site(
    running_site: Callable[..., tuple[Flask, str]], empty_instance: Path, services: Services, inbox: Inbox
) -> tuple[Flask, str]:
    """A site with two categories and no document, which asks these services and mails to this inbox."""
    mail = {"MAIL_URL": inbox.url, "MAIL_FROM": "letters@example.org"}
    app, host = running_site(empty_instance, **mail, **dict.fromkeys(URL_SETTINGS, services.url))
    with app.app_context():
        make_categories("walking-and-standing", "pain")
    return app, host


def fill(page: Page, **values: str) -> None:
    """Type into fields by the way to them: `study__title` is study.title."""
    for name, value in values.items():
        place = page.locator(f"#f-{name.replace('__', '-')}")
        if place.evaluate("one => one.localName") == "select":
            place.select_option(value)
        else:
            place.fill(value)


def save(page: Page) -> None:
    press(page, "Save")
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    saves_by_itself(page)


def looks_up_the_paper(desk: Page) -> None:
    field(desk, "DOI").fill(TYPO)
    field(desk, "In whom").fill("adults with an injury at C5 to T10")
    press(desk, "Look up the paper")
    found = desk.get_by_role("region", name="What the services say")
    expect(found).to_contain_text(f"Crossref knows no paper {TYPO}.")
    expect(field(desk, "DOI"), "what was typed stays").to_have_value(TYPO)
    expect(field(desk, "In whom")).to_have_value("adults with an injury at C5 to T10")
    field(desk, "DOI").fill(answers.DOI)
    press(desk, "Look up the paper")
    expect(found).to_contain_text("Filled in below, not saved yet: Title of the paper, Authors")
    expect(field(desk, "Title of the paper")).to_have_value(re.compile("Spinal stimulation and walking"))
    save(desk)
    expect(field(desk, "Title of the paper")).to_have_value(re.compile("Spinal stimulation and walking"))
    expect(field(desk, "PubMed number")).to_have_value(answers.PMID)


def writes_the_rest(desk: Page) -> None:
    """All but the outcome, with an explanation that is too hard."""
    for row in ("source", "key finding", "implication", "limitation"):
        press(desk, f"Add {row} 1")
        expect(desk.locator(":focus")).to_have_count(1)
        fill(desk, **ROWS[row])
    fill(
        desk,
        title="Small pulses to the back were tried in 24 people who trained to walk",
        description="Of 24 people, 8 of 12 with pulses walked further, and 3 of 12 without.",
        simple_explanation=HARD,
        research_summary="Chance made two groups. Nobody who measured knew who had pulses.",
        harms="Two people had sore skin under the pads.",
        rests_on="The abstract.",
        study__design="rct",
        study__participants="24",
        study__compared_with="Walking training alone",
        study__intervention="Pulses to the back",
    )
    desk.get_by_label("Walking and standing", exact=True).check()
    expect(desk.locator("#saved")).to_contain_text("Saved at")


ROWS = {
    "source": {"study__sources__0__where": "PubMed 39000001", "study__sources__0__seen": "abstract"},
    "key finding": {"key_findings__0": "With pulses, 9 of 12 people walked further, and without them 3 of 12."},
    "implication": {
        "implications__0__title": "Ask your team",
        "implications__0__text": "They know if such training is near you.",
    },
    "limitation": {"limitations__0": "Few people took part."},
}


def is_refused_and_writes_plainly(desk: Page) -> None:
    press(desk, "Publish now")
    stops = desk.locator("#overview")
    expect(stops).to_be_focused()
    expect(stops).to_contain_text("This cannot be published yet. It is saved.")
    expect(stops).to_contain_text("Simple Explanation has reading grade 14")
    expect(stops).to_contain_text("Outcomes is missing.")
    stops.get_by_role("link", name="Go to Simple Explanation").first.click()
    expect(field(desk, "Simple Explanation")).to_be_focused()
    saves_by_itself(desk)
    field(desk, "Simple Explanation").fill(PLAIN)
    expect(stops).not_to_contain_text("has reading grade")


def adds_an_outcome_and_sees_it_drawn(desk: Page) -> None:
    press(desk, "Add outcome 1")
    fill(
        desk,
        study__outcomes__0__name="Walking further",
        study__outcomes__0__measure="steps in six minutes",
        study__outcomes__0__better="higher",
        study__outcomes__0__topic="walking-and-standing",
        study__outcomes__0__role="main",
        study__outcomes__0__direction="better",
        study__outcomes__0__source="PubMed 39000001",
    )
    for number, (name, count) in enumerate([("pulses", "9"), ("no pulses", "3")]):
        press(desk, f"Add outcome 1, group {number + 1}")
        row = f"study__outcomes__0__groups__{number}"
        fill(desk, **{f"{row}__name": name, f"{row}__people": "12", f"{row}__count": count})
    save(desk)
    expect(desk.locator("#overview h2")).to_have_text("Nothing stops publishing")
    desk.get_by_role("link", name="Preview", exact=True).click()
    shows_the_result(desk, "9 of 12")
    desk.get_by_role("link", name="Back to writing").click()
    saves_by_itself(desk)


def shows_the_result(page: Page, count: str) -> None:
    drawn = page.get_by_role("region", name="The main result")
    expect(drawn.get_by_role("heading", name="Main result: Walking further")).to_be_visible()
    expect(drawn.locator(".figures").first).to_be_visible()
    expect(drawn).to_contain_text(count)
    expect(page.get_by_role("main")).to_contain_text("Did better than walking training alone")


def is_told_of_a_second_tab(desk: Page) -> None:
    mine, theirs = "Few people took part, all at one place.", "Few took part, and for a short time."
    other = desk.context.new_page()
    other.goto(desk.url)
    saves_by_itself(other)
    field(other, "Limitation 1").fill(theirs)
    expect(other.locator("#saved")).to_contain_text("Saved at")
    other.close()
    field(desk, "Limitation 1").fill(mine)
    expect(desk.locator("#writing .form-problem")).to_contain_text("saved this document meanwhile")
    press(desk, "Save")
    told = desk.get_by_role("alert").filter(has_text="Somebody saved this meanwhile")
    for words in ("You both wrote here", "all at one place", "and for a short time"):
        expect(told).to_contain_text(words)
    expect(field(desk, "Limitation 1")).to_have_value(mine)
    told.get_by_role("link", name="both are in the history").click()
    desk.get_by_role("link", name="See kept text 1, or bring it back").click()
    desk.get_by_role("button", name="Bring it back").click()
    expect(field(desk, "Limitation 1")).to_have_value(mine)
    expect(desk.get_by_role("alert").first).to_contain_text("and for a short time")
    field(desk, "Limitation 1").fill("Few people took part, all at one place, for a short time.")
    save(desk)


def is_given_a_time(desk: Page) -> None:
    day = clock.today() + dt.timedelta(days=3)
    desk.get_by_role("link", name="Publish at a time").click()
    field(desk, "Day").fill(day.isoformat())
    field(desk, "Time").fill("09:00")
    field(desk, "Time zone").fill("Asia/Tokyo")
    press(desk, "Publish at a time")
    words = f"{day:%A} {day.day} {day:%B %Y}, 09:00 (Asia/Tokyo; 00:00 UTC)"
    expect(desk.get_by_role("status").first).to_contain_text(f"It will be published on {words}.")
    expect(desk.get_by_role("main")).to_contain_text(f"To be published on {day:%A} {day.day} {day:%B %Y}, 00:00 UTC.")


def finds_it(reader: Page, host: str) -> None:
    reader.goto(f"{host}/research/")
    reader.get_by_role("link", name=re.compile("^Small pulses to the back")).click()
    shows_the_result(reader, "9 of 12")


def corrects_it(desk: Page) -> None:
    desk.reload()
    saves_by_itself(desk)
    fill(desk, key_findings__0="With pulses, 8 of 12 people walked further, and without them 3 of 12.")
    fill(desk, study__outcomes__0__groups__0__count="8")
    save(desk)
    desk.get_by_role("link", name="Publish as a correction").click()
    desk.get_by_label("The sentence readers see").fill(SENTENCE)
    press(desk, "Publish as a correction")
    expect(desk.get_by_role("status").first).to_contain_text("The correction stands on the page and in the feeds.")
    expect(desk.get_by_role("main")).to_contain_text("1 person was sent this summary before")
    press(desk, "Mail it to 1 person")
    expect(desk.get_by_role("main")).to_contain_text("Being sent: 0 of 1.")


def test_from_an_empty_desk_to_a_reader_and_a_correction(
    empty_site: tuple[Flask, str], inbox: Inbox, browse: Browse, forward: Forward
) -> None:
    app, host = empty_site
    desk = signed_in(browse, app, host, expected="status of (409|422)")
    desk.get_by_role("link", name="Desk home").click()
    desk.get_by_role("link", name="Begin a document").click()
    begin(desk, "summary", "Walking with pulses")
    looks_up_the_paper(desk)
    writes_the_rest(desk)
    is_refused_and_writes_plainly(desk)
    adds_an_outcome_and_sees_it_drawn(desk)
    is_told_of_a_second_tab(desk)
    forward(dt.timedelta(days=1))
    reader = browse(f"{host}/research/")
    expect(reader.get_by_role("main")).not_to_contain_text("Small pulses")
    subscribes(reader, app, host, inbox)
    is_given_a_time(desk)
    forward(dt.timedelta(days=2))
    work(app)
    reader.goto(f"{host}/research/")
    expect(reader.get_by_role("main")).not_to_contain_text("Small pulses")
    forward(dt.timedelta(days=1))
    work(app)
    finds_it(reader, host)
    assert [mail["To"] for mail in inbox.messages] == [READER, READER]
    assert "Small pulses to the back" in inbox.messages[1].as_string()
    corrects_it(desk)
    for _ in range(2):
        work(app)
    [mail] = inbox.messages[2:]
    assert (mail["To"], mail["Subject"]) == (READER, "We corrected a summary we sent you")
    body = mail.get_body(("plain",))
    assert body
    assert SENTENCE in str(body.get_content())
    desk.reload()
    expect(desk.get_by_role("main")).to_contain_text("Sent to 1 person on")
    reader.reload()
    shows_the_result(reader, "8 of 12")
    expect(reader.locator("dt", has_text="Corrected here").locator("~ dd")).to_contain_text(SENTENCE)
    feed = reader.request.get(f"{host}/feed.atom").text()
    assert "Corrected: Small pulses to the back" in feed
    assert SENTENCE in feed


def opens(desk: Page, kind: str, title: str) -> None:
    """From the list of documents to the form of one."""
    desk.get_by_role("link", name="Documents", exact=True).click()
    desk.get_by_role("link", name=kind, exact=True).click()
    desk.get_by_role("link", name=title, exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(title)
    saves_by_itself(desk)


def publishes(desk: Page) -> None:
    press(desk, "Publish now")
    expect(desk.get_by_role("status").first).to_have_text("Published. Readers see this text from now on.")


def test_an_answer_and_the_about_page_are_changed_and_one_change_is_undone(
    running_site: Callable[..., tuple[Flask, str]], shipped_instance: Path, browse: Browse
) -> None:
    app, host = running_site(shipped_instance)
    reader = browse(f"{host}/categories/bladder")
    answer = reader.get_by_role("main")
    expect(answer).to_contain_text("Botulinum toxin may reduce leaks")
    desk = signed_in(browse, app, host)
    opens(desk, "Topic answers", "What the studies here show about the bladder")
    field(desk, "In short").fill("Botulinum toxin may lessen leaks.")
    field(desk, "Unknown 5").fill("How often a full bladder brings danger at home.")
    publishes(desk)
    reader.reload()
    expect(answer).to_contain_text("Botulinum toxin may lessen leaks.")
    expect(answer).to_contain_text("How often a full bladder brings danger at home.")
    desk.get_by_role("link", name="History").click()
    desk.get_by_role("link", name="What version 2 changed").click()
    expect(desk.locator("del").filter(has_text="reduce")).to_be_visible()
    desk.get_by_role("button", name=re.compile("^Undo change 1: ")).click()
    expect(desk.get_by_role("alert").first).to_contain_text("Put back below, not saved yet")
    expect(field(desk, "In short")).to_have_value(re.compile("^Botulinum toxin may reduce leaks"))
    publishes(desk)
    reader.reload()
    expect(answer).to_contain_text("Botulinum toxin may reduce leaks")
    expect(answer).to_contain_text("How often a full bladder brings danger at home.")
    opens(desk, "Standing pages", "About this site")
    field(desk, "First sentences").fill("We retell studies, with their limits left in.")
    publishes(desk)
    reader.goto(f"{host}/about")
    expect(answer).to_contain_text("We retell studies, with their limits left in.")
    desk.get_by_role("link", name="History").click()
    desk.get_by_role("link", name="What version 2 changed").click()
    expect(desk.locator("del").filter(has_text="take published studies")).to_be_visible()


CAUSED = "The arm training caused all of them to get stronger."


def test_by_keyboard_only_a_wording_is_used_undone_and_a_text_published(
    running_site: Callable[..., tuple[Flask, str]], empty_instance: Path, browse: Browse
) -> None:
    app, host = running_site(empty_instance)
    with app.app_context():
        make_categories("hand-and-arm-use")
        study = {"design": "case_series", "intervention": "Arm training", "outcomes": [make_outcome()]}
        title = make_summary("arms", study=study, harms="None were seen.").title
        add_account("Mira")
        give_password()
    page = browse(f"{host}/desk/sign-in", reduced_motion="reduce")
    keys = page.keyboard
    tab_to(page, "Name")
    keys.type("mira")
    tab_to(page, "Password", most=1)
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The desk")
    tab_to(page, "Documents")
    keys.press("Enter")
    page.wait_for_url("**/desk/documents")
    skip_to_main(page)
    tab_to(page, title)
    keys.press("Enter")
    saves_by_itself(page)
    skip_to_main(page)
    tab_to(page, "Parts of this form")
    keys.press("Enter")
    tab_to(page, "Go to Key Findings")
    keys.press("Enter")
    tab_to(page, "Key finding 1", most=1)
    keys.press("Control+a")
    keys.type(CAUSED)
    finding = page.get_by_label("Key finding 1", exact=True)
    expect(page.get_by_role("button", name="Use wording 1", exact=True)).to_be_visible()
    tab_to(page, "Use wording 1", most=6)
    keys.press("Enter")
    expect(page.get_by_text("The wording was put in.")).to_be_visible()
    expect(finding).to_be_focused()
    expect(finding).not_to_have_value(CAUSED)
    tab_to(page, "Undo the wording", most=1)
    keys.press("Enter")
    expect(page.get_by_text("The wording was taken out again.")).to_be_visible()
    expect(finding).to_have_value(CAUSED)
    tab_to(page, "Publish now")
    keys.press("Enter")
    expect(page.get_by_text("Published. Readers see this text from now on.")).to_be_visible()
    tab_to(page, "on its page")
    keys.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(CAUSED)


def test_without_script_a_page_a_message_and_a_category(
    running_site: Callable[..., tuple[Flask, str]], empty_instance: Path, browse: Browse
) -> None:
    app, host = running_site(empty_instance)
    with app.app_context():
        make_categories("pain")
        make_message("Is the trial open?")
    desk = signed_in(browse, app, host, java_script_enabled=False, expected="status of 422")
    reader = browse(f"{host}/research/", java_script_enabled=False, expected="status of (404|410)")
    desk.get_by_role("link", name="Documents", exact=True).click()
    desk.get_by_label("What do you want to write?").select_option("page")
    desk.get_by_label("Its title, for now").fill("Visits")
    press(desk, "Begin")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Visits")
    field(desk, "First sentences").fill("Come in.")
    press(desk, "Save")
    expect(desk.get_by_role("status").first).to_contain_text("Saved.")
    press(desk, "Publish now")
    expect(desk.locator("#overview")).to_contain_text("2 things stop publishing")
    field(desk, "Description").fill("When to come.")
    field(desk, "Text").fill("## When\n\nOn Mondays.")
    publishes(desk)
    reader.goto(f"{host}/visits")
    expect(reader.get_by_role("main")).to_contain_text("On Mondays.")
    desk.get_by_role("link", name="Take it down").click()
    press(desk, "Take it down")
    expect(desk.get_by_role("link", name="Please write the sentence that readers see.")).to_be_visible()
    desk.get_by_label("The sentence readers see").fill("We have moved.")
    press(desk, "Take it down")
    expect(desk.get_by_role("status").first).to_have_text("Taken down. Its address says why.")
    reader.reload()
    expect(reader.get_by_role("main")).to_contain_text("We have moved.")
    desk.get_by_role("link", name="Messages", exact=True).click()
    desk.get_by_role("link", name="Message 1 from Kim").click()
    press(desk, "Mark message 1 as answered")
    expect(desk.get_by_role("status").first).to_contain_text("Message 1 is marked as answered.")
    desk.get_by_text("More of the desk").click()
    desk.get_by_role("link", name="Categories", exact=True).click()
    desk.get_by_role("link", name="Add a category").click()
    field(desk, "Name").fill("Sleep")
    field(desk, "What it is about, in a sentence").fill("How people sleep.")
    press(desk, "Add the category")
    expect(desk.get_by_role("status").first).to_contain_text("The category was added.")
    reader.goto(f"{host}/categories/sleep")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Sleep")
