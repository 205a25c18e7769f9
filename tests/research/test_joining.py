"""The page of a summary says whether people can join its trial: never more than the registry says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from tests.conftest import counted
from tests.factories import make_categories, make_summary, summary_named
from tests.page import Page, PageClient, words
from tests.scholarly.answers import TRIAL
from tests.watch.trials.making import hear
from webapp import clock
from webapp.editorial.readability import grade
from webapp.editorial.trials import OPEN, SENTENCES, news_of_trial
from webapp.formats import long_date
from webapp.scholarly.trials import STATUSES
from webapp.watch.trials.answers import Said
from webapp.watch.trials.registries import record_url
from webapp.watch.trials.standing import age_words

RETRACTION = {"kind": "retraction", "issued": "2026-01-02"}
WHERE: dict[str, Any] = {
    "centralContacts": [
        {"name": "Research Team", "phone": "+1 (555) 010-0200", "phoneExt": "2", "email": "Team?cc=x@example.org"}
    ],
    "locations": [
        {"facility": f"Hospital {number}", "city": "Zurich", "country": "Switzerland", "status": "RECRUITING"}
        for number in range(23)
    ],
}


@pytest.fixture(autouse=True)
def _walk(app: Flask) -> None:
    make_categories()
    make_summary("walk", study={"registrations": [TRIAL]})


def page(client: PageClient) -> Page:
    return at("walk", client)


def at(key: str, client: PageClient) -> Page:
    return client.page(f"/research/{summary_named(key).slug}")


def joining(client: PageClient) -> str:
    return " ".join(words(part) for part in page(client).select(".joining"))


def record(client: PageClient) -> str:
    """What stands beside the number."""
    [found] = [one for one in page(client).select(".paper .facts-list > div") if TRIAL in words(one)]
    return " ".join(Page.texts_of(found, "dd"))


def facts(client: PageClient) -> list[str]:
    """Names and facts, one after the other."""
    return page(client).texts(".joining dt, .joining dd")


def test_a_trial_that_looks_for_people_says_where_who_and_whom_to_ask(client: PageClient) -> None:
    hear("RECRUITING", contactsLocationsModule=WHERE)
    text, today = joining(client), clock.today()
    assert words(page(client).one("#joining")) == "Can I join this trial?"
    assert "Can I join this trial?" in [words(one) for one in page(client).select(".rail li")]
    assert "This trial looks for people now. The registry, ClinicalTrials.gov, says so." in text
    assert f"This is its title in the registry, where its number is {TRIAL}. We looked on" in text
    assert f"We looked on {long_date(today)}. The registry last changed this on 2 May 2026." in text
    assert f"last confirmed it in {today:%B %Y}." in text
    told = ["Where", "Switzerland", "Age", "18 years and older", "Women or men", "Women and men", "Whom to ask"]
    assert facts(client)[:-1] == told
    assert "We did not check this trial, and what stands here is no advice to join it." in text
    assert "Talk with your own doctor first." in text
    assert "You should never pay to take part in a trial." in text
    assert "These are the first 20." in text
    ways = [one.get("href") for one in page(client).select(".way a")]
    assert ways == ["mailto:team%3Fcc%3Dx@example.org", "tel:+15550100200"]
    assert page(client).texts(f".joining a[href='https://clinicaltrials.gov/study/{TRIAL}']") == [
        f"See {TRIAL} at ClinicalTrials.gov"
    ]
    assert "finished" not in record(client)


def test_who_may_join_is_quoted_as_it_stands(client: PageClient) -> None:
    criteria = "Inclusion Criteria:\n\n* Age \\>= 18 & <script>alert(1)</script>\n* C5 to T10\n\nExclusion:\n1. Pain"
    hear("RECRUITING", eligibilityModule={"eligibilityCriteria": criteria, "maximumAge": "65 Years"})
    quote = page(client).one(".joining blockquote[lang=en]")
    assert [words(one) for one in page(client).select("blockquote li")] == [
        "Age >= 18 & <script>alert(1)</script>", "C5 to T10", "1. Pain",
    ]  # fmt: skip
    assert words(quote).startswith("Inclusion Criteria: Age")
    assert words(quote).endswith("Exclusion: 1. Pain")
    assert not page(client).select(".joining details blockquote"), "it is short"
    assert "Up to 65 years" in facts(client)
    hear("RECRUITING", eligibilityModule={"eligibilityCriteria": "Long. " * 2000})
    assert page(client).select(".joining details blockquote")
    assert "This is the first part." in joining(client)


def test_what_stands_below_a_point_stays_below_it(client: PageClient) -> None:
    criteria = "* One of:\n\n  * Pain\n  * Spasms:\n    a) legs\n* Adult\n\n1. Not:\n   1. Asthma\n2. Pump"
    hear("RECRUITING", eligibilityModule={"eligibilityCriteria": criteria})
    quoted = page(client)
    for path, told in [
        ("> ul > li", ["One of: Pain Spasms: a) legs", "Adult", "1. Not: 1. Asthma", "2. Pump"]),
        ("> ul > li > ul > li", ["Pain", "Spasms: a) legs", "1. Asthma"]),
        ("> ul > li > ul > li > ul > li", ["a) legs"]),
    ]:
        assert [words(one) for one in quoted.select(f".joining blockquote {path}")] == told
    deep = "\n".join(f"{' ' * number}* {number}" for number in range(60))
    hear("RECRUITING", eligibilityModule={"eligibilityCriteria": deep})
    assert len(page(client).select(".joining blockquote li")) == 60
    assert not page(client).select("li li li li")


def test_a_trial_with_nothing_but_a_status(client: PageClient) -> None:
    nothing: dict[str, Any] = {"identificationModule": {"nctId": TRIAL}}
    hear("RECRUITING", **nothing, contactsLocationsModule=None, eligibilityModule=None, updated="")
    assert f"Trial {TRIAL} This trial looks for people now." in joining(client)
    assert facts(client) == ["Age", "The registry names no limit"]
    assert "own words" not in joining(client)


def test_one_that_plans_to_and_one_that_invites(client: PageClient) -> None:
    hear("NOT_YET_RECRUITING", contactsLocationsModule=WHERE)
    assert "This trial does not take people yet. It plans to." in joining(client)
    assert "Call +1 (555) 010-0200 ext. 2" in joining(client)
    assert "Places that look for people" not in joining(client)
    hear("ENROLLING_BY_INVITATION", contactsLocationsModule=WHERE)
    assert "takes only people whom it asks itself." in joining(client)
    assert "Write to" not in joining(client)
    assert "Call" not in joining(client)
    assert "Places that look for people" not in joining(client)


@pytest.mark.parametrize(
    "status",
    ["ACTIVE_NOT_RECRUITING", "COMPLETED", "SUSPENDED", "TERMINATED", "WITHDRAWN", "UNKNOWN"],
)
def test_one_that_nobody_can_join_says_so_in_one_line(client: PageClient, status: str) -> None:
    hear(status)
    assert not joining(client)
    assert "Can I join" not in words(page(client).one("main"))
    assert record(client) == (f"{TRIAL} {SENTENCES[status]} We looked at the registry on {long_date(clock.today())}.")


def test_a_status_that_nobody_confirmed_for_two_years_invites_nobody(client: PageClient) -> None:
    today = clock.today()
    before = f"{today.year - 2}-{today.month:02}"
    hear("RECRUITING", verified=before)
    assert "looks for people now" in joining(client), "it may have been this very day"
    month = today.replace(day=1, year=today.year - 2) - dt.timedelta(days=1)
    hear("RECRUITING", verified=f"{month:%Y-%m}")
    assert not joining(client)
    told = "The registry lists this trial as “recruiting”. Nobody has confirmed this for two years. We looked at"
    assert told in record(client)
    for nonsense in ("none", "9999-12"):
        hear("RECRUITING", verified=nonsense)
        assert "It does not say when somebody last confirmed this." in record(client)
        assert not joining(client)


def test_where_we_could_not_look_for_a_month_nobody_is_invited(client: PageClient) -> None:
    hear("RECRUITING", days_ago=31)
    silent = Said(problem="did not answer.")
    hear("", days_ago=2, said=silent)
    assert not joining(client)
    assert "We could not look again for a month: this may have changed." in record(client)
    assert long_date(clock.today() - dt.timedelta(days=31)) in record(client)


def test_what_is_not_known_is_the_link_alone(client: PageClient) -> None:
    assert record(client) == TRIAL
    hear("", said=Said(problem="has no trial with this number.", asks="missing"))
    assert record(client) == TRIAL
    hear("RECRUITING")
    hear("", said=Said(problem="has no trial with this number.", asks="missing"))
    assert "looks for people now" in joining(client), "a number that is gone is no trial that stopped"


def test_under_a_paper_that_was_withdrawn_nobody_is_invited(client: PageClient) -> None:
    make_summary("gone", title="Retracted: walking", study={"registrations": [TRIAL], "notice": RETRACTION})
    hear("RECRUITING")
    gone = at("gone", client)
    assert not gone.select(".joining")
    assert TRIAL in words(gone.one(".paper"))


def test_two_trials_are_told_apart(client: PageClient) -> None:
    other = "NCT09990002"
    make_summary("both", study={"registrations": [TRIAL, other, "NCT09990003"]})
    for number in (TRIAL, other):
        hear("RECRUITING", number, contactsLocationsModule=WHERE, eligibilityModule={"eligibilityCriteria": "x" * 700})
    hear("COMPLETED", "NCT09990003")
    both = at("both", client)
    assert words(both.one("#joining")) == "Can I join these trials?"
    assert [words(one) for one in both.select(".joining summary")] == [
        f"Places that look for people: 23 ({TRIAL})", f"Open: who may join {TRIAL}",
        f"Places that look for people: 23 ({other})", f"Open: who may join {other}",
    ]  # fmt: skip


def test_a_page_without_a_trial_asks_the_database_nothing_more(app: Flask, client: PageClient) -> None:
    make_summary("none")
    slugs = [summary_named(key).slug for key in ("none", "walk")]
    client.page(f"/research/{slugs[0]}")
    with counted(app) as without:
        client.page(f"/research/{slugs[0]}")
    with counted(app) as with_one:
        client.page(f"/research/{slugs[1]}")
    assert len(with_one) == len(without) + 1


@pytest.mark.parametrize(
    ("number", "url"),
    [
        ("NCT09990001", "https://clinicaltrials.gov/study/NCT09990001"),
        ("nct 09990001", "https://clinicaltrials.gov/study/NCT09990001"),
        ("ISRCTN12345678", "https://www.isrctn.com/ISRCTN12345678"),
        ("ACTRN12610000498099", "https://www.anzctr.org.au/ACTRN12610000498099.aspx"),
        ("DRKS00012345", "https://drks.de/search/en/trial/DRKS00012345"),
        ("EudraCT 2016-001227-31", "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:2016-001227-31"),
        ("2022-501234-12-00", "https://euclinicaltrials.eu/ctis-public/view/2022-501234-12-00"),
        ("ChiCTR2000029308", None), ("jRCTs032200100", None), ("NTR1234", None), ("UMIN000012345", None),
        ("ISRCTN1", None), ("", None), ("https://evil.example/", None),
    ],
)  # fmt: skip
def test_other_registries_are_linked_where_the_address_is_certain(number: str, url: str | None) -> None:
    assert record_url(number) == url


@pytest.mark.parametrize(
    ("youngest", "oldest", "told"),
    [
        ("18 Years", "65 Years", "From 18 to 65 years"), ("6 Months", "5 Years", "From 6 months to 5 years"),
        ("18 Years", "", "18 years and older"), ("", "65 Years", "Up to 65 years"),
        ("", "", "The registry names no limit"),
    ],
)  # fmt: skip
def test_limits_of_age(youngest: str, oldest: str, told: str) -> None:
    assert age_words(youngest, oldest) == told


def test_every_status_has_a_sentence() -> None:
    assert set(SENTENCES) == set(STATUSES)


def test_our_own_words_are_plain(client: PageClient) -> None:
    hear("RECRUITING", eligibilityModule={})
    sentences = [words(one) for one in page(client).select(".joining p")]
    news = [news_of_trial(TRIAL, was="SUSPENDED", became=status, day="2 May 2026") for status in SENTENCES]
    assert ["no advice to join it" in text for text in news] == [status in OPEN for status in SENTENCES]
    for text in (" ".join(sentences), " ".join(SENTENCES.values()), *news):
        assert grade(text) <= 8, text


def test_where_is_where_people_are_looked_for(client: PageClient) -> None:
    places = [
        {"country": "France", "status": "COMPLETED"}, {"country": "Chile", "status": "RECRUITING"},
    ]  # fmt: skip
    hear("RECRUITING", contactsLocationsModule={"locations": places})
    assert facts(client)[:2] == ["Where", "Chile"]
    hear("NOT_YET_RECRUITING", contactsLocationsModule={"locations": places[:1]})
    assert facts(client)[:2] == ["Where", "France"]
