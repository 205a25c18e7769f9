"""One summary: its parts and their order, what is derived, what is said when a fact is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.conftest import counted
from tests.factories import make_categories, make_summary, make_terms
from tests.page import Page, PageClient, words

HEADINGS = [
    "In one sentence",
    "Facts at a glance",
    "Simple Explanation",
    "Key Findings",
    "Research Summary",
    "Practical Implications",
    "Study Limitations",
    "Side effects and harms",
    "The record",
]

Show = Callable[..., Page]


@pytest.fixture
def show(app: Flask, client: PageClient) -> Show:
    """Load a summary with these changes and give its page."""
    make_categories("hand-and-arm-use", "pain")

    def page(**changes: Any) -> Page:
        summary = make_summary(**changes)
        return client.page(f"/research/{summary.slug}")

    return page


def fact(page: Page, name: str) -> str:
    return next(words(dt.getparent()) for dt in page.select("dt") if words(dt) == name)


def test_the_parts_stand_in_their_order(show: Show) -> None:
    page = show()
    found = page.texts("main h2")
    assert [heading for heading in found if heading in HEADINGS] == HEADINGS
    assert page.texts(".breadcrumb li")[:3] == ["Home", "Research", "Hand and arm use"]
    assert page.texts(".paper-title") == ["The paper: A trial of arm training: arm-training"]
    assert page.texts(".back a") == ["Back to Hand and arm use"]


@pytest.mark.parametrize(
    ("published", "shown"), [("2024", "2024"), ("2024-03", "March 2024"), ("2024-03-06", "6 March 2024")]
)
def test_a_date_keeps_the_precision_that_is_known(show: Show, published: str, shown: str) -> None:
    paper = show(study={"published": published}).texts(".paper")[0]
    assert f"Published {shown} ·" in paper
    assert "January" not in paper


def test_missing_facts_are_said_to_be_missing(show: Show) -> None:
    page = show(study={"participants": None})
    assert "Number not stated in what we read" in fact(page, "Participants")
    assert "Not stated in what we read" in fact(page, "Study Duration")
    assert "Not stated in what we read." in fact(page, "Who paid")
    assert "Not stated in what we read." in fact(page, "Conflicts of interest")
    assert "Not stated in what we read." in fact(page, "Trial registration")
    assert "Harms were not reported in what we read" in page.texts("section[aria-labelledby=harms]")[0]
    for part in ("Authors", "Journal", "Date", "DOI"):
        assert f"{part} not confirmed" in page.texts(".paper")[0]


def test_the_level_is_a_step_of_five_with_a_text_equivalent(show: Show) -> None:
    page = show(study={"design": "single_arm_trial", "trial_phase": "1"})
    assert "step 4 of 5" in " ".join(page.texts(".glance h3"))
    assert "This study is on step 4." in page.one(".ladder").get("aria-label")
    assert len(page.select(".ladder-step")) == 5
    assert "A phase is not a level of evidence." in fact(page, "Kind of study")
    assert page.texts(".road [aria-current=step]") == ["First people Here"]


def test_an_interview_study_is_not_on_the_ladder_and_says_why(show: Show) -> None:
    page = show(study={"design": "qualitative"})
    assert not page.select(".ladder, .road")
    assert "not on this ladder" in " ".join(page.texts(".glance h3"))
    assert "which is another question" in " ".join(page.texts(".glance-scales p"))


def test_an_animal_study_carries_the_fixed_sentence(show: Show) -> None:
    page = show(study={"design": "animal", "subjects": "rats", "participants": None})
    assert page.texts(".one-sentence .caution") == ["Done in rats. This study does not show that it works in people."]
    assert "Rats" in fact(page, "Participants")


def test_a_retraction_cannot_be_missed(show: Show) -> None:
    notice = {"kind": "retraction", "by": "The journal", "issued": "2022-09-20", "reasons": ["Pictures were reused"]}
    page = show(title="Retracted: a study", study={"notice": notice})
    assert page.h1.startswith("Retracted: ")
    assert "This paper was retracted" in page.texts("main h2")[0]
    assert "Pictures were reused" in page.texts(".notice-retraction")[0]
    assert "20 September 2022" in page.texts(".notice-retraction")[0]
    assert "not on this ladder" in " ".join(page.texts(".glance h3"))
    assert not page.select(".ladder")


def test_people_are_drawn_and_said(show: Show) -> None:
    page = show(study={"pictogram": {"count": 4, "of": 9, "words": "people moved a little better"}})
    assert page.html.count("<use ") == 9
    assert page.html.count('class="is-counted"') == 4
    assert page.texts(".people figcaption") == ["4 of 9 people moved a little better"]


def test_the_reading_grade_is_printed(show: Show) -> None:
    assert show().texts(".grade")[0].startswith("Reading grade ")


def test_terms_are_marked_once_in_each_section(app: Flask, show: Show) -> None:
    make_terms(Spasticity="Muscles that tighten on their own.", AIS="A grade.")
    page = show(
        simple_explanation="Spasticity is hard. Spasticity hurts. His aisle is no AIS.",
        key_findings=["Less spasticity."],
    )
    simple = page.one("section[aria-labelledby=simple-explanation]")
    assert Page.texts_of(simple, "a.term") == ["Spasticity (what it means)", "AIS (what it means)"]
    assert page.select("section[aria-labelledby=key-findings] a.term")[0].get("href") == "/glossary/spasticity"
    assert page.select("a.term")[0].get("data-definition") == "Muscles that tighten on their own."


def test_html_in_a_text_is_shown_not_run(show: Show) -> None:
    page = show(simple_explanation="He said <script>alert(1)</script> and *left*.")
    assert not page.select("main section script")
    assert page.texts("section[aria-labelledby=simple-explanation] em") == ["left"]


def test_machines_learn_it_is_a_page_about_a_paper(show: Show) -> None:
    page = show(study={"doi": "10.1234/abc", "published": "2024-03"}, title="Less </script> pain")
    graph = json.loads(page.one("script[type='application/ld+json']").text)["@graph"]
    about, crumbs = graph
    assert about["@type"] == "MedicalWebPage"
    assert about["about"]["@type"] == "MedicalScholarlyArticle"
    assert about["about"]["sameAs"] == "https://doi.org/10.1234/abc"
    assert about["about"]["datePublished"] == "2024-03"
    assert about["@id"] != about["about"]["@id"]
    assert crumbs["@type"] == "BreadcrumbList"
    assert [item["position"] for item in crumbs["itemListElement"]] == [1, 2, 3, 4]
    assert page.one("link[rel=canonical]").get("href").startswith("https://example.org/research/")
    assert page.one("meta[property='og:type']").get("content") == "article"


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!-- <script>", "&quot;}]}", "\\u003c \"'"])
def test_no_text_breaks_out_of_what_machines_are_told(show: Show, text: str) -> None:
    paper = {"title": f"A {text}", "journal": text, "authors": [text]}
    page = show(title=text, description=text, author=text, study=paper)
    about, crumbs = json.loads(page.one("script[type='application/ld+json']").text)["@graph"]
    assert about["name"] == about["description"] == about["author"]["name"] == text
    assert about["about"]["headline"] == f"A {text}"
    assert crumbs["itemListElement"][-1]["name"] == text
    assert len(page.select("script:not([src])")) == 1
    assert page.h1 == text


def test_a_changed_slug_redirects_and_a_removed_one_is_gone(app: Flask, client: PageClient, show: Show) -> None:
    from webapp.extensions import db
    from webapp.models import Redirect

    show(slug="first-url")
    show(slug="second-url")
    moved = client.get("/research/first-url")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/research/second-url")
    assert client.get("/research/first-url/cite.ris").headers["Location"] == "/research/second-url/cite.ris"
    db.session.add(Redirect(kind="summary", language="en", slug="taken-down", document_id=None))
    db.session.commit()
    assert client.get("/research/taken-down").status_code == 410
    assert client.get("/research/never-was").status_code == 404


def test_related_are_those_named_then_those_that_share_most(app: Flask, client: PageClient, show: Show) -> None:
    make_summary("named", title="Named", categories=["pain"])
    make_summary("shares", title="Shares", categories=["hand-and-arm-use"])
    make_summary("shares-none", title="Shares none", categories=["pain"])
    page = show(key="main", related=["named"], categories=["hand-and-arm-use"])
    assert page.texts(".related .card h3") == ["Named", "Shares"]


@pytest.mark.parametrize("others", [0, 12])
def test_a_summary_takes_at_most_four_statements(app: Flask, client: PageClient, show: Show, others: int) -> None:
    for number in range(others):
        make_summary(f"other-{number}", title=f"Other {number}", categories=["pain", "hand-and-arm-use"])
    make_terms(Spasticity="Tight.", Pain="Hurts.")
    summary = make_summary(categories=["hand-and-arm-use", "pain"])
    client.page(f"/research/{summary.slug}")  # the glossary is read once for each edition
    with counted(app) as sent:
        client.page(f"/research/{summary.slug}")
    assert len(sent) <= 4, sent


def test_every_shipped_page_keeps_the_rules(shipped: PageClient) -> None:
    urls = [
        element.text.removeprefix("https://example.org")
        for element in Page(shipped.get("/sitemap.xml").text, fragment=True).select("loc")
    ]
    assert len([url for url in urls if url.startswith("/research/")]) >= 37
    for url in urls:
        shipped.page(url)
