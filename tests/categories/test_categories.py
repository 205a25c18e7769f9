"""All categories, and one."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.conftest import counted
from tests.factories import make_categories, make_documents, make_summary_file
from tests.page import Page, PageClient, words
from webapp.extensions import db
from webapp.models import Category


def test_categories_stand_in_groups_with_counts(shipped: PageClient) -> None:
    page = shipped.page("/categories/")
    assert page.texts("main h2") == [
        "What people want back: the evidence at a glance",
        "Kinds of research",
        "Other names",
    ]
    drugs = next(topic for topic in page.select(".topic-list li") if "Drugs" in Page.texts_of(topic, "h3"))
    listed = shipped.page("/categories/drugs").texts("#browse-count")[0]
    assert Page.texts_of(drugs, ".tile-count")[0] in listed


def test_names_the_public_knows_are_kept(shipped: PageClient) -> None:
    assert {"Spinal Cord Injury", "Regenerative Medicine"} <= set(shipped.page("/categories/").texts("h3"))


def test_every_shipped_category_has_summaries(shipped: PageClient) -> None:
    assert "0 summaries" not in shipped.page("/").texts(".topics span")


def test_a_category_is_the_same_list_under_its_own_heading(shipped: PageClient) -> None:
    page = shipped.page("/categories/bladder?level=2")
    assert page.h1 == "Bladder"
    assert not page.select("#category")
    assert page.one("form#filters").get("action") == "/categories/bladder"
    assert {select.get("form") for select in page.select("#results select")} == {"filters"}
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
    assert client.page("/").texts(".topics span") == ["0 summaries"]


@pytest.mark.parametrize(
    ("url", "most"),
    [("/categories/", 5), ("/categories/drugs", 6), ("/categories/bladder", 9), ("/", 5), ("/glossary/", 5)],
)
def test_lists_take_few_statements(shipped_app: Flask, shipped: PageClient, url: str, most: int) -> None:
    """An answer takes three more: the summaries it rests on, where what they measured can be read, and the glossary.
    A topic may have a search for trials.
    """
    with counted(shipped_app) as sent:
        shipped.page(url)
    assert len(sent) <= most, sent


def test_a_category_leads_to_the_one_that_has_taken_its_place(shipped: PageClient) -> None:
    merged = shipped.get("/categories/regenerative-medicine")
    assert (merged.status_code, merged.headers["Location"]) == (308, "/categories/stem-cells-and-regeneration")
    everything = shipped.get("/categories/spinal-cord-injury")
    assert (everything.status_code, everything.headers["Location"]) == (308, "/research/")
    assert shipped.get("/categories/spinal-cord-injury/feed.atom").status_code == 200, "who follows it goes on"
    old, new = (
        shipped.page(f"/research/?category={slug}") for slug in ("regenerative-medicine", "stem-cells-and-regeneration")
    )
    assert old.texts(".card h3") == new.texts(".card h3")
    options = new.texts("#category option")
    assert not [option for option in options if "Regenerative" in option]


def test_what_named_a_category_is_found_where_it_leads(app: Flask, client: PageClient) -> None:
    make_categories("pain", "old-name", "whole")
    for slug, leads_to in {"old-name": "pain", "whole": "everything"}.items():
        db.session.execute(update(Category).where(Category.slug == slug).values(leads_to=leads_to))
    db.session.commit()
    make_documents(make_summary_file(categories=["whole", "old-name", "pain"]))
    page = client.page("/categories/pain")
    assert len(page.select(".card")) == 1
    assert client.page("/research/").texts("#category option") == ["Any category (1)", "Pain (1)"]


def test_a_search_in_a_category_is_one_of_all_summaries(shipped: PageClient) -> None:
    response = shipped.get("/categories/bladder?q=botox&level=2")
    assert (response.status_code, response.headers["Location"]) == (302, "/research/?q=botox&category=bladder&level=2")
    assert shipped.get("/categories/nope?q=botox").status_code == 404
    assert shipped.get("/categories/bladder?q=%20").status_code == 200, "an empty search is none"


# What has been tried


def trial(key: str, **study: Any) -> Any:
    return make_summary_file(
        key, title=f"About {key}", categories=["pain"], study={"intervention": f"Treatment {key}", **study}
    )


def test_what_has_been_tried_is_a_row_for_each_study_the_strongest_kind_first(app: Flask, client: PageClient) -> None:
    make_categories("pain")
    make_documents(
        trial("weak", design="case_series", participants=4),
        trial("strong", participants=90),
        trial("asks", design="qualitative", participants=19),
        make_summary_file(
            "gone", title="Retracted: gone", categories=["pain"], study={"notice": {"kind": "retraction"}}
        ),
    )
    page = client.page("/categories/pain")
    rows = [Page.texts_of(row, "th, td") for row in page.select(".tried-table tbody tr")]
    assert rows == [
        ["1 Treatment strong", "Not known to us", "90 people", "Strong kind of study (step 2)", "About strong"],
        [
            "2 Treatment weak",
            "Cannot tell: nobody was in a comparison group",
            "4 people",
            "Weak kind of study (step 4)",
            "About weak",
        ],
    ], "what tests no treatment and what was withdrawn is no row"
    assert page.texts(".no-answer")
    assert not page.select(".chart")


def test_a_topic_in_which_nothing_was_tried_says_nothing_of_it(app: Flask, client: PageClient) -> None:
    make_categories("pain")
    make_documents(trial("asks", design="qualitative"))
    page = client.page("/categories/pain")
    assert not page.select(".tried-table, .rail a[href='#tried']")
    assert "Below are the summaries." in page.texts(".no-answer")[0]


@pytest.mark.parametrize(("count", "is_drawn"), [(5, False), (6, True), (10, True), (13, True)])
def test_from_six_studies_on_the_same_rows_are_a_chart(
    app: Flask, client: PageClient, count: int, is_drawn: bool
) -> None:
    make_categories("pain")
    make_documents(*(trial(f"t{number:02}", participants=30 + number) for number in range(count)))
    page = client.page("/categories/pain")
    labels = page.select(".chart .shape-number")
    shapes = [label for label in labels if not words(label).startswith("+")]
    numbers = [str(number + 1) for number in range(count if count <= 10 else 9)]
    more = [f"+{count - 9}"] if count > 10 else []  # of more than two rows hold, a number tells how many
    assert [words(label) for label in labels] == (numbers + more if is_drawn else [])
    if is_drawn:
        assert page.one(".chart-box").get("aria-hidden") == "true", "the table says the same"
        places = {(shape.getparent().get("x"), shape.getparent().get("y")) for shape in shapes}
        assert len(places) == len(shapes), "no study hides another"
        assert all(12 < float(x[:-1]) < 100 and 0 < float(y[:-1]) < 90 for x, y in places)


# The evidence at a glance


def test_the_glance_has_a_row_for_each_topic_and_a_link_for_each_stage(app: Flask, client: PageClient) -> None:
    make_categories("pain", "skin")
    make_documents(
        trial("rats", design="animal", subjects="rats", participants=None),
        trial("more-rats", design="animal", subjects="rats", participants=None),
        trial("mice", design="animal", subjects="mice", participants=None),
        trial("people", design="case_series", participants=4, injury_phases=["acute", "chronic"]),
        trial("more-people", design="case_series", participants=5, injury_phases=["acute"]),
        trial("asks", design="qualitative"),
    )
    page = client.page("/categories/")
    pain, skin = [row for row in page.select(".at-a-glance tbody tr") if "none-here" not in (row.get("class") or "")]
    assert Page.texts_of(pain, "th") == ["Pain and 1 that describes"]
    links = [(words(link), link.get("href")) for link in pain.cssselect("td a")]
    assert links == [
        ("3 studies: 2 in rats, 1 in mice on pain, animals", "/categories/pain?stage=animals"),
        ("2 studies on pain, first people", "/categories/pain?stage=first-people"),
    ]
    assert [len(cell.cssselect(".shapes-row > span")) for cell in pain.cssselect("td")] == [0, 3, 2, 0, 0]
    assert Page.texts_of(skin, "td") == ["none found here"] * 5
    for link in pain.cssselect("td a"):
        count = int(words(link).split()[0])
        assert len(client.page(link.get("href")).select(".card")) == count


def test_words_and_warnings_of_a_topic_follow_it_to_another(app: Flask, client: PageClient) -> None:
    make_categories("spasticity", "movement")
    assert "Signs that baclofen has stopped" in client.get("/categories/spasticity").text
    assert "Signs that baclofen has stopped" not in client.get("/categories/movement").text
    db.session.execute(update(Category).where(Category.slug == "spasticity").values(leads_to="movement"))
    db.session.commit()
    assert "Signs that baclofen has stopped" in client.get("/categories/movement").text
    make_documents(make_summary_file(categories=["movement"], title="Spasms were measured"))
    assert "/categories/movement" in client.get("/research/?q=spasms").text
