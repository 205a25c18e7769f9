"""A trial by its number, from ClinicalTrials.gov (https://clinicaltrials.gov/data-api/api)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import Field, NonNegativeInt

from webapp.editorial.dates import PartialDate
from webapp.scholarly.client import Client, Service
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.identifiers import normal_trial_number
from webapp.scholarly.reading import KnownDate, Line, Maybe, Part, Record, Several

TRIALS = Service("ClinicalTrials.gov", "TRIALS_URL", 1.0)

FIELDS = (
    "NCTId", "BriefTitle", "OverallStatus", "StatusVerifiedDate", "StartDate", "StartDateType", "CompletionDate",
    "CompletionDateType", "LeadSponsorName", "Condition", "Phase", "EnrollmentCount", "EnrollmentType",
    "PrimaryOutcomeMeasure", "PrimaryOutcomeTimeFrame", "LocationCountry",
)  # fmt: skip
"""All we ask for. A whole record can have more than a megabyte."""

STATUSES = {
    "NOT_YET_RECRUITING": "not open yet",
    "RECRUITING": "open: people can take part",
    "ENROLLING_BY_INVITATION": "open to those who are invited",
    "ACTIVE_NOT_RECRUITING": "under way: nobody new can take part",
    "COMPLETED": "finished",
    "SUSPENDED": "paused",
    "TERMINATED": "stopped early",
    "WITHDRAWN": "called off before anybody took part",
    "UNKNOWN": "not known: nobody has said anything for two years",
}
"""What the registry's words mean. It has a few more, for treatments outside trials."""


@dataclass(frozen=True)
class PrimaryOutcome:
    measure: str
    time_frame: str


@dataclass(frozen=True)
class Trial:
    """What the registry says of a trial. What it does not say is empty or None."""

    number: str
    """Of the record: another than was asked for where one trial had two."""
    title: str
    status: str
    """As the registry words it, such as RECRUITING."""
    phases: tuple[str, ...]
    """As the registry words them, such as PHASE2; NA where phases mean nothing."""
    conditions: tuple[str, ...]
    enrolment: int | None
    """People."""
    is_enrolment_actual: bool | None
    """Whether so many took part, or are planned; None where the registry does not say. So for the dates below."""
    start: PartialDate | None
    is_start_actual: bool | None
    completion: PartialDate | None
    is_completion_actual: bool | None
    primary_outcomes: tuple[PrimaryOutcome, ...]
    sponsor: str
    countries: tuple[str, ...]
    verified: PartialDate | None
    """When those who run the trial last said that the record is right."""

    @property
    def status_words(self) -> str:
        """The status for readers."""
        return STATUSES.get(self.status, self.status.replace("_", " ").lower())


class _Identification(Record):
    number: Line = Field("", alias="nctId")
    title: Line = Field("", alias="briefTitle")


class _Claim(Record):
    type: Line = ""

    @property
    def is_actual(self) -> bool | None:
        return {"ACTUAL": True, "ESTIMATED": False, "ANTICIPATED": False}.get(self.type)


class _Enrolment(_Claim):
    count: Maybe[NonNegativeInt] = None


class _Moment(_Claim):
    date: KnownDate = None


class _Status(Record):
    overall: Line = Field("", alias="overallStatus")
    verified: KnownDate = Field(None, alias="statusVerifiedDate")
    start: Part[_Moment] = Field(_Moment(), alias="startDateStruct")
    completion: Part[_Moment] = Field(_Moment(), alias="completionDateStruct")


class _Sponsor(Record):
    name: Line = ""


class _Sponsors(Record):
    lead: Part[_Sponsor] = Field(_Sponsor(), alias="leadSponsor")


class _Conditions(Record):
    conditions: Several[Line] = ()


class _Design(Record):
    phases: Several[Line] = ()
    enrolment: Part[_Enrolment] = Field(_Enrolment(), alias="enrollmentInfo")


class _Outcome(Record):
    measure: Line = ""
    time_frame: Line = Field("", alias="timeFrame")


class _Outcomes(Record):
    primary: Several[_Outcome] = Field((), alias="primaryOutcomes")


class _Location(Record):
    country: Line = ""


class _Locations(Record):
    locations: Several[_Location] = ()


class _Protocol(Record):
    identification: _Identification = Field(alias="identificationModule")
    status: Part[_Status] = Field(_Status(), alias="statusModule")
    sponsors: Part[_Sponsors] = Field(_Sponsors(), alias="sponsorCollaboratorsModule")
    conditions: Part[_Conditions] = Field(_Conditions(), alias="conditionsModule")
    design: Part[_Design] = Field(_Design(), alias="designModule")
    outcomes: Part[_Outcomes] = Field(_Outcomes(), alias="outcomesModule")
    locations: Part[_Locations] = Field(_Locations(), alias="contactsLocationsModule")


class _Study(Record):
    protocol: _Protocol = Field(alias="protocolSection")


def find_trial(client: Client, number: str) -> Trial | None:
    """The trial with this NCT number, however it was typed; None when there is none. Raises ScholarlyError."""
    asked = normal_trial_number(number)
    return client.ask(TRIALS, f"studies/{asked}", {"fields": ",".join(FIELDS)}, _trial)


def _trial(body: bytes) -> Trial:
    """Raises ValueError for what is no record of a trial."""
    record = _Study.model_validate_json(body).protocol
    status, design = record.status, record.design
    return Trial(
        number=_number(record.identification.number),
        title=record.identification.title,
        status=status.overall,
        phases=_distinct(design.phases),
        conditions=_distinct(record.conditions.conditions),
        enrolment=design.enrolment.count,
        is_enrolment_actual=design.enrolment.is_actual,
        start=status.start.date,
        is_start_actual=status.start.is_actual,
        completion=status.completion.date,
        is_completion_actual=status.completion.is_actual,
        primary_outcomes=tuple(PrimaryOutcome(o.measure, o.time_frame) for o in record.outcomes.primary if o.measure),
        sponsor=record.sponsors.lead.name,
        countries=_distinct(place.country for place in record.locations.locations),
        verified=status.verified,
    )


def _number(text: str) -> str:
    try:
        return normal_trial_number(text)
    except ScholarlyError as error:
        raise ValueError(str(error)) from error


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order in which they stand."""
    return tuple(dict.fromkeys(filter(None, texts)))
