"""Abstract and notices of a paper, from PubMed (https://www.ncbi.nlm.nih.gov/books/NBK25501/)."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar
from xml.etree import ElementTree

from webapp.scholarly.articles import Article
from webapp.scholarly.client import Client, Service
from webapp.scholarly.identifiers import doi_in, doi_or_none, normal_pmid
from webapp.scholarly.reading import Line, Paragraphs, Record, Several
from webapp.scholarly.updates import Update, kind_of_link, without_repeats

Taken = TypeVar("Taken")

PUBMED = Service("PubMed", "PUBMED_URL", 1 / 3)
TOOL = "spinal-cord-research-help"
PAPERS_AT_ONCE = 20
"""In one question: a record with all its references may be long."""
PLAIN = "plain-language-summary"
"""How PubMed marks a summary in plain words that came with the paper."""


class _Link(Record):
    type: Line = ""
    reference: Line = ""
    pmid: Line = ""


class _Record(Record):
    pmid: Line = ""
    pmcid: Line = ""
    doi: Line = ""
    title: Line = ""
    abstract: Paragraphs = ""
    kinds: Several[Line] = ()
    links: Several[_Link] = ()


def find_article(client: Client, pmid: str) -> Article | None:
    """The paper with this number, however it was typed; None when PubMed has none. Raises ScholarlyError."""
    number = normal_pmid(pmid)
    query = _asked_for(client, number)
    return client.ask(PUBMED, "efetch.fcgi", query, lambda body: _read(body, partial(_numbered, pmid=number)))


def plain_summaries(client: Client, pmids: Sequence[str]) -> dict[str, bool]:
    """Whether PubMed has a summary in plain words by those who wrote the paper, of each that it knows.

    At most PAPERS_AT_ONCE papers. Raises ScholarlyError.
    """
    numbers = ",".join(normal_pmid(pmid) for pmid in pmids)
    return client.ask(PUBMED, "efetch.fcgi", _asked_for(client, numbers), lambda body: _read(body, _plainly_told)) or {}


def _asked_for(client: Client, numbers: str) -> dict[str, str]:
    query = {"db": "pubmed", "id": numbers, "retmode": "xml", "tool": TOOL}
    return query | {"email": client.contact} if client.contact else query


def _read(body: bytes, take: Callable[[Iterable[ElementTree.Element]], Taken]) -> Taken:
    """What `take` finds in the records of an answer; raises ValueError for what is not the XML of PubMed."""
    text = body.decode()
    if "<!ENTITY" in text:
        raise ValueError("it defines entities, which PubMed never does")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 (no entities; the rest is bounded by its size)
        if root.tag != "PubmedArticleSet":
            raise ValueError(f"its root is {root.tag}")
        return take(root.iter("PubmedArticle"))
    except (ElementTree.ParseError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _numbered(articles: Iterable[ElementTree.Element], pmid: str) -> Article | None:
    """The paper with this number."""
    records = [_Record.model_validate(_fields(article)) for article in articles]
    return next((_article(record) for record in records if record.pmid == pmid), None)


def _plainly_told(articles: Iterable[ElementTree.Element]) -> dict[str, bool]:
    records = [record for one in articles if (record := one.find("MedlineCitation")) is not None]
    return {record.findtext("PMID", ""): any(map(_is_plain, record.iter("OtherAbstract"))) for record in records}


def _is_plain(abstract: ElementTree.Element) -> bool:
    is_told = any("".join(text.itertext()).strip() for text in abstract.iter("AbstractText"))
    return is_told and abstract.get("Type", "").casefold() == PLAIN


def _fields(article: ElementTree.Element) -> dict[str, object]:
    """What we read of a record. The lists of its references hold numbers of other papers: they are left aside."""
    cited, data = article.find("MedlineCitation"), article.find("PubmedData")
    if cited is None:
        return {}
    ids = {one.get("IdType"): one.text for one in (data.findall("ArticleIdList/ArticleId") if data is not None else [])}
    return {
        "pmid": cited.findtext("PMID"),
        "pmcid": ids.get("pmc"),
        "doi": ids.get("doi") or cited.findtext("Article/ELocationID[@EIdType='doi']"),
        "title": _markup(cited.find("Article/ArticleTitle")),
        "abstract": "".join(_part(part) for part in cited.findall("Article/Abstract/AbstractText")),
        "kinds": [one.text for one in cited.findall("Article/PublicationTypeList/PublicationType")],
        "links": [
            {"type": one.get("RefType"), "reference": one.findtext("RefSource"), "pmid": one.findtext("PMID")}
            for one in cited.findall("CommentsCorrectionsList/CommentsCorrections")
        ],
    }


def _part(part: ElementTree.Element) -> str:
    label = part.get("Label", "")
    return (f"<h4>{html.escape(label)}</h4>" if label else "") + f"<p>{_markup(part)}</p>"


def _markup(element: ElementTree.Element | None) -> str:
    """What stands inside an element, with its markup."""
    if element is None:
        return ""
    inside = (ElementTree.tostring(child, encoding="unicode") for child in element)
    return html.escape(element.text or "") + "".join(inside)


def _article(record: _Record) -> Article:
    return Article(
        pmid=record.pmid,
        pmcid=record.pmcid or None,
        doi=doi_or_none(record.doi),
        title=record.title.removesuffix("."),
        abstract=record.abstract,
        kinds=tuple(filter(None, record.kinds)),
        updated_by=without_repeats(_updates(record.links)),
    )


def _updates(links: tuple[_Link, ...]) -> Iterator[Update]:
    for link in links:
        if kind := kind_of_link(link.type):
            yield Update(kind, link.type, doi_in(link.reference), link.pmid or None)
