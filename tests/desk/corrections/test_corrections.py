"""After a correction the desk says how many were sent the mistake, and mails them when it is told to."""

from __future__ import annotations

import pytest

from tests.desk.writing.test_writing import change, press
from tests.factories import make_categories, make_outcome, make_summary
from tests.page import Page, PageClient, words
from tests.subscriptions.conftest import mails, make_subscriber
from webapp import clock
from webapp.corrections.actions import write_corrections
from webapp.documents.queries import document_named
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.models import Activity, OutboxMail

SENTENCE = "It said nine people; there were eight."


@pytest.fixture
def url(mira: PageClient) -> str:
    """A summary that two readers were sent."""
    make_categories("pain")
    study = {"intervention": "Arm training", "outcomes": [make_outcome()]}
    make_summary("arms", categories=["pain"], date=clock.today(), lastmod=clock.today(), study=study, harms="None.")
    for number in range(2):
        make_subscriber(f"reader{number}@example.org")
    send_letters()
    document = document_named("summary", "arms")
    assert document
    return f"/desk/documents/{document.id}"


def correct(client: PageClient, url: str, finding: str = "Eight people.") -> str:
    press(client, url, "save", key_findings__0=finding)
    return str(change(client, url, "correct", sentence=SENTENCE).location)


def go_on(client: PageClient, url: str) -> str:
    """What the list of corrections says after the worker had its turn."""
    write_corrections()
    return words(client.page(f"{url}/corrections").one("main li"))


def deliver(state: str) -> None:
    for mail in db.session.scalars(db.select(OutboxMail).where(OutboxMail.kind == "correction")):
        setattr(mail, state, clock.now())
    db.session.commit()


def test_after_a_correction_the_desk_asks_and_nothing_is_mailed_unasked(mira: PageClient, url: str) -> None:
    way = correct(mira, url)
    assert way == f"{url}/corrections/1/mail?said=correct"
    page = mira.page(way)
    assert "2 people were sent this summary before, and still get letters." in words(page.one("main"))
    assert SENTENCE in words(page.one("blockquote"))
    assert words(page.one("main form button")) == "Mail it to 2 people"
    assert "Nobody has been told." in go_on(mira, url)
    assert mails("correction") == []
    assert mira.page(f"{url}/corrections").texts("main li a") == ["Tell them of correction 1"]


def test_one_press_mails_it_once_and_the_state_is_shown(mira: PageClient, url: str) -> None:
    page = mira.page(correct(mira, url))
    address = f"{url}/corrections/1/mail"
    assert mira.post(address, data=page.values("main form")).location == f"{url}/corrections"
    assert "Being sent: 0 of 2. Mira asked for it on" in words(mira.page(f"{url}/corrections").one("main li"))
    assert "Being sent: 0 of 2." in go_on(mira, url)
    again = mira.post(address, data=page.values("main form"))
    assert again.status_code == 422
    assert not mira.page(address).select("main form")
    deliver("sent_at")
    assert "Sent to 2 people on" in go_on(mira, url)
    assert sorted(str(mail["To"]) for mail in mails("correction")) == ["reader0@example.org", "reader1@example.org"]
    notes = list(db.session.scalars(db.select(Activity.what)))
    assert notes.count("Had a correction of the summary arms mailed to 2 people.") == 1
    assert not [what for what in notes if "@" in what]


def test_what_could_not_be_delivered_is_said(mira: PageClient, url: str) -> None:
    mira.post(f"{url}/corrections/1/mail", data=mira.page(correct(mira, url)).values("main form"))
    write_corrections()
    deliver("given_up_at")
    assert "2 mails could not be delivered." in go_on(mira, url)


def test_where_nobody_was_sent_it_there_is_no_button(mira: PageClient, url: str) -> None:
    mira.post(f"{url}/corrections/1/mail", data=mira.page(correct(mira, url)).values("main form"))
    for mail in db.session.scalars(db.select(OutboxMail).where(OutboxMail.kind == "letter")):
        mail.given_up_at = clock.now()
    db.session.commit()
    page = mira.page(correct(mira, url, "Seven people."))
    assert "There is nobody to tell by mail" in words(page.one("main"))
    assert not page.select("main form")
    answer = mira.post(f"{url}/corrections/2/mail", data=mira.page(f"{url}/corrections").values("header form"))
    assert answer.status_code == 422
    assert "nobody to tell" in Page(answer.text).texts("#error-summary")[0]


def test_a_summary_without_corrections_says_how_to_make_one(mira: PageClient, url: str) -> None:
    assert "Corrections" in mira.page(url).texts("nav[aria-label='This document'] a")
    assert mira.page(f"{url}/corrections").select(f"main a[href='{url}/correct']")
    assert mira.get(f"{url}/corrections/1/mail").status_code == 404
