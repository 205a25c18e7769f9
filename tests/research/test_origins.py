"""Readers are told in place where a finding, a picture or a sentence of an answer comes from."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_categories, make_documents, make_outcome, make_summary_file, make_topic_file
from tests.page import Page, PageClient, words
from webapp.documents.origin import Origin
from webapp.research.origins import Piece, pieces_of, told

QUOTED = {"where": "PubMed 12345678", "read": "full paper", "place": "Table 2", "quote": "3 of 4 <b>walked</b>"}
GROUPS = [{"name": "training", "people": 20, "count": 8}, {"name": "usual care", "people": 20, "count": 7}]
OUTCOMES = [
    make_outcome(name="Grip", groups=GROUPS, direction="no clear difference", source=QUOTED),
    make_outcome(name="Sore arms", groups=GROUPS, role="harm", topic="safety", better="lower", direction="described"),
]


@pytest.mark.parametrize(
    ("where", "urls"),
    [
        ("DOI 10.1186/s13287-024-03868-0", ["https://doi.org/10.1186/s13287-024-03868-0"]),
        ("DOI 10.1016/S1474-4422(24)00447-2.", ["https://doi.org/10.1016/S1474-4422"]),
        ("PubMed Central PMC8115976 table 2", ["https://pmc.ncbi.nlm.nih.gov/articles/PMC8115976/"]),
        ("ClinicalTrials.gov NCT02658656", ["https://clinicaltrials.gov/study/NCT02658656"]),
        ("PubMed 123456; PubMed 234567", [f"https://pubmed.ncbi.nlm.nih.gov/{n}/" for n in ("123456", "234567")]),
        ("a page at javascript:alert(1) and https://example.org", []),
        ("10.1000/a\"onclick='x'<script>", ["https://doi.org/10.1000/a"]),
        ("News of a hospital, 2024", []),
    ],
)
def test_numbers_of_registers_are_links_and_nothing_else_is(where: str, urls: list[str]) -> None:
    found = pieces_of(where)
    assert [piece.url for piece in found if piece.url] == urls
    assert "".join(piece.text for piece in found) == where


def test_where_nothing_is_written_down_nothing_is_told() -> None:
    assert told(None) is None
    assert told(Origin.model_construct(where="", read="abstract")) is None, "a draft"
    one = told(Origin(where="A"))
    assert one
    assert (one.begin, one.where, one.place, one.quote) == ("It can be read here", [Piece("A")], "", "")


@pytest.fixture
def page(app: Flask, client: PageClient) -> Page:
    """A summary with and without sources, and an answer that rests on it."""
    make_categories("hand-and-arm-use")
    findings = ["Nobody was hurt.", {"text": "Some walked.", "source": QUOTED}]
    statement = {"name": "Strength", "certainty": "low", "text": "It may help.", "rests_on": ["arms"]}
    make_documents(
        make_summary_file("arms", key_findings=findings, study={"outcomes": OUTCOMES, "intervention": "Training"}),
        make_topic_file(
            statements=[
                statement | {"outcomes": ["Grip", "Sore arms", "Not there"]},
                statement | {"name": "Sleep"},
                statement | {"name": "Hope", "outcomes": ["Not there"]},
            ]
        ),
    )
    return client.page("/research/a-trial-of-arm-training-arms")


def test_a_finding_says_in_place_where_it_comes_from(page: Page) -> None:
    [fold] = page.select("section.key-findings details.origin")
    assert Page.texts_of(fold, "summary") == ["Finding 2: where does this come from?"]
    assert Page.texts_of(fold, "p")[0] == "From the full paper: PubMed 12345678, Table 2."
    assert Page.texts_of(fold, "blockquote") == ["“3 of 4 <b>walked</b>”"]
    assert [link.get("href") for link in fold.iter("a")] == ["https://pubmed.ncbi.nlm.nih.gov/12345678/"]
    assert words(fold.getparent()).startswith("Some walked.")


def test_a_picture_says_it_too_and_no_two_folds_share_a_name(page: Page) -> None:
    names = page.texts("details.origin summary")
    assert names == [
        "Main result: where does this come from?",
        "A harm: where does this come from?",
        "Finding 2: where does this come from?",
    ]
    assert page.texts(".panel details.origin > p")[1] == "It can be read here: PubMed 1."


def test_a_statement_names_what_was_measured_and_where_each_can_be_read(page: Page, client: PageClient) -> None:
    answer = client.page("/categories/hand-and-arm-use")
    [fold] = answer.select("details.origin")
    assert Page.texts_of(fold, "summary") == ["Strength: where does this come from?"]
    assert Page.texts_of(fold, "li") == [
        "Grip. From the full paper: PubMed 12345678, Table 2.“3 of 4 <b>walked</b>”",
        "Sore arms. It can be read here: PubMed 1.",
    ]
    assert not Page.texts_of(fold, "details > p"), "of one summary, the page says already which"
