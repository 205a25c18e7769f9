"""The address of a page that was public changes only after its owner was told what that means, and agreed."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.conftest import Forward
from tests.desk.conftest import enter
from tests.desk.writing.test_writing import begin, change, newest, press
from tests.factories import make_categories, make_summary, make_summary_file, make_topic_file
from tests.page import Page, PageClient, words
from webapp.documents.actions import publish_due, save_revision
from webapp.documents.queries import document_named
from webapp.documents.schema import canonical
from webapp.extensions import db
from webapp.models import Document, Redirect

WHOLE = {"description": "When.", "lead": "Come.", "text": "## When\n\nOn Mondays."}
NOTICE = "[aria-labelledby=move-title]"


@pytest.fixture
def url(mira: PageClient) -> str:
    """A page that stands at /visits."""
    url = begin(mira)
    press(mira, url, "publish", **WHOLE)
    return url


def other(client: PageClient, title: str = "Opening hours") -> str:
    """Another page, published."""
    url = begin(client, title=title)
    press(client, url, "publish", **WHOLE)
    return url


def button(page: Page) -> str:
    return words(page.one("main form button"))


def test_publishing_at_another_address_asks_first_and_then_leads_on(
    mira: PageClient, stranger: PageClient, url: str
) -> None:
    answer = press(mira, url, "publish", slug="come")
    assert answer.location == f"{url}/publish"
    assert stranger.get("/come").status_code == 404
    assert stranger.page("/visits").h1 == "Visits"
    page = mira.page(answer.location)
    told = words(page.one(NOTICE))
    assert "Readers who come to /visits are led to /come. Links elsewhere keep working." in told
    assert button(page) == "Publish now, and change the address"
    assert change(mira, url, "publish").location == f"{url}?said=publish"
    assert stranger.page("/come").h1 == "Visits"
    assert stranger.get("/visits").location == "/come"


def test_without_a_change_of_address_there_is_no_extra_step(mira: PageClient, url: str) -> None:
    assert press(mira, url, "publish", lead="Come in.").location.endswith("?said=publish")
    assert press(mira, url, "publish", slug="visits").location.endswith("?said=publish"), "where it stands already"
    page = mira.page(f"{url}/correct")
    assert not page.select(NOTICE)
    assert button(page) == "Publish as a correction"


def test_scheduling_asks_on_its_own_page(mira: PageClient, stranger: PageClient, url: str, forward: Forward) -> None:
    press(mira, url, "save", slug="come")
    page = mira.page(f"{url}/schedule")
    assert button(page) == "Publish at a time, and change the address"
    when = {"day": (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).date().isoformat(), "time": "09:00"}
    values = page.values("main form", **when)
    answer = mira.post(f"{url}/schedule", data={**values, "agreed": ""})
    assert answer.status_code == 422
    assert Page(answer.text).one("#time").get("value") == "09:00", "what was typed is kept"
    assert mira.post(f"{url}/schedule", data=values).status_code == 303
    assert stranger.page("/visits").h1 == "Visits"
    forward(dt.timedelta(days=4))
    assert publish_due() == 1
    assert stranger.get("/visits").location == "/come"


def test_a_correction_asks_on_its_own_page_and_keeps_the_sentence(mira: PageClient, url: str) -> None:
    page = mira.page(f"{url}/correct")
    values = page.values("main form", sentence="It was Mondays.")
    press(mira, url, "save", slug="come")
    answer = mira.post(f"{url}/correct", data=values)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.select(NOTICE)
    assert words(page.one("#sentence")) == "It was Mondays."
    assert mira.post(f"{url}/correct", data=page.values("main form")).status_code == 303


def test_a_page_that_was_taken_down_asks_too(mira: PageClient, url: str) -> None:
    change(mira, url, "unpublish", sentence="We have moved.")
    assert press(mira, url, "publish", slug="come").location == f"{url}/publish"


def test_a_draft_that_never_was_public_may_stand_anywhere(mira: PageClient, stranger: PageClient) -> None:
    url = begin(mira)
    assert press(mira, url, "publish", slug="come", **WHOLE).location.endswith("?said=publish")
    assert stranger.page("/come").h1 == "Visits"


def test_an_address_that_is_taken_is_refused_before_anybody_is_asked(mira: PageClient, url: str) -> None:
    other(mira)
    answer = press(mira, url, "publish", slug="opening-hours")
    assert answer.status_code == 422
    assert Page(answer.text).texts("#overview .desk-stops li") == [
        "Address is opening-hours, which opening-hours has already. Go to Address"
    ]


def test_a_redirect_that_would_be_lost_is_said(mira: PageClient, stranger: PageClient, url: str) -> None:
    press(mira, url, "publish", slug="come")
    change(mira, url, "publish")
    late = begin(mira, title="Opening hours")
    assert press(mira, late, "publish", slug="visits", **WHOLE).location == f"{late}/publish", "though it never moved"
    page = mira.page(f"{late}/publish")
    told = words(page.one(NOTICE))
    assert "/visits was the address of another page once. It leads readers to /come today." in told
    assert "Readers find it at" not in told
    assert button(page) == "Publish now, and take the address"
    assert stranger.get("/visits").location == "/come"
    change(mira, late, "publish")
    assert stranger.page("/visits").h1 == "Opening hours"
    assert db.session.scalars(db.select(Redirect.slug)).all() == []


def test_its_own_old_address_is_nobody_elses_loss(mira: PageClient, stranger: PageClient, url: str) -> None:
    press(mira, url, "publish", slug="come")
    change(mira, url, "publish")
    press(mira, url, "publish", slug="visits")
    assert "another page" not in words(mira.page(f"{url}/publish").one(NOTICE))
    change(mira, url, "publish")
    assert stranger.get("/come").location == "/visits"


def test_what_was_saved_since_is_not_published_unseen(mira: PageClient, stranger: PageClient, url: str) -> None:
    values = mira.page(f"{url}/correct").values("main form", sentence="It was Mondays.")
    press(enter(stranger, "Ada"), url, "save", lead="Of Ada.")
    answer = mira.post(f"{url}/correct", data=values)
    assert answer.status_code == 422
    assert "Ada saved this meanwhile." in answer.text
    assert newest(url).content["lead"] == "Of Ada."
    assert "Of Ada." not in stranger.get("/visits").text
    assert mira.post(f"{url}/correct", data=Page(answer.text).values("main form")).status_code == 303


def test_a_summary_is_led_on_below_research(mira: PageClient, stranger: PageClient) -> None:
    make_categories()
    old = make_summary("arms").slug
    document = document_named("summary", "arms")
    assert document
    url = f"/desk/documents/{document.id}"
    change_of = {"study__intervention": "Arm training", "slug": "arm-training-at-home"}
    press(mira, url, "save", **change_of)
    content = {**newest(url).content, "study": canonical(make_summary_file("arms").content, "arms")["study"]}
    save_revision(document, content, by="Mira", base=newest(url).number, version=1)
    assert "/research/arm-training-at-home" in words(mira.page(f"{url}/publish").one(NOTICE))
    assert change(mira, url, "publish").status_code == 303
    assert stranger.get(f"/research/{old}").location == "/research/arm-training-at-home"


def test_an_answer_that_changes_its_topic_says_so(mira: PageClient, stranger: PageClient) -> None:
    make_categories("hand-and-arm-use", "pain")
    make_summary("arm-training")
    document = Document(kind="topic", key="hand-and-arm-use", language="en")
    file = make_topic_file()
    save_revision(document, canonical(file.content, file.key), by="Mira")
    url = f"/desk/documents/{document.id}"
    assert press(mira, url, "publish").location.endswith("?said=publish")
    assert press(mira, url, "publish", category="pain").location == f"{url}/publish"
    told = words(mira.page(f"{url}/publish").one(NOTICE))
    assert "Readers who come to /categories/hand-and-arm-use still get that topic, without this answer." in told
    assert change(mira, url, "publish").status_code == 303
    assert "Training may help." in stranger.page("/categories/pain").html
    assert stranger.get("/categories/hand-and-arm-use").status_code == 200
