"""Searches for trials at the desk: tried first, approved then, and readers see no other words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import make_app
from tests.desk.conftest import enter
from tests.factories import make_categories
from tests.page import Page, PageClient, client_of, words
from tests.scholarly.answers import listed_trial, trial_list
from tests.scholarly.server import Reply, Service, serving
from tests.watch.recruiting.making import make_search, make_trial
from webapp import clock
from webapp.edition import edition
from webapp.extensions import db
from webapp.models import Activity, Category, HiddenTrial, TrialSearch
from webapp.scholarly.client import URL_SETTINGS, shared_client

INDEX = "/desk/recruiting"


@pytest.fixture
def registry() -> Iterator[Service]:
    with serving(Service()) as service:
        service.replies_with(trial_list(listed_trial(), listed_trial(2), total=9))
        yield service


@pytest.fixture
def app(instance: object, registry: Service) -> Iterator[Flask]:
    app = make_app(instance, **dict.fromkeys(URL_SETTINGS, registry.url))  # type: ignore[arg-type]
    with app.app_context():
        yield app
        shared_client(app.config).close()


@pytest.fixture
def mira(app: Flask) -> PageClient:
    make_categories("pain", "sleep")
    return enter(client_of(app))


def url(slug: str = "pain", what: str = "") -> str:
    id_ = db.session.scalars(db.select(Category.id).where(Category.slug == slug)).one()
    return f"{INDEX}/{id_}{what}"


def search() -> TrialSearch | None:
    db.session.rollback()
    return db.session.scalars(db.select(TrialSearch)).one_or_none()


def said(page: Page) -> str:
    return words(page.one("main"))


def save(client: PageClient, **changes: str) -> str:
    """Save words, and the address at which they are tried."""
    answer = client.post(url(), data=client.page(url()).values("main form.form", **changes))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def approve(client: PageClient, **changes: list[str]) -> Page:
    page = client.page(url(what="/try"))
    answer = client.post(url(what="/try"), data=page.values(**changes))
    assert answer.status_code == 303, answer.text
    return client.page(answer.location)


def press(client: PageClient, button: str) -> Page:
    form = next(form for form in client.page(url()).select("main form") if button in words(form))
    values = {one.get("name"): one.get("value") for one in form.cssselect("input")}
    answer = client.post(form.get("action"), data=values)
    assert answer.status_code == 303
    return client.page(answer.location)


def notes() -> list[str]:
    return list(db.session.scalars(db.select(Activity.what).order_by(Activity.id)))


def line(client: PageClient) -> str:
    return " ".join(text for text in client.page("/desk/").texts("main li") if "See the searches for trials" in text)


def test_a_proposal_is_tried_and_approved_before_readers_see_anything(mira: PageClient, registry: Service) -> None:
    assert "We propose a search. Readers see nothing yet." in mira.page(INDEX).texts(".desk-rows li")[0]
    assert "No search. Readers see nothing." in mira.page(INDEX).texts(".desk-rows li")[1]
    page = mira.page(url())
    assert page.one("#words").get("value") == "pain"
    assert registry.asked == [], "nothing is asked before somebody wants to try it"
    before = edition()
    page = mira.page(save(mira, words="pain OR neuropathic"))
    assert "The registry has 9 trials that are open, or not open yet. Below are the 2 it changed last." in said(page)
    assert page.texts(".desk-rows a")[0] == "Trial 1 of the bladder (NCT00000001)"
    assert "Germany, Switzerland. Changed on 1 October 2026." in page.texts(".desk-rows li")[0]
    assert not mira.page("/categories/pain").select("section.trials")
    assert edition() == before
    page = approve(mira, left_out=["NCT00000002"])
    assert "Approved. Readers see these trials from now on" in said(page)
    assert edition() != before
    assert mira.page("/categories/pain").texts(".trial-list a") == ["Trial 1 of the bladder (NCT00000001)"]
    assert "Readers see it. 9 trials, when we looked on" in mira.page(INDEX).texts(".desk-rows li")[0]
    assert registry.asked[-1].query["query.term"] == "pain OR neuropathic"
    assert notes()[-2:] == [
        "Saved the words that trials on “Pain” are searched for with.",
        "Approved the search for trials on “Pain”.",
    ]


def test_changed_words_are_approved_anew_and_until_then_the_old_ones_stay(mira: PageClient, registry: Service) -> None:
    approve(mira)
    before = edition()
    registry.replies_with(trial_list(listed_trial(3)))
    save(mira, words="something else")
    found = search()
    assert found
    assert (found.live_words, found.words) == ("pain", "something else")
    page = mira.page(INDEX)
    assert "1 search waits for you." in said(page)
    assert "Changed, and not approved yet." in page.texts(".desk-rows li")[0]
    assert "Readers see what the old ones find: spinal cord injury; pain." in said(mira.page(url()))
    assert "The new words of a search for trials are not approved yet, for “Pain”." in line(mira)
    assert edition() == before
    approve(mira)
    assert mira.page("/categories/pain").texts(".trial-list a") == ["Trial 3 of the bladder (NCT00000003)"]
    assert not line(mira)


def test_only_words_that_were_looked_at_are_approved(mira: PageClient) -> None:
    page = mira.page(url(what="/try"))
    save(mira, words="something else")
    answer = mira.post(url(what="/try"), data=page.values(left_out=["NCT00000002"]))
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "The words were changed meanwhile." in said(page)
    assert page.one("#leave-NCT00000002").get("checked") is not None
    found = search()
    assert found
    assert not found.is_live
    assert mira.post(url(what="/try"), data=page.values()).status_code == 303


def test_what_cannot_be_tried_cannot_be_approved(mira: PageClient, registry: Service) -> None:
    page = mira.page(save(mira, words="pain OR (").replace("/try", ""))
    good = mira.page(url(what="/try")).values()
    registry.replies_with(Reply("Invalid query", 400))
    save(mira, words="pain OR ((")
    page = mira.page(url(what="/try"))
    assert "ClinicalTrials.gov did not understand the question. Try again later." in said(page)
    assert "look at brackets and quotation marks" in said(page)
    assert not page.select("main form")
    assert mira.post(url(what="/try"), data=good | {"words": "pain OR (("}).status_code == 422
    found = search()
    assert found
    assert not found.is_live


def test_words_that_cannot_be_saved_are_kept_in_the_form(mira: PageClient) -> None:
    values = mira.page(url()).values("main form.form", condition=" ", words="x" * 501)
    answer = mira.post(url(), data=values)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.texts(".error-summary li") == [
        "Please say for whom the trials are, such as “spinal cord injury”.",
        "Please use at most 500 letters.",
    ]
    assert page.one("#words").get("value") == "x" * 501
    assert search() is None


def test_quotation_marks_of_a_telephone_are_those_of_the_registry(mira: PageClient, registry: Service) -> None:
    mira.page(save(mira, words="pain OR “nerve pain”"))
    assert registry.asked[-1].query["query.term"] == 'pain OR "nerve pain"'


def test_a_trial_is_left_out_and_put_back(mira: PageClient) -> None:
    approve(mira)
    before = edition()
    page = press(mira, "Leave out NCT00000001")
    assert "The trial was left out." in said(page)
    assert mira.page("/categories/pain").texts(".trial-list a") == ["Trial 2 of the bladder (NCT00000002)"]
    assert edition() != before
    assert notes()[-1] == "Left the trial NCT00000001 out of “Pain”."
    assert mira.page(url(what="/try")).one("#leave-NCT00000001").get("checked") is not None
    assert "Trial 1 of the bladder (NCT00000001)" in words(press(mira, "Put back NCT00000001").one("main ol"))
    assert db.session.scalars(db.select(HiddenTrial)).all() == []
    button = f"main form[action='{url(what='/trials/NCT00000001/leave-out')}']"
    other = url(what="/trials/NCT99999999/leave-out")
    assert mira.post(other, data=mira.page(url()).values(button)).status_code == 303
    assert db.session.scalars(db.select(HiddenTrial)).all() == [], "only what was found can be left out"


def test_a_search_is_stopped_and_its_words_stay(mira: PageClient) -> None:
    save(mira, words="pain OR neuropathic")
    approve(mira, left_out=["NCT00000001"])
    assert "Stopped. Readers see nothing of it any more." in said(press(mira, "Stop this search"))
    assert not mira.page("/categories/pain").select("section.trials")
    page = mira.page(url())
    assert page.one("#words").get("value") == "pain OR neuropathic"
    assert "Left out" in page.texts("main h2")
    assert "Not approved. Readers see nothing." in mira.page(INDEX).texts(".desk-rows li")[0]


def test_nobody_could_look_for_two_weeks_stands_on_the_first_page(mira: PageClient) -> None:
    make_search(make_trial(), slug="pain", at=clock.now() - dt.timedelta(days=15))
    assert "For two weeks nobody could ask which trials look for people, for “Pain”. Readers see no list." in line(mira)
    make_categories("hand-and-arm-use")
    db.session.execute(db.update(Category).where(Category.slug == "hand-and-arm-use").values(position=0))
    make_search(make_trial(2), slug="sleep").words = "something else"
    page = mira.page(INDEX)
    assert "2 searches wait for you." in said(page)
    assert "Readers see a list on 2 of 3 topic pages now." in said(page)
    assert page.texts(".desk-rows a") == ["Pain", "Sleep", "Hand and arm use"], "what waits comes first"
    assert "That is too long ago: readers see no list." in page.texts(".desk-rows li")[0]
    assert "readers are told so, and see no list" in said(mira.page(url()))


def test_a_topic_that_is_gone_meanwhile_is_said(mira: PageClient) -> None:
    page, at = mira.page(url()), url()
    db.session.execute(db.update(Category).where(Category.slug == "pain").values(leads_to="sleep"))
    db.session.commit()
    assert mira.post(at, data=page.values("main form.form")).status_code == 404
    assert mira.get(f"{INDEX}/99/try").status_code == 404
    assert "merged or deleted meanwhile" in said(mira.page(f"{INDEX}?said=gone"))
