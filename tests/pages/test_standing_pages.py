"""About, how we write, disclaimer, privacy, accessibility: readable, whole, and true of this code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import make_app
from tests.databases import copy_database
from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient, client_of, words
from webapp.editorial.designs import DESIGNS, Stage
from webapp.editorial.evidence import LARGER_TRIAL, LEVELS
from webapp.editorial.readability import MAX_GRADE, MAX_SENTENCE_WORDS, grade, long_sentences

ADDRESSES = ["/about", "/emergency", "/how-we-write", "/disclaimer", "/privacy", "/accessibility", "/data"]
OWNER = {"OWNER_NAME": "Kim Example", "OWNER_EMAIL": "kim@example.org"}
UNSET = {"OWNER_NAME": None, "OWNER_EMAIL": None}
BLOCKS = ", ".join(f"main {tag}" for tag in ("h1", "h2", "h3", "p", "li", "dt", "dd", "th", "td"))
PROSE = {"p", "li", "dd"}

Visit = Callable[[Mapping[str, str | None]], PageClient]


@pytest.fixture
def visit(empty_instance: Path, tmp_path: Path) -> Visit:
    """A client of a site with these settings."""

    def visit_with(settings: Mapping[str, str | None]) -> PageClient:
        copy_database(empty_instance, tmp_path)
        return client_of(make_app(tmp_path, **settings))

    return visit_with


def blocks(page: Page) -> list[tuple[str, str]]:
    """Tag and words of every piece of text in the page's main part, from top to bottom."""
    return [(found.tag, words(found)) for found in page.select(BLOCKS) if not found.xpath(".//p | .//h3")]


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_answers_with_one_heading_and_its_own_description(client: PageClient, address: str) -> None:
    page = client.page(address)  # the client checks headings, names of links, labels, ids
    assert page.title == f"{page.h1} - Spinal Cord Research Help"
    description = page.one("meta[name=description]").get("content")
    assert 50 < len(description) < 200
    assert page.one("main .page-head .lead") is not None
    assert "laceholder" not in " ".join(page.texts("main"))


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("settings", [OWNER, UNSET], ids=["owner", "no owner"])
def test_page_is_plain(visit: Visit, address: str, settings: dict[str, str | None]) -> None:
    """The whole text counts, the list of study designs too; and again without headings and tables,
    because their short lines make a text look easier than it is.
    """
    found = blocks(visit(settings).page(address))
    for text in ("\n\n".join(text for _, text in found), "\n\n".join(text for tag, text in found if tag in PROSE)):
        assert len(text.split()) > 300
        assert grade(text) <= MAX_GRADE
    assert not [sentence for _, text in found for sentence in long_sentences(text)]
    assert not [text for _, text in found if re.search(r"[—!]", text)]


def test_owner_is_named_when_set(visit: Visit) -> None:
    for address in ("/about", "/how-we-write", "/privacy"):
        assert "Kim Example" in words(visit(OWNER).page(address).one("main"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_says_where_to_write_when_set(visit: Visit, address: str) -> None:
    links = visit(OWNER).page(address).select("main a[href='mailto:kim@example.org']")
    assert {words(link) for link in links} == {"kim@example.org"}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "settings",
    [UNSET, UNSET | {"OWNER_NAME": "Kim Example"}, UNSET | {"OWNER_EMAIL": "kim@example.org"}],
    ids=["neither", "only a name", "only an address"],
)
def test_no_gap_where_the_owner_is_unset(visit: Visit, address: str, settings: dict[str, str | None]) -> None:
    page = visit(settings).page(address)
    main = words(page.one("main"))
    assert "None" not in main
    assert not re.search(r"\s[,.;:]|\(\s*\)|,\.|\b(run by|[Ww]rite to)\s*[.,]", main)
    assert "mailto:None" not in page.html
    assert bool(page.select("main a[href^=mailto]")) == bool(settings["OWNER_EMAIL"])
    assert ("address above" in main or "address below" in main) <= bool(settings["OWNER_EMAIL"])
    found = blocks(page)
    assert all(text for _, text in found)
    assert found[-1][0] in PROSE, "a heading without text at the end"
    for (tag, text), (after, _) in pairwise(found):
        assert not (tag == after == "h2"), f"nothing under “{text}”"


@pytest.mark.parametrize("address", ADDRESSES)
def test_links_within_a_page_lead_somewhere(visit: Visit, address: str) -> None:
    page = visit(OWNER).page(address)
    for link in page.select("main a[href^='#']"):
        assert page.select(link.get("href")), link.get("href")


@pytest.mark.parametrize("address", ADDRESSES)
def test_links_lead_to_pages_that_are_there(client: PageClient, address: str) -> None:
    for link in client.page(address).select("main a[href^='/']"):
        assert client.get(link.get("href")).status_code == 200


def test_evidence_has_its_place_on_how_we_write(client: PageClient) -> None:
    assert words(client.page("/how-we-write").one("h2#evidence")) == "The ladder of evidence"


def test_every_level_and_stage_is_listed(client: PageClient) -> None:
    page = client.page("/how-we-write")
    ladder, road = page.select("main .steps")
    shown = [words(step) for step in ladder]
    assert len(shown) == len(LEVELS)
    for level, text in zip(LEVELS, shown, strict=True):
        assert text.startswith(f"{level.strength} kind of study (level {level.number})")
        assert level.words in text
        assert level.kinds in text
    assert [words(step) for step in road] == [f"{stage.label} {stage.meaning}" for stage in Stage]
    assert f"from {LARGER_TRIAL} people on" in words(page.one("main"))


def test_every_kind_of_study_is_listed_with_what_it_can_tell(client: PageClient) -> None:
    shown = [words(kind) for kind in client.page("/how-we-write").select(".kinds > div")]
    assert len(shown) == len(DESIGNS)
    for design, text in zip(DESIGNS.values(), shown, strict=True):
        level = "Not on the ladder"
        if design.level:
            level = f"{LEVELS[design.level - 1].strength}, level {design.level} of {len(LEVELS)}"
        assert text.startswith(f"{design.name} {level}")
        for part in (design.meaning, design.can_tell, design.cannot_tell, design.off_ladder):
            assert part in text


def test_the_limits_of_a_text_are_those_the_program_holds(client: PageClient) -> None:
    main = words(client.page("/how-we-write").one("main"))
    assert f"grade {MAX_GRADE} or lower" in main
    assert f"longer than {MAX_SENTENCE_WORDS} words" in main


def test_what_how_we_write_says_of_the_list_is_so() -> None:
    """Sentences of the page that a change of the designs could make false."""
    assert [design.level for design in DESIGNS.values() if design.is_preclinical] == [5, 5]
    assert DESIGNS["single_arm_trial"].level == 4
    assert all(bool(design.level) == bool(design.stage) for design in DESIGNS.values()), "no treatment, no level"
    assert (DESIGNS["mixed_review"].level, bool(DESIGNS["mixed_review"].not_compared)) == (3, True)
    assert all(DESIGNS[key].off_ladder for key in ("cross_sectional", "qualitative", "review_of_surveys"))


def test_about_counts_the_summaries(client: PageClient) -> None:
    assert "So far you can read no summaries here." in words(client.page("/about").one("main"))
    make_categories()
    make_summary()
    link = client.page("/about").one("main a[href='/research/']")
    assert words(link) == "1 summary"


@pytest.mark.parametrize("number", ["112", "911", "999"])
def test_disclaimer_gives_numbers_for_an_emergency(client: PageClient, number: str) -> None:
    assert number in client.page("/disclaimer").texts("main strong")


def test_disclaimer_begins_with_what_to_do_in_an_emergency(client: PageClient) -> None:
    headings = client.page("/disclaimer").texts("main h2")
    assert headings[0] == "In an emergency"
    assert headings[1] == "Dysreflexia, baclofen and other dangers"
    assert {link.get("href") for link in client.page("/disclaimer").select("main a")} >= {"/emergency"}


def test_privacy_is_kept_as_it_is_told(client: PageClient) -> None:
    """No cookie, nothing from elsewhere, no address given away, no form that posts, no name to sign in with."""
    for address in ["/", "/research/?q=pain", "/categories/", "/glossary/", *ADDRESSES]:
        response = client.get(address)
        assert "Set-Cookie" not in response.headers
        assert response.headers["Referrer-Policy"] == "same-origin"
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert not re.search(r"https?:|\*", policy)
        page = Page(response.get_data(as_text=True))
        loaded = page.select("script[src], img, iframe, link[rel=stylesheet], link[rel=icon]")
        assert not [found for found in loaded if "//" in (found.get("src") or found.get("href"))]
        assert not page.select("form[method=post], input[type=password], input[type=email]")


@pytest.mark.parametrize("address", ["/", "/research/", "/categories/", "/categories/bladder", "/glossary/", "/about"])
def test_every_page_has_one_search_and_no_two_buttons_of_one_name(address: str, shipped: PageClient) -> None:
    page = shipped.page(address)
    assert page.one("header form[role=search], form[role=search][action='/research/']").cssselect("input[name=q]")
    names = [button.get("aria-label") or words(button) for button in page.select("button, summary")]
    assert len(names) == len(set(names)), "by voice, a name has to mean one thing"
