"""Records of trials as ClinicalTrials.gov sends them. Whatever is missing or of the wrong type is empty."""

from __future__ import annotations

from pydantic import Field, NonNegativeInt

from webapp.scholarly.reading import KnownDate, Line, Maybe, Part, Record, Several, State, Title, Written


class Identification(Record):
    number: Line = Field("", alias="nctId")
    aliases: Several[Line] = Field((), alias="nctIdAliases")
    title: Title = Field("", alias="briefTitle")


class Claim(Record):
    type: Line = ""

    @property
    def is_actual(self) -> bool | None:
        return {"ACTUAL": True, "ESTIMATED": False, "ANTICIPATED": False}.get(self.type)


class Enrolment(Claim):
    count: Maybe[NonNegativeInt] = None


class Moment(Claim):
    date: KnownDate = None


class Status(Record):
    overall: State = Field("", alias="overallStatus")
    verified: KnownDate = Field(None, alias="statusVerifiedDate")
    start: Part[Moment] = Field(Moment(), alias="startDateStruct")
    completion: Part[Moment] = Field(Moment(), alias="completionDateStruct")
    updated: Part[Moment] = Field(Moment(), alias="lastUpdatePostDateStruct")


class Sponsor(Record):
    name: Line = ""


class Sponsors(Record):
    lead: Part[Sponsor] = Field(Sponsor(), alias="leadSponsor")


class Conditions(Record):
    conditions: Several[Line] = ()


class Design(Record):
    phases: Several[Line] = ()
    enrolment: Part[Enrolment] = Field(Enrolment(), alias="enrollmentInfo")


class Outcome(Record):
    measure: Line = ""
    time_frame: Line = Field("", alias="timeFrame")


class Outcomes(Record):
    primary: Several[Outcome] = Field((), alias="primaryOutcomes")


class Person(Record):
    name: Line = ""
    phone: Line = ""
    extension: Line = Field("", alias="phoneExt")
    email: Line = ""


class Location(Record):
    facility: Line = ""
    status: Line = ""
    city: Line = ""
    country: Line = ""
    contacts: Several[Person] = ()


class Locations(Record):
    contacts: Several[Person] = Field((), alias="centralContacts")
    locations: Several[Location] = ()


class Eligibility(Record):
    criteria: Written = Field("", alias="eligibilityCriteria")
    minimum_age: Line = Field("", alias="minimumAge")
    maximum_age: Line = Field("", alias="maximumAge")
    sex: Line = ""
    healthy: Maybe[bool] = Field(None, alias="healthyVolunteers")


class Protocol(Record):
    identification: Identification = Field(alias="identificationModule")
    status: Part[Status] = Field(Status(), alias="statusModule")
    sponsors: Part[Sponsors] = Field(Sponsors(), alias="sponsorCollaboratorsModule")
    conditions: Part[Conditions] = Field(Conditions(), alias="conditionsModule")
    design: Part[Design] = Field(Design(), alias="designModule")
    outcomes: Part[Outcomes] = Field(Outcomes(), alias="outcomesModule")
    eligibility: Part[Eligibility] = Field(Eligibility(), alias="eligibilityModule")
    locations: Part[Locations] = Field(Locations(), alias="contactsLocationsModule")


class Study(Record):
    protocol: Protocol = Field(alias="protocolSection")
