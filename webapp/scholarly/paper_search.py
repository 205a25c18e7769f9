"""Papers that are new in Europe PMC (https://europepmc.org/RestfulWebService), page by page."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import Field, model_validator

from webapp.editorial.dates import PartialDate
from webapp.scholarly.articles import Article
from webapp.scholarly.client import Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.europepmc import EUROPE_PMC, ArticleRecord, article_of
from webapp.scholarly.reading import Count, KnownDate, Line, Maybe, Part, Record, Several

FIRST = "*"
"""The mark of the first page."""
PER_PAGE = 50
"""With abstracts and all addresses of the authors a record has 10 to 40 KB."""
MOST_OF_WORDS = 1500
"""Letters of a search. With all that is added it must fit into an address."""
MOST_OF_MARK = 1000
MOST_OF_NAME = 80
PREPRINT = "PPR"
_ID = re.compile(r"[A-Za-z0-9][\w./:-]{0,59}", re.ASCII)


@dataclass(frozen=True)
class FoundPaper:
    """A paper that a search found."""

    id: str
    """Of the record, such as MED:40437959: it has one where it has neither DOI nor PubMed number."""
    article: Article
    authors: str
    """As the record has them in one line, such as "Kwok C, Xu X"."""
    journal: str
    published: PartialDate | None
    subjects: tuple[str, ...]
    """Headings of MeSH, and the paper's own keywords."""
    is_open: bool
    is_preprint: bool
    """Whether no journal has had it checked yet."""


@dataclass(frozen=True)
class SearchPage:
    total: int
    """How many papers the whole search finds."""
    listed: int
    """How many stood on this page, also those that could not be read."""
    papers: tuple[FoundPaper, ...]
    next: str | None
    """The mark of the next page; None after the last one."""


class _Journal(Record):
    title: Line = ""


class _JournalInfo(Record):
    journal: Part[_Journal] = _Journal()
    year: Maybe[int] = Field(None, alias="yearOfPublication")
    month: Maybe[int] = Field(None, alias="monthOfPublication")


class _Heading(Record):
    name: Line = Field("", alias="descriptorName")


class _Headings(Record):
    headings: Several[_Heading] = Field((), alias="meshHeading")


class _Keywords(Record):
    keywords: Several[Line] = Field((), alias="keyword")


class _Book(Record):
    publisher: Line = ""


class _Found(ArticleRecord):
    id: Line = ""
    authors: Line = Field("", alias="authorString")
    journal: Part[_JournalInfo] = Field(_JournalInfo(), alias="journalInfo")
    book: Part[_Book] = Field(_Book(), alias="bookOrReportDetails")
    online: KnownDate = Field(None, alias="electronicPublicationDate")
    first: KnownDate = Field(None, alias="firstPublicationDate")
    year: Line = Field("", alias="pubYear")
    mesh: Part[_Headings] = Field(_Headings(), alias="meshHeadingList")
    keywords: Part[_Keywords] = Field(_Keywords(), alias="keywordList")
    is_open: Line = Field("", alias="isOpenAccess")


class _Results(Record):
    listed: int = 0
    result: Several[_Found]

    @model_validator(mode="before")
    @classmethod
    def _count(cls, value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("result"), list):
            raise ValueError("a list of results is missing")
        return {**value, "listed": len(value["result"])}


class _Answer(Record):
    total: Count = Field(alias="hitCount")
    next: Line = Field("", alias="nextCursorMark")
    results: _Results = Field(alias="resultList")


def words_problem(words: str) -> str:
    """What is wrong with the words of a search, in a sentence, or nothing: they must be whole in themselves."""
    if len(words) > MOST_OF_WORDS:
        return f"Please use at most {MOST_OF_WORDS:,} letters."
    if "\\" in words:
        return "Please leave out the backslash."
    bare = re.sub(r'"[^"]*"', "", words)
    if '"' in bare:
        return "A quotation mark is open: each needs a second one."
    depth = 0
    for bracket in re.findall(r"[()]", bare):
        depth += 1 if bracket == "(" else -1
        if depth < 0:
            break
    return "The brackets do not fit: each ( needs its )." if depth else ""


def search_papers(
    client: Client, words: str, since: dt.date, until: dt.date, cursor: str = FIRST, *, per_page: int = PER_PAGE
) -> SearchPage:
    """A page of the papers that came into Europe PMC on these days, and that these words find. Raises ScholarlyError.

    `words`: in the language of its search, whole in themselves (`words_problem`).
    """
    query = {
        "query": f"({words}) AND FIRST_IDATE:[{since} TO {until}]",
        "resultType": "core",
        "format": "json",
        "pageSize": str(per_page),
        "cursorMark": cursor,
    }
    page = client.ask(EUROPE_PMC, "search", query, lambda body: _page(body, cursor))
    if page is None:
        raise ScholarlyError("Europe PMC has no search at the address where it should be. Try again later.")
    return page


def _page(body: bytes, cursor: str) -> SearchPage:
    answer = _Answer.model_validate_json(body)
    results = answer.results
    if cursor == FIRST and answer.total and not results.listed:
        raise ValueError("it found papers and lists none")
    if len(answer.next) > MOST_OF_MARK:
        raise ValueError("the mark of its next page is none")
    papers = tuple(paper for record in results.result if (paper := _paper(record)))
    is_last = not results.listed or answer.next in ("", cursor)
    return SearchPage(answer.total, results.listed, papers, None if is_last else answer.next)


def _paper(record: _Found) -> FoundPaper | None:
    """None where a record does not even say which paper it is."""
    article = article_of(record)
    if not (_ID.fullmatch(record.id) and _ID.fullmatch(record.source) and article.title):
        return None
    headings = [heading.name for heading in record.mesh.headings]
    return FoundPaper(
        id=f"{record.source}:{record.id}",
        article=article,
        authors=record.authors.removesuffix("."),
        journal=record.journal.journal.title or record.book.publisher,
        published=_published(record),
        subjects=tuple(name for name in (*headings, *record.keywords.keywords) if 0 < len(name) <= MOST_OF_NAME),
        is_open=record.is_open == "Y",
        is_preprint=record.source == PREPRINT,
    )


def _published(record: _Found) -> PartialDate | None:
    """The day it came out, as far as it is known: of an issue that has only a month, Europe PMC makes up the day."""
    if record.online or record.source == PREPRINT:
        return record.online or record.first
    journal = record.journal
    for year, month in ((journal.year, journal.month), (journal.year, 0), (record.year, 0)):
        with suppress(ValueError):
            return PartialDate.parse(f"{int(year or 0):04d}" + (f"-{month:02d}" if month else ""))
    return None
