"""Trials that look for people, by words, from ClinicalTrials.gov (https://clinicaltrials.gov/data-api/api)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import Field

from webapp.editorial.characters import as_typed
from webapp.editorial.dates import PartialDate
from webapp.scholarly.client import TYPED, Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.identifiers import normal_trial_number
from webapp.scholarly.reading import Count, KnownDate, Line, Part, Record, Several, State, Title
from webapp.scholarly.trials import TRIALS

OPEN, SOON = "RECRUITING", "NOT_YET_RECRUITING"
"""What is asked for, in the registry's words; what it lists besides is left out."""
MOST = 50
"""Trials of one search, those first that the registry changed last. There is no second page to ask for."""
MOST_COUNTRIES = 60
LONGEST_COUNTRY = 60
LONGEST_TITLE = 300
"""Letters. The registry allows no longer title."""
FIELDS = (
    "NCTId", "BriefTitle", "OverallStatus", "StatusVerifiedDate", "LastUpdatePostDate", "MinimumAge", "MaximumAge",
    "StdAge", "LocationCountry", "LocationStatus",
)  # fmt: skip
_PAGE = "https://clinicaltrials.gov/search"
_AGE = re.compile(r"(\d{1,3}) (year|month|week|day|hour|minute)s?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class FoundTrial:
    """What the registry says of one trial. What it does not say is empty or None."""

    number: str
    title: str
    status: str
    """OPEN or SOON."""
    countries: tuple[str, ...]
    """Of the places that look for people; of all places where the registry names none of those."""
    youngest: str | None
    """The least age, such as "18 years". Empty: there is none. None: it is not known whether there is one."""
    oldest: str | None
    """The highest age, in the same way."""
    changed: PartialDate | None
    """When the registry last changed its record."""
    verified: PartialDate | None
    """When those who run the trial last said that the record is right."""


@dataclass(frozen=True)
class FoundTrials:
    total: int
    """How many trials the registry has for these words, also those that are not in this answer."""
    trials: tuple[FoundTrial, ...]


class _Identification(Record):
    number: Line = Field("", alias="nctId")
    title: Title = Field("", alias="briefTitle")


class _Moment(Record):
    date: KnownDate = None


class _Status(Record):
    overall: State = Field("", alias="overallStatus")
    verified: KnownDate = Field(None, alias="statusVerifiedDate")
    changed: Part[_Moment] = Field(_Moment(), alias="lastUpdatePostDateStruct")


class _Eligibility(Record):
    youngest: Any = Field("", alias="minimumAge")
    oldest: Any = Field("", alias="maximumAge")
    groups: Several[Line] = Field((), alias="stdAges")
    """There are always some: without them the rest is not known either."""


class _Location(Record):
    status: Line = ""
    country: Line = ""


class _Locations(Record):
    locations: Several[_Location] = ()


class _Protocol(Record):
    identification: _Identification = Field(alias="identificationModule")
    status: Part[_Status] = Field(_Status(), alias="statusModule")
    eligibility: Part[_Eligibility] = Field(_Eligibility(), alias="eligibilityModule")
    places: Part[_Locations] = Field(_Locations(), alias="contactsLocationsModule")


class _Study(Record):
    protocol: _Protocol = Field(alias="protocolSection")


class _Answer(Record):
    total: Count = Field(alias="totalCount")
    studies: list[Any]
    read: Several[_Study] = Field((), alias="studies")


def find_trials(client: Client, condition: str, words: str) -> FoundTrials:
    """Trials that look for people, or will soon, those first that the registry changed last. Raises ScholarlyError."""
    query = {
        "query.cond": condition,
        "query.term": words,
        "filter.overallStatus": f"{OPEN}|{SOON}",
        "sort": "LastUpdatePostDate:desc",
        "fields": ",".join(FIELDS),
        "pageSize": str(MOST),
        "countTotal": "true",
    }
    found = client.ask(TRIALS, "studies", {name: value for name, value in query.items() if value}, _found)
    if found is None:  # a search that finds nothing says so in another way
        raise ScholarlyError(f"{TRIALS.name} did not understand the question. {TYPED} Try again later.")
    return found


def search_page(condition: str, words: str) -> str:
    """Where readers see the same search in the registry itself."""
    asked = {"cond": condition, "term": words, "aggFilters": "status:rec not"}
    return f"{_PAGE}?{urlencode({name: value for name, value in asked.items() if value}, safe=':', quote_via=quote)}"


def trial_page(number: str) -> str:
    """The registry's page about one trial."""
    return f"https://clinicaltrials.gov/study/{quote(number)}"


def _found(body: bytes) -> FoundTrials:
    """Raises ValueError for what is no list of trials; a list with more holes than trials is none either."""
    answer = _Answer.model_validate_json(body)
    trials = {trial.number: trial for study in answer.read if (trial := _trial(study.protocol))}
    if len(trials) * 2 < len(answer.studies) or len(answer.studies) > answer.total or (answer.total and not trials):
        raise ValueError(f"{len(trials)} trials can be read of {len(answer.studies)}, and there are {answer.total}")
    return FoundTrials(answer.total, tuple(trials.values())[:MOST])


def _trial(record: _Protocol) -> FoundTrial | None:
    status, who = record.status, record.eligibility
    try:
        number = normal_trial_number(record.identification.number)
    except ScholarlyError:
        return None
    if status.overall not in {OPEN, SOON} or not record.identification.title:
        return None
    return FoundTrial(
        number=number,
        title=_cut(record.identification.title),
        status=status.overall,
        countries=_countries(record.places),
        youngest=_age(who.youngest) if who.groups else None,
        oldest=_age(who.oldest) if who.groups else None,
        changed=status.changed.date,
        verified=status.verified,
    )


def _countries(places: _Locations) -> tuple[str, ...]:
    """Each once, in the order of the alphabet."""
    named = [place for place in places.locations if place.country]
    looking = [place for place in named if place.status == OPEN]
    return tuple(
        sorted({as_typed(place.country)[:LONGEST_COUNTRY].strip() for place in looking or named})[:MOST_COUNTRIES]
    )


def _age(said: object) -> str | None:
    text = said.strip() if isinstance(said, str) else "?"
    if text in {"", "N/A"}:
        return ""
    found = _AGE.fullmatch(text)
    return f"{int(found[1])} {found[2].lower()}{'s' * (int(found[1]) != 1)}" if found else None


def _cut(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
