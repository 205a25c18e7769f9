"""Answers in the shapes of the services. The papers, people and trials in them are invented."""

from __future__ import annotations

from typing import Any

DOI = "10.5555/walk.2024.17"
PMID = "39000001"
TRIAL = "NCT09990001"

WRONG: list[object] = [None, 5, True, "x", [], {}, [None], [{}], [5]]
"""What may stand where something else should."""


def date(*parts: int | None) -> dict[str, Any]:
    """A date of Crossref: year, month and day as far as they are known."""
    return {"date-parts": [list(parts)]}


def notice(kind: object, doi: str = "10.5555/notice.1", **more: Any) -> dict[str, Any]:
    """An entry of `updated-by` or `update-to`."""
    updated = {**date(2025, 2, 6), "date-time": "2025-02-06T00:00:00Z", "timestamp": 1738800000000}
    return {"DOI": doi, "type": kind, "label": str(kind).title(), "source": "publisher", "updated": updated, **more}


def work(**fields: Any) -> dict[str, Any]:
    """A record of Crossref."""
    return {
        "DOI": DOI,
        "type": "journal-article",
        "title": [
            "Spinal stimulation and walking in <i>adults</i>\n                    with injury at C5&amp;#x2013;T10"
        ],
        "container-title": ["Journal of Cord Medicine &amp; Care"],
        "publisher": "Example Press",
        "author": [
            {"given": "Zoë", "family": "Ångström", "sequence": "first", "affiliation": []},
            {"given": "J. P.", "family": "de la Cruz", "sequence": "additional", "affiliation": []},
            {"name": "The WALK Group", "sequence": "additional", "affiliation": []},
        ],
        "issued": date(2024, 3, 9),
        "published": date(2024, 3, 9),
        "published-online": date(2024, 3, 9),
        "published-print": date(2024, 6),
        "license": [
            {"URL": "https://www.example.org/tdm", "content-version": "tdm", "start": date(2024, 3, 9)},
            {"URL": "http://creativecommons.org/licenses/by/4.0/", "content-version": "vor", "start": date(2024, 3, 9)},
        ],
        "clinical-trial-number": [
            {"clinical-trial-number": TRIAL.lower(), "registry": "10.18810/clinical-trials-gov"},
            {"clinical-trial-number": TRIAL.lower(), "registry": "10.18810/clinical-trials-gov", "type": "results"},
        ],
        "relation": {},
        **fields,
    }


def single(**fields: Any) -> dict[str, Any]:
    """What Crossref answers about one paper."""
    return {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": work(**fields)}


def listed(*works: object) -> dict[str, Any]:
    message = {"facets": {}, "total-results": len(works), "items": list(works), "items-per-page": 20}
    return {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}


def article(**fields: Any) -> dict[str, Any]:
    """A record of Europe PMC, with `resultType=core`."""
    return {
        "id": PMID,
        "source": "MED",
        "pmid": PMID,
        "pmcid": "PMC11000001",
        "doi": DOI.upper(),
        "title": "Spinal stimulation and walking in adults.",
        "authorString": "Ångström Z, de la Cruz JP.",
        "abstractText": "<h4>Methods</h4>12 people &lt; 60 years.<h4>Results</h4>At 10<sup>2</sup> Hz 4 walked.",
        "pubTypeList": {"pubType": ["research-article", "Journal Article"]},
        "isOpenAccess": "Y",
        **fields,
    }


def found(*articles: object) -> dict[str, Any]:
    return {"version": "6.9", "hitCount": len(articles), "request": {}, "resultList": {"result": list(articles)}}


def new_paper(**fields: Any) -> dict[str, Any]:
    """A record of a search, with what a list of new papers shows."""
    journal = {"title": "Journal of Cord Medicine &amp; Care", "medlineAbbreviation": "J Cord Med"}
    dates = {"yearOfPublication": 2026, "monthOfPublication": 7, "printPublicationDate": "2026-07-01"}
    return article(
        **{
            "journalInfo": {"issue": "3", "dateOfPublication": "2026 Jul", **dates, "journal": journal},
            "pubYear": "2026",
            "firstPublicationDate": "2026-07-01",
            "meshHeadingList": {
                "meshHeading": [{"descriptorName": "Humans"}, {"descriptorName": "Spinal Cord Injuries"}]
            },
            "keywordList": {"keyword": ["walking"]},
            **fields,
        }
    )


def search_page(*papers: object, total: int | None = None, mark: str = "*") -> dict[str, Any]:
    """A page of a search; `mark`: of the next one."""
    return {**found(*papers), "hitCount": len(papers) if total is None else total, "nextCursorMark": mark}


def links(*kinds: object) -> dict[str, Any]:
    """`commentCorrectionList`, with a link of each kind."""
    entries = [
        {"id": f"3800000{place}", "source": "MED", "type": kind, "orderIn": place,
         "reference": f"J Cord Med. 2025 Feb 6;3(1):{place}. doi: 10.5555/Notice.{place}."}
        for place, kind in enumerate(kinds)
    ]  # fmt: skip
    return {"commentCorrection": entries}


def efetch(abstract: str = "", links: str = "", kinds: str = "", *, pmid: str = PMID) -> str:
    """What PubMed answers to efetch.fcgi: a record that also lists the papers it refers to."""
    reference = '<ArticleIdList><ArticleId IdType="doi">10.5555/cited</ArticleId></ArticleIdList>'
    return f"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><ArticleTitle>Walking with <i>epidural</i> stimulation.</ArticleTitle>{abstract}
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>{kinds}
</PublicationTypeList></Article>
<CommentsCorrectionsList>{links}</CommentsCorrectionsList>
<OtherAbstract Type="plain-language-summary"><AbstractText>In other words.</AbstractText></OtherAbstract>
</MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId><ArticleId IdType="pmc">PMC11000001</ArticleId>
<ArticleId IdType="doi">{DOI.upper()}</ArticleId></ArticleIdList>
<ReferenceList><Reference><Citation>Another.</Citation>{reference}</Reference></ReferenceList></PubmedData>
</PubmedArticle></PubmedArticleSet>"""


def study(**modules: Any) -> dict[str, Any]:
    """A record of ClinicalTrials.gov."""
    protocol = {
        "identificationModule": {"nctId": TRIAL, "briefTitle": "WALK: Stimulation of the Spinal Cord"},
        "statusModule": {
            "statusVerifiedDate": "2026-04",
            "overallStatus": "ACTIVE_NOT_RECRUITING",
            "startDateStruct": {"date": "2023-01-15"},
            "completionDateStruct": {"date": "2027-09", "type": "ESTIMATED"},
            "lastUpdatePostDateStruct": {"date": "2026-05-02", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Example University Hospital", "class": "OTHER"}},
        "conditionsModule": {"conditions": ["Spinal Cord Injuries", "Tetraplegia"]},
        "designModule": {"phases": ["PHASE1", "PHASE2"], "enrollmentInfo": {"count": 24, "type": "ACTUAL"}},
        "outcomesModule": {
            "primaryOutcomes": [
                {"measure": "Steps in six minutes", "timeFrame": "6 months"},
                {"measure": "Serious harms"},
            ]
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Injury at C5 to T10\n* Weight < 120 kg",
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
            "stdAges": ["ADULT", "OLDER_ADULT"],
        },
        "contactsLocationsModule": {
            "centralContacts": [
                {"name": "Research Team", "role": "CONTACT", "phone": "555-0100", "phoneExt": "2",
                 "email": "team@example.org"}
            ],
            "locations": [
                {"facility": "Example Rehabilitation Hospital", "status": "RECRUITING", "city": "Zurich",
                 "country": "Switzerland", "geoPoint": {"lat": 47.35, "lon": 8.55},
                 "contacts": [{"name": "A. Example", "role": "CONTACT", "email": "a@example.org"}]},
                {"country": "United States"},
                {"status": "COMPLETED", "country": "Switzerland"},
            ],
        },
    }  # fmt: skip
    return {"protocolSection": {**protocol, **modules}}


def listed_trial(number: int = 1, **modules: Any) -> dict[str, Any]:
    """A record in the answer of ClinicalTrials.gov to a search."""
    protocol = {
        "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": f"Trial {number} of the bladder"},
        "statusModule": {
            "statusVerifiedDate": "2026-09",
            "overallStatus": "RECRUITING",
            "lastUpdatePostDateStruct": {"date": "2026-10-01", "type": "ACTUAL"},
        },
        "eligibilityModule": {"minimumAge": "18 Years", "maximumAge": "65 Years", "stdAges": ["ADULT"]},
        "contactsLocationsModule": {
            "locations": [{"country": "Switzerland"}, {"country": "Germany"}, {"country": "Switzerland"}]
        },
    }
    return {"protocolSection": {**protocol, **modules}}


def trial_list(*trials: object, total: int | None = None) -> dict[str, Any]:
    """What it answers to a search: the first page, and that there is another."""
    more = {"nextPageToken": "abc123"} if total and total > len(trials) else {}
    return {"totalCount": len(trials) if total is None else total, "studies": list(trials), **more}
