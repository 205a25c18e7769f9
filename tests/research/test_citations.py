"""Citations, read back by strict parsers."""

from __future__ import annotations

import json
from io import StringIO

import bibtexparser
import pytest
import rispy
from flask import Flask
from lxml import etree
from pybtex.database import parse_string

from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient
from webapp.extensions import db

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


HOSTILE = [
    "A\nER  - \nTY  - JOUR\nTI  - Forged",
    "A\r\nAU  - Forged, Author",
    "A}, note = {Forged}, x = {",
    "A}}\n\n@article{forged, title = {Forged}}",
    "A\\",
    "A \\} \\{ % $ & # _ ^ ~ @",
    "{{{",
    "}}}",
    'A" # "Forged',
    "A\u2028TY  - JOUR",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["title", "authors", "journal", "citation"])
def test_no_fact_breaks_out_of_its_field(app: Flask, client: PageClient, field: str, text: str) -> None:
    make_categories()
    summary = make_summary("nerves", slug="nerves", study=STUDY)
    # Not from a file, where most of these would be refused.
    setattr(summary.study, field, [text] if field == "authors" else text)
    summary.study.notice = {"kind": "correction", "citation": text}
    db.session.commit()
    slug = summary.slug
    answer = client.get(f"/research/{slug}/cite.ris").text
    assert len(rispy.load(StringIO(answer))) == 1
    assert [line for line in answer.splitlines() if line.startswith("ER  -")] == ["ER  -"]
    assert len([line for line in answer.splitlines() if line.startswith("TY  - ")]) == 1
    assert all(line[2:5] == "  -" for line in answer.splitlines() if line)
    bib = client.get(f"/research/{slug}/cite.bib").text
    parsed = parse_string(bib, "bibtex").entries
    assert list(parsed) == ["nerves"]
    assert set(parsed["nerves"].fields) <= {"title", "journal", "year", "volume", "number", "pages", "note", "doi"}
    assert "Forged" not in parsed["nerves"].fields["title"] or field == "title"
    again = bibtexparser.parse_string(bib)
    assert len(again.entries) == 1
    assert not again.failed_blocks


def test_a_doi_with_braces_forges_nothing(app: Flask, client: PageClient) -> None:
    make_categories()
    make_summary("nerves", slug="nerves", study=STUDY | {"doi": "10.1234/},note={forged"})
    entry = parse_string(client.get("/research/nerves/cite.bib").text, "bibtex").entries["nerves"]
    assert "note" not in entry.fields
    assert entry.fields["doi"] == "10.1234/%7D,note=%7Bforged"


def test_a_title_ends_no_script_and_a_feed_stays_xml(app: Flask, client: PageClient) -> None:
    make_categories()
    title = "</script><script>alert(1)</script> ]]> &amp; <b>"
    make_summary("nerves", slug="nerves", title=title, description="<!-- ]]>", study=STUDY | {"title": title})
    page = client.page("/research/nerves")
    assert page.h1 == title
    [data] = page.select("script[type='application/ld+json']")
    assert title in json.dumps(json.loads(data.text), ensure_ascii=False)
    assert title in "".join(etree.fromstring(client.get("/feed.atom").data).itertext())
