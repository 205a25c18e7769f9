"""A paper by its DOI, from Crossref (https://api.crossref.org)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import Field, model_validator

from webapp.editorial.dates import PartialDate
from webapp.scholarly.client import Client, Service
from webapp.scholarly.identifiers import doi_or_none, normal_doi
from webapp.scholarly.reading import KnownDate, Line, Record, Several
from webapp.scholarly.updates import Update, are_notices, kind_of, without_repeats

SINGLE = Service("Crossref", "CROSSREF_URL", 1 / 10, interval_without_contact=1 / 5)
LISTS = Service("Crossref", "CROSSREF_URL", 1 / 3, interval_without_contact=1.0)
"""What Crossref allows: questions for one paper, and for many at once."""
PAPERS_AT_ONCE = 20
"""In one question; more make an address that is too long."""

_MACHINE_LICENCES = {"tdm", "stm-asf"}
"""Terms for those who mine texts, which are no licence of the paper."""


@dataclass(frozen=True)
class Author:
    given: str
    """Empty where there is none, as of a group."""
    family: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True)
class Work:
    """What Crossref says of a paper. What it does not say is empty or None."""

    doi: str
    title: str
    authors: tuple[Author, ...]
    """In the order of the paper."""
    journal: str
    published: PartialDate | None
    licence: str | None
    """The address of the licence of the paper itself."""
    registrations: tuple[str, ...]
    """Trial numbers, in capitals."""
    kind: str
    """Such as journal-article, posted-content (a preprint)."""
    updated_by: tuple[Update, ...]
    """The notices about this paper."""
    update_to: tuple[Update, ...]
    """Of a notice: what it says of other papers, with their DOIs. Nothing of it is said of this one."""
    is_garbled: bool = False
    """Whether a part about notices is not what it should be: that none can be read of it says nothing."""


class _Author(Record):
    given: Line = ""
    family: Line = ""
    name: Line = ""


class _Licence(Record):
    url: Line = Field("", alias="URL")
    version: Line = Field("", alias="content-version")


class _Update(Record):
    doi: Line = Field("", alias="DOI")
    type: Line = ""
    label: Line = ""
    updated: KnownDate = None


class _Registration(Record):
    number: Line = Field("", alias="clinical-trial-number")


class _Record(Record):
    doi: Line = Field("", alias="DOI")
    title: Several[Line] = ()
    author: Several[_Author] = ()
    journal: Several[Line] = Field((), alias="container-title")
    published: KnownDate = None
    issued: KnownDate = None
    online: KnownDate = Field(None, alias="published-online")
    printed: KnownDate = Field(None, alias="published-print")
    licences: Several[_Licence] = Field((), alias="license")
    registrations: Several[_Registration] = Field((), alias="clinical-trial-number")
    type: Line = ""
    updated_by: Several[_Update] = Field((), alias="updated-by")
    update_to: Several[_Update] = Field((), alias="update-to")
    is_garbled: bool = False

    @model_validator(mode="before")
    @classmethod
    def _look_for_garbled_notices(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        lists = [value[name] for name in ("updated-by", "update-to") if name in value]
        return {**value, "is_garbled": not all(isinstance(one, list) and are_notices(one) for one in lists)}


class _Single(Record):
    message: _Record


class _Items(Record):
    items: Several[_Record]


class _List(Record):
    message: _Items


def find_work(client: Client, doi: str) -> Work | None:
    """The paper with this DOI, however it was typed; None when Crossref does not know it. Raises ScholarlyError.

    A DOI that another agency gave, as most of data sets and some preprints, is unknown to Crossref.
    """
    number = normal_doi(doi)
    return client.ask(SINGLE, f"works/{quote(number, safe='')}", {}, lambda body: _single(body, number))


def find_updates(client: Client, dois: Iterable[str]) -> dict[str, Work]:
    """Many papers with their notices, by their normal DOI; without authors, dates and licence. Raises ScholarlyError.

    Those that Crossref does not know are missing.
    """
    numbers = sorted({normal_doi(doi) for doi in dois})
    alone = [number for number in numbers if "," in number]  # a comma would begin the next filter
    together = [number for number in numbers if "," not in number]
    found = {number: work for number in alone if (work := find_work(client, number))}
    for first in range(0, len(together), PAPERS_AT_ONCE):
        some = together[first : first + PAPERS_AT_ONCE]
        query = {
            "filter": ",".join(f"doi:{number}" for number in some),
            "rows": str(PAPERS_AT_ONCE),
            "select": "DOI,title,type,update-to,updated-by",
        }
        found |= {work.doi: work for work in client.ask(LISTS, "works", query, _listed) or ()}
    return found


def _single(body: bytes, doi: str) -> Work:
    record = _Single.model_validate_json(body).message
    if not record.doi and not any(record.title):
        raise ValueError("a record without DOI and title")
    return _work(record, doi)


def _listed(body: bytes) -> list[Work]:
    records = _List.model_validate_json(body).message.items
    return [_work(record, doi) for record in records if (doi := doi_or_none(record.doi))]


def _work(record: _Record, asked: str) -> Work:
    doi = doi_or_none(record.doi) or asked
    about = list(_updates(record.updated_by))
    others = list(_updates(record.update_to))
    return Work(
        doi=doi,
        title=_first(record.title),
        authors=tuple(_authors(record.author)),
        journal=_first(record.journal),
        published=_published(record),
        licence=_licence(record.licences),
        registrations=tuple(dict.fromkeys(one.number.upper() for one in record.registrations if one.number)),
        kind=record.type,
        # A withdrawal that takes the place of the paper has its DOI, and stands in either list.
        updated_by=without_repeats([*about, *(one for one in others if one.doi == doi)]),
        update_to=without_repeats(one for one in others if one.doi != doi),
        is_garbled=record.is_garbled,
    )


def _first(texts: tuple[str, ...]) -> str:
    return next(filter(None, texts), "")


def _authors(records: tuple[_Author, ...]) -> Iterator[Author]:
    for one in records:
        if family := one.family or one.name or one.given:
            yield Author(one.given if one.family else "", family)


def _published(record: _Record) -> PartialDate | None:
    """The day it came out. Another date of the record adds the month and day it lacks, and contradicts nothing."""
    known = [date for date in (record.published, record.issued, record.online, record.printed) if date]
    return max((date for date in known if str(date).startswith(str(known[0]))), key=lambda d: len(str(d)), default=None)


def _licence(records: tuple[_Licence, ...]) -> str | None:
    """The open licence of the published version, before any other."""
    usable = [one for one in records if one.url.startswith(("https://", "http://"))]
    is_open = {one.url: "creativecommons.org/" in one.url for one in usable}
    ranked = sorted(usable, key=lambda one: (not is_open[one.url], one.version != "vor"))
    return next((one.url for one in ranked if is_open[one.url] or one.version not in _MACHINE_LICENCES), None)


def _updates(records: tuple[_Update, ...]) -> Iterator[Update]:
    for one in records:
        if one.type or one.doi:
            yield Update(kind_of(one.type), one.label or one.type, doi_or_none(one.doi), issued=one.updated)
