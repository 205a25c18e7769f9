"""A trial by its number, from ClinicalTrials.gov (https://clinicaltrials.gov/data-api/api)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.editorial.dates import PartialDate
from webapp.scholarly.client import Client, Service
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.identifiers import normal_trial_number
from webapp.scholarly.trial_records import Person, Study

TRIALS = Service("ClinicalTrials.gov", "TRIALS_URL", 1.0)

FIELDS = (
    "NCTId", "BriefTitle", "OverallStatus", "StatusVerifiedDate", "StartDate", "StartDateType", "CompletionDate",
    "CompletionDateType", "LeadSponsorName", "Condition", "Phase", "EnrollmentCount", "EnrollmentType",
    "PrimaryOutcomeMeasure", "PrimaryOutcomeTimeFrame", "NCTIdAlias", "LastUpdatePostDate", "EligibilityCriteria",
    "MinimumAge", "MaximumAge", "Sex", "HealthyVolunteers", "CentralContactName", "CentralContactPhone",
    "CentralContactPhoneExt", "CentralContactEMail", "LocationFacility", "LocationStatus", "LocationCity",
    "LocationCountry", "LocationContactName", "LocationContactPhone", "LocationContactPhoneExt",
    "LocationContactEMail",
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
class Contact:
    """Whom the registry names to ask."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class Site:
    """A place that looks for people."""

    facility: str
    city: str
    country: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True)
class Eligibility:
    """Who may join."""

    criteria: str
    """In the words of the registry, with its lines."""
    minimum_age: str
    """As the registry words it, such as 18 Years."""
    maximum_age: str
    """Empty where there is no upper limit."""
    sex: str
    """ALL, FEMALE or MALE."""
    healthy: bool | None
    """Whether people without the condition may join."""


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
    updated: PartialDate | None
    """When the registry last showed a change of it."""
    aliases: tuple[str, ...]
    """Other numbers it had."""
    contacts: tuple[Contact, ...]
    """Of the trial as a whole."""
    sites: tuple[Site, ...]
    """Those that look for people."""
    eligibility: Eligibility

    @property
    def status_words(self) -> str:
        """The status for readers."""
        return STATUSES.get(self.status, self.status.replace("_", " ").lower())


def find_trial(client: Client, number: str) -> Trial | None:
    """The trial with this NCT number, however it was typed; None when there is none. Raises ScholarlyError."""
    asked = normal_trial_number(number)
    return client.ask(TRIALS, f"studies/{asked}", {"fields": ",".join(FIELDS)}, _trial)


def _trial(body: bytes) -> Trial:
    """Raises ValueError for what is no record of a trial."""
    record = Study.model_validate_json(body).protocol
    status, design, who = record.status, record.design, record.eligibility
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
        updated=status.updated.date,
        aliases=_distinct(record.identification.aliases),
        contacts=_contacts(record.locations.contacts),
        sites=tuple(
            Site(place.facility, place.city, place.country, _contacts(place.contacts))
            for place in record.locations.locations
            if place.status == "RECRUITING"
        ),
        eligibility=Eligibility(who.criteria, who.minimum_age, who.maximum_age, who.sex, who.healthy),
    )


def _contacts(people: Iterable[Person]) -> tuple[Contact, ...]:
    """Those who say how they can be reached."""
    return tuple(
        Contact(one.name, f"{one.phone} ext. {one.extension}" if one.phone and one.extension else one.phone, one.email)
        for one in people
        if one.phone or one.email
    )


def _number(text: str) -> str:
    try:
        return normal_trial_number(text)
    except ScholarlyError as error:
        raise ValueError(str(error)) from error


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order in which they stand."""
    return tuple(dict.fromkeys(filter(None, texts)))
