"""Latest Research: filters, counts, sorting, pages, urls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, quote

import pytest
from flask import Flask

from tests.conftest import counted, site_on
from tests.factories import make_categories, make_documents, make_summary, make_summary_file
from tests.page import Page, PageClient, client_of
from webapp.page_cache.memory import PageCache
from webapp.research.filters import ResearchFilter
from webapp.research.listing import PAGE_SIZE

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def make_three() -> None:
    """A trial on bladder, a small one on pain, and one in mice on both."""
    make_categories("bladder", "pain")
    make_documents(
        make_summary_file(
            "bladder-trial",
            title="Tablets and bladder leaks",
            categories=["bladder"],
            study={"participants": 90, "published": "2020-05", "injury_phases": ["chronic"]},
        ),
        make_summary_file(
            "pain-trial",
            title="Warm baths and pain",
            categories=["pain"],
            study={"participants": 8, "published": "2022", "injury_phases": ["acute", "chronic"]},
        ),
        make_summary_file(
            "mice",
            title="Mice and a new gel",
            categories=["pain", "bladder"],
            study={"design": "animal", "subjects": "mice", "participants": None, "published": "2021-01-09"},
        ),
    )


@pytest.fixture(scope="module")
def site_of_three(empty_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    site = site_on(empty_instance, tmp_path_factory.mktemp("three"))
    with site.app_context():
        make_three()
    return site


@pytest.fixture
def three(site_of_three: Flask) -> Iterator[PageClient]:
    """A client of a site with three summaries. Nobody writes to it."""
    with site_of_three.app_context():
        yield client_of(site_of_three)


def headlines(page: Page) -> list[str]:
    return page.texts(".card h3")


def option(page: Page, select: str, value: str) -> str:
    return page.texts(f"#{select} option[value='{value}']")[0]


def test_the_newest_study_comes_first(three: PageClient) -> None:
    assert headlines(three.page("/research/")) == [
        "Warm baths and pain",
        "Mice and a new gel",
        "Tablets and bladder leaks",
    ]


def test_a_year_alone_comes_after_the_days_of_that_year(app: Flask, client: PageClient) -> None:
    make_categories("pain")
    for key, published in {"year": "2020", "day": "2020-02-03", "month": "2020-01", "before": "2019-12-31"}.items():
        make_summary(key, title=key, categories=["pain"], study={"published": published})
    assert headlines(client.page("/research/")) == ["day", "month", "year", "before"]
    assert headlines(client.page("/")) == ["day", "month", "year", "before"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("category=bladder", ["Mice and a new gel", "Tablets and bladder leaks"]),
        ("stage=animals", ["Mice and a new gel"]),
        ("stage=first-people", ["Warm baths and pain"]),
        ("result=preclinical", ["Mice and a new gel"]),
        ("level=2", ["Warm baths and pain", "Tablets and bladder leaks"]),
        ("phase=acute", ["Warm baths and pain"]),
        ("category=bladder&level=2", ["Tablets and bladder leaks"]),
        ("sort=oldest", ["Tablets and bladder leaks", "Mice and a new gel", "Warm baths and pain"]),
        ("sort=people", ["Tablets and bladder leaks", "Warm baths and pain", "Mice and a new gel"]),
        ("sort=evidence", ["Warm baths and pain", "Tablets and bladder leaks", "Mice and a new gel"]),
    ],
)
def test_filters_and_sorting_narrow_the_list(three: PageClient, query: str, expected: list[str]) -> None:
    assert headlines(three.page(f"/research/?{query}")) == expected


@pytest.mark.parametrize(
    "query",
    [
        "category=nope",
        "stage=moon",
        "level=9",
        "result=good",
        "phase=old",
        "sort=random",
        "page=0",
        "page=-1",
        "page=x",
        "page=%C2%B2",
        "q=%00",
        "a=b",
    ],
)
def test_unknown_values_are_ignored(three: PageClient, query: str) -> None:
    assert len(headlines(three.page(f"/research/?{query}"))) == 3


def test_options_show_what_they_would_leave(three: PageClient) -> None:
    page = three.page("/research/?category=bladder")
    assert option(page, "category", "") == "Any category (3)"
    assert option(page, "category", "pain") == "Pain (2)"
    assert option(page, "level", "2") == "Strong (step 2 of 5) (1)"
    assert option(page, "stage", "animals") == "Animals (1)"
    assert page.texts("#category option[selected]") == ["Bladder (2)"]


def test_options_count_within_the_search(three: PageClient) -> None:
    page = three.page("/research/?q=baths")
    assert option(page, "category", "pain") == "Pain (1)"
    assert option(page, "category", "bladder") == "Bladder (0)"


def test_nothing_found_offers_ways_on(three: PageClient) -> None:
    page = three.page("/research/?q=baths&stage=animals")
    assert page.texts("[role=status]") == ["No summaries found for “baths”."]
    assert {"/categories/", "/research/", "/research/?q=baths"} <= {a.get("href") for a in page.select("#results a")}


def test_a_long_list_comes_in_pages(app: Flask, client: PageClient) -> None:
    make_categories("pain")
    make_documents(
        *(make_summary_file(f"number-{n:02}", title=f"Arms {n}", categories=["pain"]) for n in range(PAGE_SIZE + 3))
    )
    first, last = client.page("/research/?category=pain"), client.page("/research/?category=pain&page=2")
    assert first.texts("[role=status]") == [f"{PAGE_SIZE + 3} summaries, showing 1 to {PAGE_SIZE}."]
    assert len(headlines(first)) == PAGE_SIZE
    assert len(headlines(last)) == 3
    assert "/research/?category=pain&page=2" in [a.get("href") for a in first.select(".pages a")]
    assert headlines(client.page("/research/?category=pain&page=999")) == headlines(last)


def test_a_fragment_is_the_results_alone_with_its_clean_address(three: PageClient) -> None:
    response = three.get("/research/?q=&category=bladder&stage=&sort=newest", headers=HTMX)
    part = Page(response.text, fragment=True)
    assert not part.select("h1")
    assert part.select("#results")
    assert response.headers["HX-Push-Url"] == "/research/?category=bladder"
    assert "HX-Request" in response.headers["Vary"]


def test_the_back_button_gets_the_whole_page(three: PageClient) -> None:
    restoring = three.get("/research/", headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<!doctype html>" in restoring.text
    assert "HX-Push-Url" not in restoring.headers


def test_fragment_and_page_are_never_mistaken_for_each_other(
    shipped_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(shipped_app.extensions, "page_cache", PageCache(10**6))
    client = shipped_app.test_client()
    whole, part = client.get("/research/"), client.get("/research/", headers=HTMX)
    assert whole.headers["ETag"] != part.headers["ETag"]
    with counted(shipped_app) as sent:
        assert client.get("/research/").text == whole.text
        assert client.get("/research/", headers=HTMX).text == part.text
    assert not sent, "both came from the cache"


def test_a_card_says_animals_and_a_withdrawn_study_says_so(app: Flask, client: PageClient) -> None:
    make_three()
    make_summary(
        "gone",
        title="Retracted: gone",
        categories=["pain"],
        study={"notice": {"kind": "retraction"}, "published": "2023"},
    )
    page = client.page("/research/")
    gone, mice = page.select(".card")[0], page.select(".card")[2]
    assert Page.texts_of(gone, ".card-result") == ["Withdrawn: not evidence"]
    assert not Page.texts_of(gone, ".card-stands"), "no step, no stage"
    assert Page.texts_of(mice, ".card-result") == ["Animals or cells only"]
    assert Page.texts_of(mice, ".caution") == ["Done in mice. This study does not show that it works in people."]


def test_drafts_and_days_to_come_are_not_shown(app: Flask, client: PageClient) -> None:
    make_categories("pain")
    make_documents(make_summary_file("draft", categories=["pain"], draft=True))
    make_documents(make_summary_file("later", categories=["pain"], date="2199-01-01"))
    assert client.page("/research/").texts("[role=status]") == ["No summaries found."]
    assert client.get("/research/a-trial-of-arm-training-draft").status_code == 404


@pytest.mark.parametrize("rows", [2, 30])
@pytest.mark.parametrize("query", ["", "?q=arm", "?q=arm+zebra", "?q=zebr", "?category=pain&page=2&sort=people"])
def test_a_list_takes_at_most_six_statements(app: Flask, client: PageClient, rows: int, query: str) -> None:
    make_categories("pain", "bladder")
    make_documents(
        *(make_summary_file(f"number-{n}", title=f"Arms {n}", categories=["pain", "bladder"]) for n in range(rows))
    )
    with counted(app) as sent:
        client.page(f"/research/{query}")
    # Once for each edition: the words of the site, and for an unknown word the words there are.
    most = 8 if "zebr" in query else 6
    assert len(sent) <= most, sent
    with counted(app) as sent:
        client.page(f"/research/{query}")
    assert len(sent) <= 6, sent


HARD = [
    '"',
    "'",
    "*",
    "NEAR(a b)",
    "a AND OR NOT",
    "title:x",
    "-x",
    "^x",
    "(",
    "🙂",
    "é̈",
    "a" * 10_000,
    "%00",
    "\\",
    "{a}",
    "x" + " y" * 3000,
]


@pytest.mark.parametrize("typed", HARD, ids=range(len(HARD)))
def test_no_search_is_an_error(three: PageClient, typed: str) -> None:
    assert three.get(f"/research/?q={quote(typed)}").status_code == 200


def test_what_was_typed_stays_in_the_form(three: PageClient) -> None:
    page = three.page("/research/?q=" + quote('<b>"pee" & more'))
    assert page.one("#q").get("value") == '<b>"pee" & more'


@pytest.mark.parametrize(
    "query",
    ["", "page=2", "level=2&sort=oldest&page=3", "q=arm+training&stage=lab", "category=pain&phase=acute", "q=a%26b"],
)
def test_a_state_of_the_list_has_one_clean_query(query: str) -> None:
    state = ResearchFilter.from_query(dict(parse_qsl(query)))
    assert state.clean_query == query
    muddled = f"utm=1&phase=nonsense&{query}"
    assert ResearchFilter.from_query(dict(parse_qsl(muddled))).clean_query == query
