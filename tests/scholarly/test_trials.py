"""What ClinicalTrials.gov says of a trial."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scholarly.answers import TRIAL, WRONG, study
from tests.scholarly.server import Reply, Service
from webapp.editorial.dates import PartialDate
from webapp.models import HiddenTrial, WatchedTrial
from webapp.scholarly.client import Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.trials import FIELDS, Contact, Eligibility, PrimaryOutcome, Site, Trial, find_trial


def read(client: Client, service: Service, **modules: Any) -> Trial:
    service.replies_with(study(**modules))
    trial = find_trial(client, TRIAL)
    assert trial
    return trial


def test_a_number_fills_in_the_facts(client: Client, service: Service) -> None:
    trial = read(client, service)
    assert trial == Trial(
        number=TRIAL,
        title="WALK: Stimulation of the Spinal Cord",
        status="ACTIVE_NOT_RECRUITING",
        phases=("PHASE1", "PHASE2"),
        conditions=("Spinal Cord Injuries", "Tetraplegia"),
        enrolment=24,
        is_enrolment_actual=True,
        start=PartialDate(2023, 1, 15),
        is_start_actual=None,
        completion=PartialDate(2027, 9),
        is_completion_actual=False,
        primary_outcomes=(PrimaryOutcome("Steps in six minutes", "6 months"), PrimaryOutcome("Serious harms", "")),
        sponsor="Example University Hospital",
        countries=("Switzerland", "United States"),
        verified=PartialDate(2026, 4),
        updated=PartialDate(2026, 5, 2),
        aliases=(),
        contacts=(Contact("Research Team", "555-0100 ext. 2", "team@example.org"),),
        sites=(
            Site(
                "Example Rehabilitation Hospital",
                "Zurich",
                "Switzerland",
                (Contact("A. Example", "", "a@example.org"),),
            ),
        ),
        eligibility=Eligibility(
            "Inclusion Criteria:\n\n* Injury at C5 to T10\n* Weight < 120 kg", "18 Years", "", "ALL", healthy=False
        ),
    )
    assert trial.status_words == "under way: nobody new can take part"


def test_only_what_is_read_is_asked_for(client: Client, service: Service) -> None:
    service.replies_with(study())
    find_trial(client, "nct 09990001")
    assert service.asked[0].path.partition("?")[0] == f"/studies/{TRIAL}"
    assert service.asked[0].query == {"fields": ",".join(FIELDS)}


def test_a_number_without_a_record_is_none(client: Client, service: Service) -> None:
    service.replies_with(Reply(f"NCT number {TRIAL} not found", 404, {"Content-Type": "text/plain"}))
    assert find_trial(client, TRIAL) is None


def test_a_field_that_the_registry_has_given_up_is_no_missing_trial(client: Client, service: Service) -> None:
    service.replies_with(Reply("Unknown piece name of field path: NCTId", 404))
    with pytest.raises(ScholarlyError, match=r"ClinicalTrials\.gov did not understand the question"):
        find_trial(client, TRIAL)


def test_what_is_no_number_is_not_asked_for(client: Client, service: Service) -> None:
    with pytest.raises(ScholarlyError, match="“ISRCTN1” is no number of ClinicalTrials"):
        find_trial(client, "ISRCTN1")
    assert service.asked == []


def test_an_outcome_says_what_is_measured(client: Client, service: Service) -> None:
    outcomes = [{"timeFrame": "1 year"}, {"measure": "Steps", "timeFrame": 6}, {"measure": ["Falls"]}, "Pain"]
    trial = read(client, service, outcomesModule={"primaryOutcomes": outcomes})
    assert trial.primary_outcomes == (PrimaryOutcome("Steps", "6"),)


def test_a_status_that_we_do_not_know_is_said_as_it_is(client: Client, service: Service) -> None:
    assert read(client, service, statusModule={"overallStatus": "NO_LONGER_AVAILABLE"}).status_words == (
        "no longer available"
    )


def test_no_word_of_the_registry_is_longer_than_its_column(client: Client, service: Service) -> None:
    words = {"statusModule": {"overallStatus": "X" * 500}, "identificationModule": {"briefTitle": "y" * 500}}
    words["identificationModule"]["nctId"] = TRIAL
    trial = read(client, service, **words)
    assert (len(trial.status), len(trial.title)) == (WatchedTrial.status.type.length, HiddenTrial.title.type.length)


@pytest.mark.parametrize("module", [name for name in study()["protocolSection"] if name != "identificationModule"])
def test_a_module_of_the_wrong_type_spoils_no_other(client: Client, service: Service, module: str) -> None:
    whole = read(client, service)
    for number, value in enumerate(WRONG):
        service.replies_with(study(**{module: value}))
        trial = find_trial(client, f"NCT1000000{number}")
        assert trial, value
        assert trial.title == whole.title
        assert trial.sponsor == (whole.sponsor if module != "sponsorCollaboratorsModule" else "")
        assert trial.countries == (whole.countries if module != "contactsLocationsModule" else ())


@pytest.mark.parametrize(
    ("count", "people"), [("24", 24), (0, 0), (-1, None), ("many", None), (None, None), (2.5, None), ([24], None)]
)
def test_how_many_people_is_a_number_or_not_known(
    client: Client, service: Service, count: object, people: int | None
) -> None:
    trial = read(client, service, designModule={"enrollmentInfo": {"count": count, "type": 5}, "phases": "PHASE3"})
    assert trial.enrolment == people
    assert trial.is_enrolment_actual is None
    assert trial.phases == ("PHASE3",)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("2015-08", "2015-08"), ("2015-08-31", "2015-08-31"), ("2015", "2015"), ("2015-02-30", "2015-02"),
     ("2015-08-31T10:00", "2015-08-31"), ("August 2015", None), ("", None), (5, None), (["2015"], None)],
)  # fmt: skip
def test_a_date_is_as_precise_as_it_is_written(
    client: Client, service: Service, written: object, read_as: str | None
) -> None:
    start = read(client, service, statusModule={"startDateStruct": {"date": written}}).start
    assert (str(start) if start else None) == read_as


@pytest.mark.parametrize(
    "answer",
    [{}, [], {"protocolSection": None}, {"protocolSection": {}}, study(identificationModule={"nctId": "x"}),
     study(identificationModule={"briefTitle": "No number"})],
)  # fmt: skip
def test_an_answer_that_is_no_trial_is_told(client: Client, service: Service, answer: object) -> None:
    service.replies_with(answer)
    with pytest.raises(ScholarlyError, match=r"ClinicalTrials\.gov sent an answer that cannot be read"):
        find_trial(client, TRIAL)


def test_who_says_no_way_to_be_reached_is_no_contact(client: Client, service: Service) -> None:
    people = [{"name": "Nobody"}, {"phone": "555-0101"}, {"name": 5, "email": ["x"]}, "Ada"]
    place = {"status": "RECRUITING", "city": "Zurich", "contacts": people}
    trial = read(client, service, contactsLocationsModule={"centralContacts": people, "locations": [place, 5, {}]})
    assert trial.contacts == (Contact("", "555-0101", ""),)
    assert trial.sites == (Site("", "Zurich", "", trial.contacts),)


@pytest.mark.parametrize("value", [*WRONG, "Age \\>18"])
def test_who_may_join_stands_as_it_was_written_or_is_not_known(client: Client, service: Service, value: object) -> None:
    who = read(client, service, eligibilityModule={"eligibilityCriteria": value, "sex": value}).eligibility
    assert who.criteria == (value if isinstance(value, str) else "")


def test_the_other_numbers_of_a_trial(client: Client, service: Service) -> None:
    numbers = {"nctId": TRIAL, "nctIdAliases": ["NCT09990002", None, "NCT09990002"]}
    assert read(client, service, identificationModule=numbers).aliases == ("NCT09990002",)
