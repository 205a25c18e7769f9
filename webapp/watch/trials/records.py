"""What is kept of what the registry says of a trial: bounded, and with nothing in it that leads elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypedDict

from webapp.addresses import normal_address
from webapp.editorial.dates import PartialDate
from webapp.scholarly.trials import Contact, Trial

MAX_LINE = 200
MAX_CRITERIA = 8_000
"""Characters of who may join. The registry takes up to 20,000; its page has the rest."""
MAX_COUNTRIES = 60
MAX_CONTACTS = 3
MAX_SITES = 20
_PHONE = re.compile(r"[+(\d][\d ().,/+-]{4,40}( ext\. [\w ]{1,10})?", re.ASCII)

_NEXT_NUMBER = re.compile(r" ext\.|,|(?<=\d)[\s/]*\+")
"""Where an extension or another number begins."""


class Person(TypedDict):
    """Whom to ask; empty where the registry does not say."""

    name: str
    phone: str
    dial: str
    """The same number as a telephone takes it, without an extension."""
    email: str


class Place(TypedDict):
    facility: str
    city: str
    country: str
    contacts: list[Person]


class Record(TypedDict):
    """As it stands in the database. Dates are in ISO 8601, as far as they are known."""

    title: str
    verified: str | None
    updated: str | None
    countries: list[str]
    """Of the places that look for people; of all places where the registry names none of those."""
    contacts: list[Person]
    sites: list[Place]
    """Of those that look for people, so many; `site_count` is how many there are."""
    site_count: int
    criteria: str
    is_cut: bool
    minimum_age: str
    maximum_age: str
    sex: str
    healthy: bool | None


def kept(trial: Trial) -> Record:
    who = trial.eligibility
    criteria = who.criteria
    looking = dict.fromkeys(site.country for site in trial.sites if site.country)
    return {
        "title": _line(trial.title),
        "verified": _day(trial.verified),
        "updated": _day(trial.updated),
        "countries": [_line(name) for name in (list(looking) or trial.countries)[:MAX_COUNTRIES]],
        "contacts": _people(trial.contacts),
        "sites": [
            {
                "facility": _line(site.facility),
                "city": _line(site.city),
                "country": _line(site.country),
                "contacts": _people(site.contacts),
            }
            for site in trial.sites[:MAX_SITES]
        ],
        "site_count": len(trial.sites),
        "criteria": criteria[:MAX_CRITERIA],
        "is_cut": len(criteria) > MAX_CRITERIA,
        "minimum_age": _line(who.minimum_age),
        "maximum_age": _line(who.maximum_age),
        "sex": _line(who.sex),
        "healthy": who.healthy,
    }


def _people(contacts: Iterable[Contact]) -> list[Person]:
    """Those who can be reached: what is no telephone number and no mail address is left out."""
    found: list[Person] = []
    for one in contacts:
        phone, email = one.phone if _PHONE.fullmatch(one.phone) else "", normal_address(one.email) or ""
        if phone or email:
            found.append({"name": _line(one.name), "phone": phone, "dial": dial(phone), "email": email})
    return found[:MAX_CONTACTS]


def dial(phone: str) -> str:
    """The number as a telephone takes it: of several the first, and from abroad without the zero in brackets."""
    first = _NEXT_NUMBER.split(phone, maxsplit=1)[0]
    return re.sub(r"[^+\d]", "", first.replace("(0)", "") if first.startswith("+") else first)


def _line(text: str) -> str:
    return text if len(text) <= MAX_LINE else f"{text[: MAX_LINE - 1]}…"


def _day(date: PartialDate | None) -> str | None:
    return str(date) if date else None
