"""One summary: its parts and their order, what is derived, what is said when a fact is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.conftest import counted
from tests.factories import (
    make_categories,
    make_correction,
    make_outcome,
    make_summary,
    make_terms,
    summary_named,
)
from tests.page import Page, PageClient, words
from webapp.page_cache.memory import ENCODINGS

MOST_BYTES = 8_350
"""Of a summary, compressed; styles, script, icon, the feedback form and all headers take what is left of 30,000."""
HEADINGS = [
    "In short",
    "Facts at a glance",
    "Simple Explanation",
    "The main result",
    "Key Findings",
    "Side effects and harms",
    "Practical Implications",
    "Study Limitations",
    "All the facts",
    "Research Summary",
    "The paper",
    "Your Feedback",
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
    """All that is said under a name, wherever it stands."""
    return " ".join(words(dt.getparent()) for dt in page.select("dt") if words(dt) == name)


GROUPS = [{"name": "training", "people": 20, "count": 8}, {"name": "usual care", "people": 20, "count": 7}]


def outcome(**values: Any) -> dict[str, Any]:
    return {
        "name": "Grip", "measure": "people with a better grip", "better": "higher", "topic": "hand-and-arm-use",
        "role": "main", "groups": GROUPS, "direction": "no clear difference", "source": "the paper", **values,
    }  # fmt: skip


def test_the_parts_stand_in_their_order(show: Show) -> None:
    page = show(study={"outcomes": [outcome()]})
    found = page.texts("main h2")
    assert [heading for heading in found if heading in HEADINGS] == HEADINGS
    assert page.texts(".breadcrumb li")[:3] == ["Home", "Research", "Hand and arm use"]
    assert page.texts(".paper-title") == ["A trial of arm training: arm-training"]
    assert page.texts(".back a") == ["Back to Hand and arm use"]


def test_every_part_from_the_explanation_on_is_a_link_away(show: Show) -> None:
    page = show(study={"outcomes": [outcome()]})
    links = [(link.get("href"), words(link)) for link in page.select(".rail a")]
    assert links == [(link.get("href"), words(link)) for link in page.select(".rail-folded a")]
    assert [label for _, label in links] == HEADINGS[2:]
    for href, label in links:
        assert page.texts(href) == [label]
    assert [link.get("href") for link in page.select(".skip-link")] == ["#main", "#your-feedback"]


@pytest.mark.parametrize(
    ("published", "shown"), [("2024", "2024"), ("2024-03", "March 2024"), ("2024-03-06", "6 March 2024")]
)
def test_a_date_keeps_the_precision_that_is_known(show: Show, published: str, shown: str) -> None:
    page = show(study={"published": published})
    assert fact(page, "Published") == f"Published {shown}"
    assert "January" not in page.texts(".paper .facts-list")[0]


def test_what_is_not_known_is_one_line(show: Show) -> None:
    page = show(study={"participants": None, "duration": None})
    assert "Number not stated" in fact(page, "Participants")
    unknown = page.texts(".all-the-facts > .about")[0]
    assert unknown.startswith("The text we read does not say: ")
    for name in ("how many took part", "study duration", "injury", "where"):
        assert name in unknown
    assert not page.select(".all-the-facts dt:contains('Duration')")
    assert "Harms were not reported in what we read" in page.texts("section[aria-labelledby=harms]")[0]
    missing = page.texts(".paper > .about")[0]
    for name in ("authors", "journal", "published", "who paid", "conflicts of interest", "a registration"):
        assert name in missing
    assert "Not stated" not in page.texts(".paper")[0]


def test_the_level_is_words_first_then_a_step_of_five(show: Show) -> None:
    page = show(study={"design": "single_arm_trial", "trial_phase": "1"})
    assert fact(page, "Evidence Level") == "Evidence Level Weak kind of study step 4 of 5, 1 is strongest"
    assert "Weak kind of study" in page.texts(".drawings h3")
    assert "a phase is not a level of evidence" in fact(page, "Kind of study")
    assert page.texts(".road [aria-current=step]") == ["First people: this study was here"]


@pytest.mark.parametrize(
    ("design", "height"), [("animal", 1), ("case_series", 2), ("cohort", 3), ("rct", 4), ("systematic_review", 5)]
)
def test_the_ladder_counts_vertebrae_so_a_weak_step_is_low(show: Show, design: str, height: int) -> None:
    page = show(study={"design": design})
    columns = page.select(".ladder .lit, .ladder .hollow")
    assert [path.get("d").count("M") for path in columns] == [1, 2, 3, 4, 5]
    [lit] = [path for path in columns if path.get("class") == "lit"]
    assert lit.get("d").count("M") == height
    assert page.texts(".ladder .flag-word") == ["Here"]


def test_the_main_result_and_the_harm_are_told_and_drawn_alike(show: Show) -> None:
    harm = outcome(name="Sore arms", role="harm", topic="safety", better="lower", direction="worse")
    page = show(study={"outcomes": [outcome(), harm], "design": "rct"})
    main, worst = page.select(".panel")
    assert Page.texts_of(main, "h3") == ["Main result: Grip"]
    assert Page.texts_of(worst, "h3") == ["A harm: Sore arms"]
    for panel, filled in ((main, "person-good"), (worst, "person-bad")):
        assert Page.texts_of(panel, ".row") == ["8 of 20 with training", "7 of 20 with usual care"]
        widths = [int(rect.get("width")) for rect in panel.cssselect(f"[fill*={filled}]")]
        assert sum(widths) == 20 * (8 + 7), "so many figures are filled"
        everybody = [int(rect.get("width")) for rect in panel.cssselect("[fill='url(#person)']")]
        assert sum(everybody) == 20 * 40
    assert Page.texts_of(worst, ".verdict") == ["More often with training."]


def test_where_the_main_result_cannot_be_drawn_one_line_tells_the_harm(show: Show) -> None:
    harm = outcome(name="Sore arms", role="harm", topic="safety", better="lower", direction="worse")
    page = show(study={"outcomes": [outcome(groups=[{"name": "training"}, {"name": "usual care"}]), harm]})
    assert not page.select(".panel, .rail a[href='#main-result']")
    assert page.texts(".harm-line") == [
        "A harm: Sore arms. People with a better grip. More often with training. 8 of 20 with training;"
        " 7 of 20 with usual care."
    ]


@pytest.mark.parametrize(("harms", "told"), [("none were seen", "none were seen"), (None, "Not known to us")])
def test_without_a_picture_and_a_number_the_line_tells_what_is_known(show: Show, harms: str | None, told: str) -> None:
    thin = outcome(groups=[{"name": "training"}, {"name": "usual care"}])
    page = show(study={"outcomes": [thin], "harms": harms})
    assert [line.lower() for line in page.texts(".harm-line")] == [f"harms in this study: {told}".lower()]
    assert not show(key="asks", slug="asks", study={"design": "qualitative"}).select(".harm-line")


def test_a_review_tells_its_certainty_beside_the_step_the_surest_first(show: Show) -> None:
    graded = [outcome(certainty=certainty, name=certainty) for certainty in ("very low", "low", "very low")]
    page = show(study={"design": "systematic_review", "outcomes": graded})
    assert fact(page, "Evidence Level").endswith("Certainty (GRADE): low to very low")
    assert fact(page, "How sure the reviewers are") == "How sure the reviewers are Low to very low"
    other = show(key="trial", slug="trial", study={"design": "rct", "outcomes": graded})
    assert "Certainty" not in fact(other, "Evidence Level")


def test_an_interview_study_is_not_on_the_ladder_and_harms_are_no_question(show: Show) -> None:
    page = show(study={"design": "qualitative"})
    assert not page.select(".ladder, .road, #harms")
    assert fact(page, "Evidence Level") == "Evidence Level Not on the ladder"
    assert fact(page, "How far along") == "How far along No treatment was tested"
    assert "which is another question" in page.texts(".all-the-facts")[0]


def test_an_animal_study_says_so_and_if_the_idea_was_tested_in_people(show: Show) -> None:
    make_summary("trial", title="The gel in 40 people")
    tested = {"text": "The gel was tested in people later.", "summaries": ["trial", "never-written"]}
    page = show(study={"design": "animal", "subjects": "rats", "participants": None, "in_people": tested})
    assert page.texts(".in-short .caution") == ["Done in rats. This study does not show that it works in people."]
    assert "Rats" in fact(page, "Participants")
    assert page.texts("section[aria-labelledby=in-people] > p") == ["The gel was tested in people later."]
    assert page.texts("section[aria-labelledby=in-people] a") == ["The gel in 40 people"]
    assert not page.select("#harms"), "of rats nobody asks"


def test_what_is_not_true_of_a_study_is_not_said_of_its_kind(show: Show) -> None:
    added_up = "added up the results"
    assert added_up in show(study={"design": "systematic_review"}).texts(".drawings")[0]
    note = "The nine trials differed too much to be added up."
    page = show(key="other", study={"design": "systematic_review", "kind_note": note})
    assert note in page.texts(".drawings")[0]
    assert added_up not in page.html


def test_a_retraction_cannot_be_missed(show: Show) -> None:
    notice = {"kind": "retraction", "by": "The journal", "issued": "2022-09-20", "reasons": ["Pictures were reused"]}
    page = show(title="Retracted: a study", study={"notice": notice, "outcomes": [outcome()]})
    assert page.h1.startswith("Retracted: ")
    assert page.texts("main h2")[0] == "This paper was withdrawn (retracted). Do not rely on it."
    assert "20 September 2022" in page.texts(".withdrawal")[0]
    assert "Pictures were reused" in page.texts(".paper li")
    assert page.texts(".result") == ["Result: Withdrawn"]
    assert not page.select(".ladder, .road, .strip, .panel, #harms"), "nothing that looks like evidence"
    assert "Nothing any more: the paper was withdrawn." in page.texts(".tells dd")


def test_a_correction_is_said_at_the_top_and_told_with_the_paper(show: Show) -> None:
    notice = {"kind": "correction", "by": "The journal", "issued": "2024-03", "reasons": ["A number was wrong"]}
    page = show(study={"notice": notice})
    assert page.texts(".safety-line a") == ["This paper was corrected. It still stands. See what was corrected"]
    assert "A number was wrong" in page.texts(".paper li")
    assert page.select(".ladder")


def test_sources_are_the_records_and_never_mirrors(show: Show) -> None:
    facts = {
        "doi": "10.1234/abc", "pmid": "123", "pmcid": "PMC9", "registrations": ["NCT01234567", "ACTRN1"],
        "sources": [{"where": "mirror.example.net", "seen": "the abstract"}],
    }  # fmt: skip
    page = show(study=facts)
    assert [link.get("href") for link in page.select(".paper .facts-list a[href^=http]")] == [
        "https://doi.org/10.1234/abc",
        "https://pubmed.ncbi.nlm.nih.gov/123/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC9/",
        "https://clinicaltrials.gov/study/NCT01234567",
    ]
    assert "ACTRN1" in page.texts(".paper dd")
    assert page.texts(".paper details li") == ["The abstract"]
    assert "mirror.example.net" not in page.html


def test_the_reading_grade_is_printed(show: Show) -> None:
    assert show().texts("section[aria-labelledby=simple-explanation] .about")[0].startswith("Reading grade ")


def test_terms_are_marked_once_on_a_page_and_none_before_the_explanation(app: Flask, show: Show) -> None:
    make_terms(Spasticity="Muscles that tighten on their own.", AIS="A grade.", Pain="Hurts.")
    page = show(
        simple_explanation="Spasticity is hard. Spasticity hurts. His aisle is no AIS.",
        key_findings=["Less spasticity, and pain."],
        description="Less spasticity and pain.",
    )
    simple = page.one("section[aria-labelledby=simple-explanation]")
    assert Page.texts_of(simple, "a.term") == ["Spasticity (what it means)", "AIS (what it means)"]
    assert page.texts("a.term") == [*Page.texts_of(simple, "a.term"), "pain (what it means)"]
    assert page.select("section[aria-labelledby=key-findings] a.term")[0].get("href") == "/glossary/pain"
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


def test_machines_learn_the_result_and_what_was_corrected(client: PageClient, show: Show) -> None:
    notice = {"kind": "retraction", "issued": "2024-03", "citation": "J Test 2024;1:2"}
    withdrawn = show(key="withdrawn", title="Retracted: arms", study={"notice": notice})
    about, _ = json.loads(withdrawn.one("script[type='application/ld+json']").text)["@graph"]
    assert about["abstract"].startswith("Result: Withdrawn. Evidence level: none.")
    assert about["about"]["creativeWorkStatus"] == "Retracted"
    assert about["about"]["correction"] == {
        "@type": "CorrectionComment",
        "text": "Retraction of this paper: J Test 2024;1:2",
        "datePublished": "2024-03",
    }
    assert "correction" not in about
    show(key="ours", study={"outcomes": [make_outcome()]})
    correction = make_correction("ours", "It said </script> 9 people.")
    page = client.page(f"/research/{summary_named('ours').slug}")
    about, _ = json.loads(page.one("script[type='application/ld+json']").text)["@graph"]
    assert about["abstract"].startswith("Result: Did better than usual care. Strong kind of study (step 2 of 5")
    assert about["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "It said </script> 9 people.",
            "datePublished": correction.corrected_at.date().isoformat(),
        }
    ]
    assert "correction" not in about["about"]


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


def test_related_are_those_the_writer_named_with_what_they_add(client: PageClient, show: Show) -> None:
    make_summary("first", title="First", description="What it found.")
    make_summary("second", title="Second", description="What that found.")
    make_summary("shares", title="Shares the category")
    related = [{"summary": "second", "adds": "The same in more people."}, "first"]
    page = show(key="main", related=related)
    assert page.texts(".related .card h3") == ["Second", "First"]
    assert page.texts(".related .card-text") == ["The same in more people.", "What it found."]
    assert not show(key="alone").select(".related"), "none is better than a false one"


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
    sizes = {}
    for url in urls:
        page = shipped.page(url)
        ids = {element.get("id") for element in page.select("[id]")}
        assert {use.get("href", "")[1:] for use in page.select("use")} <= ids, f"{url} draws a shape that it has not"
        sizes[url] = len(ENCODINGS["br"](shipped.get(url, headers={"Accept-Encoding": "identity"}).data))
    heavy = {url: size for url, size in sizes.items() if url.startswith("/research/") and size > MOST_BYTES}
    assert not heavy, "a first visit would take more than 30 kB (tests/browser/test_weight.py)"
