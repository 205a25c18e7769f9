"""What Europe PMC says of a paper."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scholarly.answers import DOI, PMID, WRONG, article, found, links
from tests.scholarly.server import Service
from webapp.scholarly.articles import Article
from webapp.scholarly.client import Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.europepmc import find_article_by_doi, find_article_by_pmid
from webapp.scholarly.updates import Update


def read(client: Client, service: Service, **fields: Any) -> Article:
    service.replies_with(found(article(**fields)))
    paper = find_article_by_doi(client, DOI)
    assert paper
    return paper


def test_a_doi_finds_the_abstract_and_the_numbers(client: Client, service: Service) -> None:
    assert read(client, service) == Article(
        pmid=PMID,
        pmcid="PMC11000001",
        doi=DOI,
        title="Spinal stimulation and walking in adults",
        abstract="Methods: 12 people < 60 years.\n\nResults: At 10² Hz 4 walked.",
        kinds=("research-article", "Journal Article"),
        updated_by=(),
    )
    assert service.asked[0].path.startswith("/search?")
    assert service.asked[0].query == {
        "query": f'DOI:"{DOI}"', "resultType": "core", "format": "json", "pageSize": "10",
    }  # fmt: skip


def test_a_number_of_pubmed_finds_the_same(client: Client, service: Service) -> None:
    by_doi = read(client, service)
    assert find_article_by_pmid(client, f"PMID: {PMID}") == by_doi
    assert service.asked[1].query["query"] == f"EXT_ID:{PMID} AND SRC:MED"


def test_nothing_found_is_none(client: Client, service: Service) -> None:
    service.replies_with(found())
    assert find_article_by_doi(client, DOI) is None
    assert find_article_by_pmid(client, PMID) is None


def test_only_the_very_paper_counts_and_the_record_that_tells_most(client: Client, service: Service) -> None:
    preprint = article(source="PPR", id="PPR1", pmid=None, title="Preprint")
    full_text = article(source="PMC", pmid=None, title="Full text")
    other = article(doi="10.5555/other", title="Other")
    service.replies_with(found(other, preprint, full_text, article()))
    paper = find_article_by_doi(client, DOI)
    assert paper
    assert paper.pmid == PMID
    service.replies_with(found(other, preprint))
    paper = find_article_by_pmid(client, PMID)
    assert paper
    assert paper.title == "Other", "its number in PubMed is the one"
    assert find_article_by_pmid(client, "5") is None


def test_links_to_notices_are_notices_and_no_others(client: Client, service: Service) -> None:
    kinds = (
        "Retraction in", "Partial retraction in", "Expression of concern in", "Erratum in", "Update in",
        "Corrected and republished in", "Comment in", "Preprint in", "Erratum for", "Retraction of",
        "Retraction", "Cites", "", None, 5,
    )  # fmt: skip
    paper = read(client, service, commentCorrectionList=links(*kinds))
    assert [one.kind for one in paper.updated_by] == [
        "retraction", "partial retraction", "expression of concern", "erratum", "new version", "correction",
    ]  # fmt: skip
    assert paper.updated_by[3] == Update("erratum", "Erratum in", "10.5555/notice.3", "38000003")
    assert paper.is_retracted


def test_a_notice_that_is_no_record_of_pubmed_has_no_such_number(client: Client, service: Service) -> None:
    entry = {"id": "PPR123", "source": "PPR", "type": "Retraction in"}
    assert read(client, service, commentCorrectionList={"commentCorrection": entry}).updated_by == (
        Update("retraction", "Retraction in"),
    )


@pytest.mark.parametrize(
    ("fields", "is_retracted"),
    [
        ({"pubTypeList": {"pubType": ["Retracted Publication", "Journal Article"]}}, True),
        ({"pubTypeList": {"pubType": "retracted publication"}}, True),
        ({"pubTypeList": {"pubType": ["Retraction of Publication"]}}, False),
        ({"commentCorrectionList": links("Retraction of")}, False),
        ({"commentCorrectionList": links("Partial retraction in", "Erratum in")}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_a_notice_is_not_the_paper_it_retracts(
    client: Client, service: Service, fields: dict[str, Any], is_retracted: bool
) -> None:
    assert read(client, service, **fields).is_retracted is is_retracted


@pytest.mark.parametrize(
    "field", [*(name for name in article() if name not in {"pmid", "doi"}), "commentCorrectionList"]
)
def test_a_field_of_the_wrong_type_spoils_no_other(client: Client, service: Service, field: str) -> None:
    for number, value in enumerate([*WRONG, {"commentCorrection": 3}, {"pubType": {}}]):
        service.replies_with(found(article(pmid=str(number + 1), **{field: value})))
        paper = find_article_by_pmid(client, str(number + 1))
        assert paper, value
        assert paper.updated_by == ()
        if field != "abstractText":
            assert paper.abstract.endswith("4 walked.")


def test_a_list_of_notices_that_cannot_be_read_is_known_as_such(client: Client, service: Service) -> None:
    wrong: list[dict[str, Any]] = [
        *({"commentCorrectionList": one} for one in [*WRONG, links(None), links(5), links(" ")]),
        *({"pubTypeList": one} for one in [*WRONG, {"pubType": [3]}]),
    ]
    right: list[dict[str, Any]] = [
        {}, {"commentCorrectionList": links()},
        {"commentCorrectionList": {"commentCorrection": {"type": "Erratum in"}}},
        {"commentCorrectionList": links("Retraction in", "Comment in")}, {"pubTypeList": {"pubType": "Review"}},
    ]  # fmt: skip
    for is_garbled, cases in ((True, wrong), (False, right)):
        for fields in cases:
            service.replies_with(found(article(**fields)))
            client._kept.clear()
            paper = find_article_by_doi(client, DOI)
            assert paper, fields
            assert paper.is_garbled is is_garbled, fields


@pytest.mark.parametrize("answer", [{}, [], {"resultList": None}, {"resultList": []}, {"errCode": 404, "errMsg": "x"}])
def test_an_answer_that_is_no_list_is_told(client: Client, service: Service, answer: object) -> None:
    service.replies_with(answer)
    with pytest.raises(ScholarlyError, match="Europe PMC sent an answer that cannot be read"):
        find_article_by_doi(client, DOI)
