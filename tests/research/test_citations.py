"""Citations, read back by strict parsers."""

from __future__ import annotations

from io import StringIO

import pytest
import rispy
from flask import Flask
from pybtex.database import parse_string

from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient

STUDY = {
    "title": "Nerves & “growth”: 50% of {all}",
    "authors": ["Zaida Álvarez", "Natasha van Zyl", "Plain"],
    "authors_complete": False,
    "journal": "J Test",
    "published": "2024-03-06",
    "citation": "J Test 2024;12(3):45-67",
    "doi": "10.1234/ab_c",
}


@pytest.fixture
def slug(app: Flask) -> str:
    make_categories()
    return make_summary("nerves", study=STUDY).slug


def test_a_ris_reader_gets_every_field(client: PageClient, slug: str) -> None:
    response = client.get(f"/research/{slug}/cite.ris")
    assert response.mimetype == "application/x-research-info-systems"
    assert response.text.startswith("TY  - JOUR")
    (entry,) = rispy.load(StringIO(response.text))
    assert entry["title"] == STUDY["title"]
    assert entry["authors"] == ["Álvarez, Zaida", "van Zyl, Natasha", "Plain"]
    assert (entry["year"], entry["volume"], entry["start_page"], entry["end_page"]) == ("2024", "12", "45", "67")
    assert entry["doi"] == STUDY["doi"]


def test_a_bibtex_reader_gets_every_field(client: PageClient, slug: str) -> None:
    response = client.get(f"/research/{slug}/cite.bib")
    assert 'filename="nerves.bib"' in response.headers["Content-Disposition"]
    entry = parse_string(response.text, "bibtex").entries["nerves"]
    assert [str(person) for person in entry.persons["author"]][1:] == ["van Zyl, Natasha", "Plain", "others"]
    assert entry.fields["journal"] == "J Test"
    assert entry.fields["pages"] == "45--67"
    assert entry.fields["doi"] == STUDY["doi"]
    assert r"50\%" in entry.fields["title"]


def test_unknown_facts_are_left_out(app: Flask, client: PageClient) -> None:
    make_categories()
    slug = make_summary().slug
    assert "PY" not in client.get(f"/research/{slug}/cite.ris").text
    assert set(
        parse_string(client.get(f"/research/{slug}/cite.bib").text, "bibtex").entries["arm-training"].fields
    ) == {"title"}


def test_every_shipped_citation_can_be_read(shipped: PageClient) -> None:
    sitemap = Page(shipped.get("/sitemap.xml").text, fragment=True)
    papers = [element.text.partition("example.org")[2] for element in sitemap.select("loc")]
    for address in (path for path in papers if path.startswith("/research/") and path != "/research/"):
        (entry,) = rispy.load(StringIO(shipped.get(f"{address}/cite.ris").text))
        assert entry["title"]
        assert len(parse_string(shipped.get(f"{address}/cite.bib").text, "bibtex").entries) == 1
