"""The glossary is narrowed by what is typed: by the server, so without a script too."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_terms
from tests.page import Page, PageClient


@pytest.fixture
def glossary(app: Flask, client: PageClient) -> PageClient:
    make_terms(Spasticity="Muscles that tighten.", AIS="A grade of the injury.", Spinal="Of the spine.")
    return client


def test_all_words_stand_folded_by_their_letter(glossary: PageClient) -> None:
    page = glossary.page("/glossary/")
    assert page.texts(".glossary-letter > summary > :first-child") == ["A", "S"]
    assert not page.select(".glossary-letter[open]")
    assert page.texts("#browse-count") == ["3 words."]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sp", ["Spasticity", "Spinal"]),
        ("s", ["AIS", "Spasticity", "Spinal"]),
        ("spine", ["Spinal"]),
        ("SPAST", ["Spasticity"]),
        ("grade", ["AIS"]),
        ("tighten", ["Spasticity"]),
    ],
)
def test_what_is_typed_narrows_it_by_names_and_meaning(glossary: PageClient, typed: str, found: list[str]) -> None:
    page = glossary.page("/glossary/", query_string={"q": typed})
    assert page.texts("dt") == found
    assert not page.select("details.glossary-letter"), "what is looked for is not folded"
    assert page.one("#word").get("value") == typed


def test_a_word_that_is_not_there_leads_to_the_summaries(glossary: PageClient) -> None:
    page = glossary.page("/glossary/?q=zebra")
    assert page.texts("#browse-count") == ["No word found for “zebra”."]
    assert "/research/?q=zebra" in [link.get("href") for link in page.select("#results a")]


def test_htmx_gets_the_words_alone_and_a_clean_address(glossary: PageClient) -> None:
    response = glossary.get("/glossary/?q=+sp++&utm=1", headers={"HX-Request": "true"})
    assert response.headers["HX-Push-Url"] == "/glossary/?q=sp"
    assert Page(response.text, fragment=True).texts("dt") == ["Spasticity", "Spinal"]
    assert "<h1" not in response.text
