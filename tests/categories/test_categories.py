"""All categories, and one."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import counted
from tests.factories import make_categories, make_documents, make_summary_file
from tests.page import Page, PageClient


def test_categories_stand_in_groups_with_counts(shipped: PageClient) -> None:
    page = shipped.page("/categories/")
    assert page.texts("main h2") == ["What people want back", "Kinds of research", "The whole field"]
    bladder = next(tile for tile in page.select(".tile") if "Bladder" in Page.texts_of(tile, "h3"))
    assert Page.texts_of(bladder, ".tile-count") == ["3 summaries"]


def test_names_the_public_knows_are_kept(shipped: PageClient) -> None:
    assert {"Spinal Cord Injury", "Regenerative Medicine"} <= set(shipped.page("/categories/").texts("h3"))


def test_every_shipped_category_has_summaries(shipped: PageClient) -> None:
    assert "0 summaries" not in shipped.page("/categories/").texts(".tile-count")


def test_a_category_is_the_same_list_under_its_own_heading(shipped: PageClient) -> None:
    page = shipped.page("/categories/bladder?level=2")
    assert page.h1 == "Bladder"
    assert not page.select("#category")
    assert page.one("form#browse-form").get("action") == "/categories/bladder"
    assert page.texts(".card h3") == shipped.page("/research/?category=bladder&level=2").texts(".card h3")


def test_only_what_a_reader_chose_is_counted_as_chosen(shipped: PageClient) -> None:
    assert shipped.page("/categories/bladder").texts("details.filters summary") == ["Filter and sort"]
    assert not shipped.page("/categories/bladder").select("a.clear")
    assert shipped.page("/categories/bladder?level=2").texts("details.filters summary") == [
        "Filter and sort (1 chosen)"
    ]
    page = shipped.page("/research/?category=bladder&level=2")
    assert page.texts("details.filters summary") == ["Filter and sort (2 chosen)"]


def test_a_category_answers_fragments_with_its_own_address(shipped: PageClient) -> None:
    response = shipped.get("/categories/bladder?level=2&stage=&q=", headers={"HX-Request": "true"})
    assert response.headers["HX-Push-Url"] == "/categories/bladder?level=2"
    assert "<h1" not in response.text


def test_an_unknown_category_is_not_found(shipped: PageClient) -> None:
    assert shipped.get("/categories/nope").status_code == 404


def test_a_draft_is_not_counted(app: Flask, client: PageClient) -> None:
    make_categories("pain")
    make_documents(make_summary_file(categories=["pain"], draft=True))
    assert client.page("/categories/").texts(".tile-count") == ["0 summaries"]


@pytest.mark.parametrize(
    ("url", "most"),
    [("/categories/", 5), ("/categories/skin", 5), ("/categories/bladder", 7), ("/", 5), ("/glossary/", 5)],
)
def test_lists_take_few_statements(shipped_app: Flask, shipped: PageClient, url: str, most: int) -> None:
    """An answer takes two more: the summaries it rests on, and the glossary."""
    with counted(shipped_app) as sent:
        shipped.page(url)
    assert len(sent) <= most, sent
