"""Abstract, numbers and notices of a paper, from Europe PMC (https://europepmc.org/RestfulWebService)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import Field, model_validator

from webapp.scholarly.articles import Article
from webapp.scholarly.client import Client, Service
from webapp.scholarly.identifiers import doi_in, doi_or_none, normal_doi, normal_pmid
from webapp.scholarly.reading import Line, Paragraphs, Part, Record, Several
from webapp.scholarly.updates import Update, are_notices, kind_of_link, without_repeats

EUROPE_PMC = Service("Europe PMC", "EUROPEPMC_URL", 1 / 3)

_BEST_SOURCES = ("MED", "PMC")
"""PubMed's record of a paper, then that of its full text; a preprint with the same DOI comes last."""


class _Link(Record):
    id: Line = ""
    source: Line = ""
    reference: Line = ""
    type: Line = ""


class _Links(Record):
    links: Several[_Link] = Field((), alias="commentCorrection")


class _Kinds(Record):
    kinds: Several[Line] = Field((), alias="pubType")


class ArticleRecord(Record):
    """A record of a search with `resultType=core`, as far as we read it."""

    source: Line = ""
    pmid: Line = ""
    pmcid: Line = ""
    doi: Line = ""
    title: Line = ""
    abstract: Paragraphs = Field("", alias="abstractText")
    kinds: Part[_Kinds] = Field(_Kinds(), alias="pubTypeList")
    links: Part[_Links] = Field(_Links(), alias="commentCorrectionList")
    is_garbled: bool = False

    @model_validator(mode="before")
    @classmethod
    def _look_for_garbled_notices(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        links = _entries(value, "commentCorrectionList", "commentCorrection")
        kinds = _entries(value, "pubTypeList", "pubType")
        is_read = links is not None and are_notices(links) and kinds is not None
        return {**value, "is_garbled": not (is_read and all(isinstance(kind, str) for kind in kinds or ()))}


def _entries(record: dict[str, Any], name: str, entry: str) -> list[Any] | None:
    """What stands in a list of a record; a single entry may stand alone. None where it is no such list."""
    if name not in record:
        return []
    found = record[name].get(entry) if isinstance(record[name], dict) else None
    return found if isinstance(found, list) else [found] if isinstance(found, dict | str) else None


class _Results(Record):
    result: Several[ArticleRecord]


class _Answer(Record):
    results: _Results = Field(alias="resultList")


def find_article_by_doi(client: Client, doi: str) -> Article | None:
    """The paper with this DOI, however it was typed; None when Europe PMC does not know it. Raises ScholarlyError."""
    number = normal_doi(doi)
    return _find(client, f'DOI:"{number}"', lambda record: doi_or_none(record.doi) == number)


def find_article_by_pmid(client: Client, pmid: str) -> Article | None:
    """The same by its number in PubMed."""
    number = normal_pmid(pmid)
    return _find(client, f"EXT_ID:{number} AND SRC:MED", lambda record: record.pmid == number)


def _find(client: Client, words: str, is_asked_for: Callable[[ArticleRecord], bool]) -> Article | None:
    query = {"query": words, "resultType": "core", "format": "json", "pageSize": "10"}
    return client.ask(EUROPE_PMC, "search", query, lambda body: _best(body, is_asked_for))


def _best(body: bytes, is_asked_for: Callable[[ArticleRecord], bool]) -> Article | None:
    """Of the records of the very paper, the one that tells most. A search may find others too."""
    records = [record for record in _Answer.model_validate_json(body).results.result if is_asked_for(record)]
    rank = {source: place for place, source in enumerate(_BEST_SOURCES)}
    records.sort(key=lambda record: rank.get(record.source, len(rank)))
    return article_of(records[0]) if records else None


def article_of(record: ArticleRecord) -> Article:
    return Article(
        pmid=record.pmid or None,
        pmcid=record.pmcid or None,
        doi=doi_or_none(record.doi),
        title=record.title.removesuffix("."),
        abstract=record.abstract,
        kinds=tuple(filter(None, record.kinds.kinds)),
        updated_by=without_repeats(_updates(record.links.links)),
        is_garbled=record.is_garbled,
    )


def _updates(links: tuple[_Link, ...]) -> Iterator[Update]:
    for link in links:
        if kind := kind_of_link(link.type):
            pmid = link.id if link.source == "MED" else ""
            yield Update(kind, link.type, doi_in(link.reference), pmid or None)
