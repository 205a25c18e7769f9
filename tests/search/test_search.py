"""Searching the shipped library as readers would."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient
from webapp.extensions import db
from webapp.search.engines import index
from webapp.search.index import COLUMNS, Entry


def found(client: PageClient, query: str) -> list[str]:
    page = client.page("/research/", query_string={"q": query})
    return [link.get("href") for link in page.select(".card h3 a")]


@pytest.mark.parametrize(
    ("everyday", "medical"),
    [
        ("pee", "urinary"),
        ("pee", "bladder"),
        ("walking", "gait"),
        ("walk", "locomotion"),
        ("poop", "bowel"),
        ("bedsore", "pressure injury"),
        ("bed sore", "pressure ulcer"),
        ("breathing", "respiratory"),
        ("carer", "caregiver"),
        ("robot", "exoskeleton"),
        ("steroids", "methylprednisolone"),
    ],
)
def test_everyday_and_medical_words_find_the_same(shipped: PageClient, everyday: str, medical: str) -> None:
    assert found(shipped, everyday)
    assert set(found(shipped, everyday)) == set(found(shipped, medical))


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("pee", "efficacy-and-safety-of-onabotulinumtoxina"),
        ("poop", "a-randomized-controlled-trial-of-transanal"),
        ("bed sore", "lifestyle-intervention-for-adults"),
        ("dancing molecules", "bioactive-scaffolds"),
        ("Akhlaghpasand", "safety-and-potential-effects"),
        ("10.1016/j.eururo.2011.07.002", "efficacy-and-safety-of-onabotulinumtoxina"),
        ("NCT03935321", "safety-and-efficacy-of-intrathecal"),
        ("suicidal thoughts teenagers", "depression-and-anxiety-in-adolescents"),
    ],
)
def test_the_study_meant_is_among_the_first_three(shipped: PageClient, query: str, slug: str) -> None:
    first = [url.removeprefix("/research/") for url in found(shipped, query)[:3]]
    assert any(url.startswith(slug) for url in first), first


def test_a_question_finds_its_subject(shipped: PageClient) -> None:
    assert found(shipped, "How can I stop bladder leaks?") == found(shipped, "bladder leaks")


def test_the_beginning_of_a_word_is_enough(shipped: PageClient) -> None:
    assert set(found(shipped, "exoskel")) >= set(found(shipped, "exoskeletons")[:2])


def test_wee_does_not_find_every_week(shipped: PageClient) -> None:
    assert set(found(shipped, "wee")) == set(found(shipped, "bladder"))


def test_a_glossary_abbreviation_finds_studies_that_write_the_word_out(shipped: PageClient) -> None:
    assert len(found(shipped, "RCT")) > 5


def test_when_no_summary_has_all_words_those_with_some_are_shown(shipped: PageClient) -> None:
    page = shipped.page("/research/?q=bladder+dragons")
    assert "None has all of your words" in page.texts("[role=status]")[0]
    assert page.select(".card")


def test_an_excerpt_marks_what_was_searched_for(shipped: PageClient) -> None:
    page = shipped.page("/research/?q=sleep")
    assert page.texts(".card mark")
    assert all(word.lower().startswith("sle") for word in page.texts(".card mark"))


def test_a_text_with_tags_cannot_become_html(app: Flask, client: PageClient) -> None:
    make_categories()
    make_summary(description="Less <script>alert(1)</script> pain & strain.", simple_explanation="A <b>zebra</b> ran.")
    assert not client.page("/research/?q=strain").select("#results script")
    assert not client.page("/research/?q=zebra").select("#results b")


def test_only_what_was_searched_for_is_marked(app: Flask, client: PageClient) -> None:
    """The signs of a mark are ours alone, even when an older version let them into a text."""
    make_categories()
    summary = make_summary(description="In 40 people, training was followed by more strength.")
    body = "\x03Half\x02 of them did some zumba\x03 and \x02\x02more."
    words = dict.fromkeys(COLUMNS, "") | {"description": summary.description, "body": body}
    index().replace(db.session(), [Entry(summary.document_id, **words)])
    db.session.commit()
    response = client.get("/research/?q=zumba")
    assert Page(response.text).texts("mark") == ["zumba"]
    assert response.text.count("</mark>") == response.text.count("<mark>") == 1
