"""Which trials look for people, as ClinicalTrials.gov answers to a search."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scholarly.answers import WRONG, listed_trial, trial_list
from tests.scholarly.server import Reply, Service
from webapp.editorial.dates import PartialDate
from webapp.scholarly.client import Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.trial_search import FIELDS, MOST, FoundTrial, FoundTrials, find_trials, search_page

WORDS = ("spinal cord injury", 'bladder OR "urinary tract"')


def read(client: Client, service: Service, answer: object) -> FoundTrials:
    service.replies_with(answer)
    return find_trials(client, *WORDS)


def one(client: Client, service: Service, **modules: Any) -> FoundTrial:
    return read(client, service, trial_list(listed_trial(**modules))).trials[0]


def test_a_search_says_how_many_there_are_and_which_changed_last(client: Client, service: Service) -> None:
    found = read(client, service, trial_list(listed_trial(), listed_trial(2), total=137))
    assert found.total == 137
    assert [trial.number for trial in found.trials] == ["NCT00000001", "NCT00000002"]
    assert found.trials[0] == FoundTrial(
        number="NCT00000001",
        title="Trial 1 of the bladder",
        status="RECRUITING",
        countries=("Germany", "Switzerland"),
        youngest="18 years",
        oldest="65 years",
        changed=PartialDate(2026, 10, 1),
        verified=PartialDate(2026, 9),
    )


def test_what_is_asked_for_is_bounded_and_says_nothing_else(client: Client, service: Service) -> None:
    read(client, service, trial_list())
    assert service.asked[0].path.partition("?")[0] == "/studies"
    assert service.asked[0].query == {
        "query.cond": "spinal cord injury",
        "query.term": 'bladder OR "urinary tract"',
        "filter.overallStatus": "RECRUITING|NOT_YET_RECRUITING",
        "sort": "LastUpdatePostDate:desc",
        "fields": ",".join(FIELDS),
        "pageSize": str(MOST),
        "countTotal": "true",
    }
    assert search_page(*WORDS) == (
        "https://clinicaltrials.gov/search?cond=spinal%20cord%20injury"
        "&term=bladder%20OR%20%22urinary%20tract%22&aggFilters=status:rec%20not"
    )


def test_nothing_found_is_an_answer(client: Client, service: Service) -> None:
    assert read(client, service, {"totalCount": 0, "studies": []}) == FoundTrials(0, ())


@pytest.mark.parametrize(
    "answer",
    [
        {}, [], 5, {"totalCount": 0}, {"studies": []}, {"totalCount": None, "studies": []},
        {"totalCount": 3, "studies": []}, {"totalCount": -1, "studies": []}, {"totalCount": 0, "studies": {}},
        {"totalCount": 2**63, "studies": [listed_trial()]},
        {"totalCount": 2, "studies": [{}, None]}, {"totalCount": 1, "studies": [listed_trial(), listed_trial(2)]},
        trial_list(listed_trial(), {}, 5), trial_list(listed_trial(statusModule={"overallStatus": "COMPLETED"})),
        "<!doctype html><title>Sorry</title>",
    ],
)  # fmt: skip
def test_what_is_no_list_of_trials_is_told(client: Client, service: Service, answer: object) -> None:
    with pytest.raises(ScholarlyError, match=r"ClinicalTrials\.gov sent an answer that cannot be read"):
        read(client, service, answer)


@pytest.mark.parametrize(
    "reply",
    [Reply("Unknown piece name of field path: StdAge", 404), Reply("not found", 404), Reply("bad expression", 400)],
)
def test_a_search_that_is_not_understood_finds_not_nothing(client: Client, service: Service, reply: Reply) -> None:
    with pytest.raises(ScholarlyError, match=r"ClinicalTrials\.gov did not understand the question"):
        read(client, service, reply)


def test_a_trial_that_cannot_be_read_keeps_no_other_out(client: Client, service: Service) -> None:
    closed = listed_trial(3, statusModule={"overallStatus": "COMPLETED"})
    found = read(client, service, trial_list(listed_trial(), {"protocolSection": 5}, listed_trial(2), closed))
    assert [trial.number for trial in found.trials] == ["NCT00000001", "NCT00000002"]


@pytest.mark.parametrize(("peru", "countries"), [("RECRUITING", ("Peru",)), ("WITHDRAWN", ("Chile", "Peru"))])
def test_countries_are_those_that_look_for_people_where_that_is_said(
    client: Client, service: Service, peru: str, countries: tuple[str, ...]
) -> None:
    places = [{"country": "Chile", "status": "COMPLETED"}, {"country": "Peru", "status": peru}]
    assert one(client, service, contactsLocationsModule={"locations": places}).countries == countries


@pytest.mark.parametrize("module", ["eligibilityModule", "contactsLocationsModule"])
def test_a_module_of_the_wrong_type_spoils_no_other(client: Client, service: Service, module: str) -> None:
    for value in WRONG:
        service.replies_with(trial_list(listed_trial(1, **{module: value})))
        trial = find_trials(client, "any", str(value)).trials[0]
        assert trial.title == "Trial 1 of the bladder"
        if module == "eligibilityModule":
            assert (trial.youngest, trial.oldest) == (None, None), "not known is not the same as no limit"
        else:
            assert trial.countries == ()


@pytest.mark.parametrize(
    ("said", "read_as"),
    [("18 Years", "18 years"), ("1 Year", "1 year"), ("6 Months", "6 months"), ("N/A", ""), ("", ""),
     ("eighteen", None), (18, None), (["18 Years"], None), (None, None), ("18 Years<script>", None)],
)  # fmt: skip
def test_an_age_is_read_or_not_known(client: Client, service: Service, said: object, read_as: str | None) -> None:
    who = {"minimumAge": said, "stdAges": ["ADULT"]}
    trial = one(client, service, eligibilityModule=who)
    assert (trial.youngest, trial.oldest) == (read_as, ""), "a missing limit is none, where the rest is there"


def test_what_comes_in_is_bounded(client: Client, service: Service) -> None:
    places = {"locations": [{"country": f"Land {number} " + "x" * 100} for number in range(200)]}
    title = {"nctId": "NCT00000001", "briefTitle": "long " * 200}
    trial = one(client, service, contactsLocationsModule=places, identificationModule=title)
    assert len(trial.title) == 300
    assert len(trial.countries) == 60
    assert max(map(len, trial.countries)) == 60
