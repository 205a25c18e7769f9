"""Trials looking for people on the page of a topic, and on a page of their own: never more than the registry says."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from tests.conftest import counted
from tests.factories import make_categories
from tests.page import Page, PageClient, words
from tests.watch.recruiting.making import make_search, make_trial
from webapp import clock
from webapp.editorial.dates import PartialDate
from webapp.editorial.readability import grade
from webapp.extensions import db
from webapp.formats import long_date
from webapp.models import Category

TOPIC = "/categories/hand-and-arm-use"
OLD = PartialDate(2020, 1)


@pytest.fixture(autouse=True)
def _topics(app: Flask) -> None:
    make_categories("hand-and-arm-use", "pain")


def part(client: PageClient) -> str:
    return words(client.page(TOPIC).one("section.trials"))


def listed(page: Page) -> list[str]:
    return page.texts(".trial-list li > a")


def test_nothing_at_all_stands_there_while_no_search_is_approved(client: PageClient) -> None:
    search = make_search(make_trial())
    search.live_condition = search.live_words = None
    db.session.commit()
    page = client.page(TOPIC)
    assert not page.select("section.trials, [href$='/trials'], [href='#trials']")
    assert client.get(f"{TOPIC}/trials").status_code == 404
    assert not client.page("/categories/pain").select("section.trials")


def test_the_page_says_what_the_registry_lists_and_what_a_trial_is(client: PageClient) -> None:
    make_search(make_trial(), make_trial(2, status="NOT_YET_RECRUITING", countries=(), oldest=""), total=23)
    page, today = client.page(TOPIC), long_date(clock.today())
    assert set(page.texts("a[href='#trials']")) == {"Trials looking for people"}
    assert listed(page) == [
        "Training of the arms 1 (NCT00000001)",
        "Training of the arms 2 (NCT00000002)",
    ]
    first, second = page.texts(".trial-list li")
    assert "Listed as open. For people from 18 to 65 years of age." in first
    assert "Where: Germany and Switzerland. The registry last changed this on" in first
    assert "Listed as not open yet. For people from 18 years of age. The registry names no country." in second
    for sentence in (
        f"We looked on {today}.", "then had 23 trials for our search that are listed as open, or as not open yet.",
        "You should never pay to take part in a trial.", "It may have risks.", "may be full or closed by now.",
        "We chose the words of this search. We did not check these trials, and a trial",
        "on the list is no advice to join it.",
    ):  # fmt: skip
        assert sentence in part(client), sentence
    links = [link.get("href") for link in page.select("section.trials a")]
    assert "https://clinicaltrials.gov/study/NCT00000001" in links
    assert links[-1].startswith("https://clinicaltrials.gov/search?cond=spinal%20cord%20injury&term=arms%20OR%20hands")


def test_the_words_about_trials_are_plain(client: PageClient) -> None:
    make_search(make_trial())
    assert grade(words(client.page(TOPIC).one(".trials-about"))) <= 8


def test_a_trial_that_nobody_confirmed_is_not_told_as_open(client: PageClient) -> None:
    make_search(make_trial(verified=OLD), make_trial(2), make_trial(3, verified=None))
    page = client.page(TOPIC)
    assert [name[-2:-1] for name in listed(page)] == ["2", "1", "3"], "those that are confirmed come first"
    texts = page.texts(".trial-list li")
    assert "Nobody has confirmed this trial for two years." in texts[1]
    assert "The registry does not say when this trial was last confirmed." in texts[2]
    assert ["Listed as open" in text for text in texts] == [True, False, False]


@pytest.mark.parametrize(("changed", "words"), [("2026-10-01", "on 1 October 2026."), ("2026-10", "in October 2026.")])
def test_a_day_is_said_only_where_the_registry_says_it(client: PageClient, changed: str, words: str) -> None:
    make_search(make_trial(changed=PartialDate.parse(changed)))
    assert f"The registry last changed this {words}" in client.page(TOPIC).texts(".trial-list li")[0]


def test_what_the_registry_wrote_is_shown_as_text(client: PageClient) -> None:
    title, country = '<script>alert(1)</script> {{ 7*7 }} & "quotes" \'', "<b>Land</b>"
    make_search(make_trial(title=title, countries=(country,), changed=None))
    page = client.page(f"{TOPIC}/trials")
    assert listed(page) == [f"{title} (NCT00000001)"]
    assert f"Where: {country}." in page.texts(".trial-list li")[0]
    assert client.page(f"{TOPIC}/trials?country=%3Cb%3ELand%3C/b%3E").texts("#browse-count") == [
        f"1 trial with a place in {country}."
    ]


def test_a_list_that_is_too_old_is_no_list(client: PageClient) -> None:
    day = clock.now() - dt.timedelta(days=15)
    make_search(make_trial(), at=day)
    page = client.page(TOPIC)
    assert f"Since {long_date(day)} we could not look, so we show no list." in part(client)
    assert not listed(page)
    assert page.select("section.trials a")[-1].get("href").startswith("https://clinicaltrials.gov/search?")
    page = client.page(f"{TOPIC}/trials")
    assert page.texts("#browse-count") == ["The list is too old to be shown."]
    assert not listed(page)
    assert not page.select("select")
    assert "Training" not in client.get(f"{TOPIC}/trials", headers={"HX-Request": "true"}).text


def test_no_trial_and_trials_left_out_are_said(client: PageClient) -> None:
    make_search()
    assert "then had no trial for our search that was open or about to open." in part(client)
    assert "these trials" not in part(client), "nothing is said of trials that are not there"
    assert client.page(f"{TOPIC}/trials").texts("#browse-count") == [""]
    make_search(make_trial(), make_trial(2), slug="pain", hidden=(1, 77))
    page = client.page("/categories/pain")
    assert [name[-2:-1] for name in listed(page)] == ["2"]
    about = words(page.one("section.trials"))
    assert "We left out 1 that does not belong here." in about
    assert "We did not check this trial, and" in about
    assert "in one country" not in about, "there is nothing to choose from"


def test_the_first_five_stand_on_the_page_and_all_on_their_own(client: PageClient) -> None:
    far = ("Chile",)
    make_search(*(make_trial(number, countries=far if number > 11 else ("Germany",)) for number in range(1, 13)))
    page = client.page(TOPIC)
    assert len(listed(page)) == 5
    link = page.one(f"a[href='{TOPIC}/trials']")
    assert link.text == "See all 12 trials we list, or those in one country"
    page = client.page(link.get("href"))
    assert len(listed(page)) == 12
    assert page.texts("#country option") == ["Any country (12)", "Chile (1)", "Germany (11)"]
    page = client.page(f"{TOPIC}/trials?country=Chile")
    assert page.texts("#browse-count") == ["1 trial with a place in Chile."]
    assert listed(page) == ["Training of the arms 12 (NCT00000012)"]
    assert page.one("#country option[selected]").get("value") == "Chile"


def test_a_country_is_chosen_without_a_new_page(client: PageClient) -> None:
    make_search(make_trial(), make_trial(2, countries=("Chile",)))
    answer = client.get(f"{TOPIC}/trials?country=Chile", headers={"HX-Request": "true"})
    assert answer.headers["HX-Push-Url"] == f"{TOPIC}/trials?country=Chile"
    assert "<h1" not in answer.text
    assert "1 trial with a place in Chile" in answer.text
    assert client.get(f"{TOPIC}/trials?country=Nowhere").location == f"{TOPIC}/trials"


@pytest.mark.parametrize(
    "country", ["Türkiye", "Côte d'Ivoire", "Côte d’Ivoire", "Korea, Republic of", "A & B", "x" * 60]
)
def test_a_country_is_found_whatever_it_is_called(client: PageClient, country: str) -> None:
    make_search(make_trial(countries=(*"ABCDEFG", country)), make_trial(2))
    page = client.page(f"{TOPIC}/trials")
    values = page.select("#country option")[1:]
    asked = {"country": next(one.get("value") for one in values if one.get("value") == country)}
    page = client.page(f"{TOPIC}/trials", query_string=asked)
    assert listed(page) == ["Training of the arms 1 (NCT00000001)"]
    assert f"Where: {country}" in page.texts(".trial-list li")[0], "also where it is one of many"


def test_a_topic_that_leads_on_leads_on_from_there(client: PageClient) -> None:
    make_search(make_trial(), slug="pain")
    db.session.execute(db.update(Category).where(Category.slug == "hand-and-arm-use").values(leads_to="pain"))
    db.session.commit()
    assert client.get(f"{TOPIC}/trials").location == "/categories/pain"
    assert client.get("/categories/nowhere/trials").status_code == 404


def test_these_pages_are_the_same_for_everyone(client: PageClient) -> None:
    make_search(make_trial())
    for url in (TOPIC, f"{TOPIC}/trials"):
        answer = client.get(url)
        assert "public" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        assert "csrf" not in answer.text


def test_the_search_costs_a_topic_two_questions(app: Flask, client: PageClient) -> None:
    with counted(app) as without:
        client.get(TOPIC)
    make_search(*(make_trial(number) for number in range(1, 51)))
    with counted(app) as sent:
        client.get(TOPIC)
    assert len(sent) <= len(without) + 1
