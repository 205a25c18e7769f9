"""Home: three ways in (search, newest, categories), on a full site and on an empty one."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from tests.factories import make_categories, make_documents, make_summary_file
from tests.page import PageClient, words
from webapp.pages.routes import NEWEST_ON_HOME


@pytest.fixture
def stocked(app: Flask, client: PageClient) -> PageClient:
    """Eight trials on pain, newest last; the newest is on the bladder too. Nothing on skin."""
    make_categories("bladder", "pain", "skin")
    make_documents(
        *[
            make_summary_file(
                f"trial-{number}",
                title=f"Trial number {number} in 40 people",
                categories=["pain", "bladder"] if number == 7 else ["pain"],
                study={"published": f"20{10 + number}"},
            )
            for number in range(8)
        ],
        make_summary_file("draft", title="A draft", draft=True, categories=["pain"], study={"published": "2025"}),
        make_summary_file("later", title="To come", date=dt.date(2199, 1, 1), categories=["pain"]),
    )
    return client


def test_search_is_a_plain_form_that_leads_to_the_list(stocked: PageClient) -> None:
    page = stocked.page("/")
    form = page.one("form[role=search]")
    assert (form.get("method"), form.get("action")) == ("get", "/research/")
    assert page.one("form label[for=q]") is not None
    assert page.one("form input#q").get("name") == "q"
    assert page.texts("form button[type=submit]") == ["Search"]
    found = stocked.page("/research/?q=trial")
    assert found.one("input#q").get("value") == "trial"
    assert found.select(".card")


def test_newest_summaries_come_newest_first(stocked: PageClient) -> None:
    titles = stocked.page("/").texts(".card h3")
    assert titles == [f"Trial number {number} in 40 people" for number in range(7, 7 - NEWEST_ON_HOME, -1)]


def test_a_link_leads_to_all_and_counts_only_what_is_public(stocked: PageClient) -> None:
    links = [link for link in stocked.page("/").select("main a") if words(link) == "See all 8 summaries"]
    assert [link.get("href") for link in links] == ["/research/"]


def test_categories_stand_with_their_counts(stocked: PageClient) -> None:
    tiles = [topic for topic in stocked.page("/").select(".topics li") if topic.find("span") is not None]
    counts = {words(tile.find("a")): words(tile.find("span")) for tile in tiles}
    assert counts["Pain"] == "8 summaries"
    assert counts["Bladder"] == "1 summary"
    for tile in tiles:
        assert stocked.get(tile.find("a").get("href")).status_code == 200


def test_all_topics_and_the_evidence_at_a_glance_are_a_link_away(stocked: PageClient) -> None:
    links = {words(link): link.get("href") for link in stocked.page("/").select("main a")}
    assert links["All topics"] == links["See the evidence at a glance"] == "/categories/"


def test_an_empty_site_still_works(client: PageClient) -> None:
    page = client.page("/")
    assert page.one("form[role=search]") is not None
    assert "There are no summaries yet." in page.texts("main p")
    assert not page.select(".card")
    assert page.texts(".topics a") == ["All topics"]
    assert client.get("/research/?q=pain").status_code == 200


def test_the_shipped_site_opens_with_all_three_ways(shipped: PageClient) -> None:
    page = shipped.page("/")
    assert len(page.select(".card")) == NEWEST_ON_HOME
    assert len(page.select(".topics li")) >= 11
    assert page.one("form[role=search]") is not None
