"""What is new in Europe PMC: page by page, and what cannot be read is no empty page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.scholarly.answers import DOI, PMID, WRONG, new_paper, search_page
from tests.scholarly.conftest import Connect
from tests.scholarly.server import Reply, Service, broken_off, hung_up, silent
from webapp.scholarly.client import Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.paper_search import FoundPaper, SearchPage, search_papers, words_problem

SINCE, UNTIL = dt.date(2026, 3, 1), dt.date(2026, 3, 8)


def ask(client: Client, cursor: str = "*") -> SearchPage:
    return search_papers(client, '"spinal cord injury"', SINCE, UNTIL, cursor)


def read(client: Client, service: Service, **fields: Any) -> FoundPaper:
    service.replies_with(search_page(new_paper(**fields)))
    client._kept.clear()
    [paper] = ask(client).papers
    return paper


def test_a_search_asks_for_the_papers_of_some_days(client: Client, service: Service) -> None:
    paper = read(client, service)
    assert service.asked[0].query == {
        "query": '("spinal cord injury") AND FIRST_IDATE:[2026-03-01 TO 2026-03-08]',
        "resultType": "core", "format": "json", "pageSize": "50", "cursorMark": "*",
    }  # fmt: skip
    assert (paper.id, paper.article.doi, paper.article.pmid) == (f"MED:{PMID}", DOI, PMID)
    assert paper.article.title == "Spinal stimulation and walking in adults"
    assert (paper.authors, paper.journal) == ("Ångström Z, de la Cruz JP", "Journal of Cord Medicine & Care")
    assert paper.subjects == ("Humans", "Spinal Cord Injuries", "walking")
    assert (paper.is_open, paper.is_preprint) == (True, False)


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"electronicPublicationDate": "2026-03-04"}, "2026-03-04"),
        ({}, "2026-07"),
        ({"journalInfo": {"yearOfPublication": 2026, "monthOfPublication": 0}}, "2026"),
        ({"journalInfo": {"yearOfPublication": 2026, "monthOfPublication": 13}}, "2026"),
        ({"journalInfo": None, "pubYear": "2025"}, "2025"),
        ({"journalInfo": None, "pubYear": "soon"}, "None"),
        ({"source": "PPR", "id": "PPR123", "firstPublicationDate": "2026-03-02"}, "2026-03-02"),
    ],
)
def test_a_day_that_nobody_stated_is_not_made_up(
    client: Client, service: Service, fields: dict[str, Any], day: str
) -> None:
    assert str(read(client, service, **fields).published) == day


def test_a_preprint_is_known_as_one(client: Client, service: Service) -> None:
    paper = read(
        client, service, source="PPR", id="PPR1", journalInfo=None, bookOrReportDetails={"publisher": "medRxiv"}
    )
    assert (paper.id, paper.is_preprint, paper.journal) == ("PPR:PPR1", True, "medRxiv")


def test_pages_end_where_the_mark_comes_again(client: Client, service: Service) -> None:
    service.replies_with(
        search_page(new_paper(), total=2, mark="A+=="),
        search_page(new_paper(id="2"), total=2, mark="A+=="),
        search_page(total=2, mark="B"),
    )
    first = ask(client)
    assert (first.total, first.listed, first.next) == (2, 1, "A+==")
    assert ask(client, "A+==").next is None
    assert service.asked[1].query["cursorMark"] == "A+=="
    assert ask(client, "C").next is None, "an empty page is the last one too"


def test_nothing_found_is_an_empty_page(client: Client, service: Service) -> None:
    service.replies_with(search_page())
    assert ask(client) == SearchPage(0, 0, (), None)


@pytest.mark.parametrize("field", [name for name in new_paper() if name not in {"id", "source", "title"}])
def test_a_field_of_the_wrong_type_spoils_no_other(client: Client, service: Service, field: str) -> None:
    for value in WRONG:
        assert read(client, service, **{field: value}).article.title.startswith("Spinal stimulation"), value


@pytest.mark.parametrize("field", ["id", "source", "title"])
def test_what_does_not_say_which_paper_it_is_spoils_no_other(client: Client, service: Service, field: str) -> None:
    for value in (*WRONG, "<b></b>", "", "../x y"):
        if field == "title" and value in (5, "x", "../x y"):
            continue
        service.replies_with(search_page(new_paper(**{field: value}), 5, None, new_paper(id="2")))
        client._kept.clear()
        page = ask(client)
        assert page.listed == 4
        assert [paper.id for paper in page.papers][-1:] == ["MED:2"], value


FAULTS = {
    "not found": Reply("Resource not found.", 404),
    "too many questions": Reply(b"", 429),
    "a fault of theirs": Reply({"error": "x"}, 500),
    "silence": Reply(misdeed=silent),
    "half an answer": Reply(misdeed=broken_off),
    "not a word": Reply(misdeed=hung_up),
    "a page": Reply("<!doctype html><title>Sorry</title>"),
    "a list": Reply([1, 2]),
    "nothing": Reply({}),
    "no list": Reply({"hitCount": 3, "resultList": {"result": None}}),
    "no number": Reply({"hitCount": "many", "resultList": {"result": []}}),
    "a number beyond all": Reply({"hitCount": 2**63, "resultList": {"result": [new_paper()]}}),
    "found and not listed": Reply({"hitCount": 3, "resultList": {"result": []}}),
    "an endless mark": Reply(search_page(new_paper(), mark="x" * 5000)),
    "their own fault": Reply({"errCode": 404, "errMsg": "x"}),
    "20 MB": Reply(b'{"hitCount": "' + b"x" * 20_000_000 + b'"}'),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_and_is_no_empty_page(
    connect: Connect, service: Service, waits: list[float], fault: str
) -> None:
    service.replies_with(FAULTS[fault])
    with pytest.raises(ScholarlyError, match="Europe PMC"):
        ask(connect(attempts=1, silent_seconds=0.2))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ('(TITLE:"a (b" OR c) NOT d', ""), ("plain words", ""), ('"', "quotation"), ('"a" b"', "quotation"),
        ('"a\\" OR b"', "backslash"), ("(a", "brackets"), ("a)", "brackets"), ("a) OR (b", "brackets"),
        ("x" * 1501, "1,500 letters"),
    ],
)  # fmt: skip
def test_words_are_whole_in_themselves(words: str, problem: str) -> None:
    assert problem in words_problem(words)
    assert bool(problem) == bool(words_problem(words))
