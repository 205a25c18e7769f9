"""Abstract and notices of a paper, from PubMed (https://www.ncbi.nlm.nih.gov/books/NBK25501/)."""

from __future__ import annotations

import html
from collections.abc import Iterator
from xml.etree import ElementTree

from webapp.scholarly.articles import Article
from webapp.scholarly.client import Client, Service
from webapp.scholarly.identifiers import doi_in, doi_or_none, normal_pmid
from webapp.scholarly.reading import Line, Paragraphs, Record, Several
from webapp.scholarly.updates import Update, kind_of_link, without_repeats

PUBMED = Service("PubMed", "PUBMED_URL", 1 / 3)
TOOL = "spinal-cord-research-help"


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
    query = {"db": "pubmed", "id": number, "retmode": "xml", "tool": TOOL}
    if client.contact:
        query["email"] = client.contact
    return client.ask(PUBMED, "efetch.fcgi", query, lambda body: _read(body, number))


def _read(body: bytes, pmid: str) -> Article | None:
    """The record with this number; raises ValueError for what is not the XML of PubMed."""
    text = body.decode()
    if "<!ENTITY" in text:
        raise ValueError("it defines entities, which PubMed never does")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 (no entities; the rest is bounded by its size)
        if root.tag != "PubmedArticleSet":
            raise ValueError(f"its root is {root.tag}")
        records = [_Record.model_validate(_fields(article)) for article in root.iter("PubmedArticle")]
    except (ElementTree.ParseError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return next((_article(record) for record in records if record.pmid == pmid), None)


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
