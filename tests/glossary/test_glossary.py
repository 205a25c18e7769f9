"""The glossary, and its terms inside texts."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_categories, make_documents, make_summary, make_summary_file, make_terms
from tests.page import PageClient, words
from webapp.glossary.marking import Glossary
from webapp.models import Term


def term(number: int, name: str, *also: str) -> Term:
    return Term(
        id=number, slug=name.lower().replace(" ", "-"), name=name, also=list(also), definition=f"What {name} is."
    )


def names(glossary: Glossary, text: str) -> list[str]:
    return [found.name for _, found in glossary.find(text)]


def test_longer_names_win_over_shorter_ones() -> None:
    glossary = Glossary([term(1, "Chronic"), term(2, "Nerve transfer"), term(3, "Nerve")])
    assert names(glossary, "A chronic nerve transfer near the nerve.") == ["Chronic", "Nerve transfer", "Nerve"]


def test_a_plural_is_found_and_a_part_of_a_word_is_not() -> None:
    glossary = Glossary([term(1, "Exosome"), term(2, "Sham")])
    assert names(glossary, "Exosomes are not for shampoo.") == ["Exosome"]


def test_an_abbreviation_is_found_only_in_capitals() -> None:
    glossary = Glossary([term(1, "Odds ratio", "OR"), term(2, "P-value", "p")])
    assert names(glossary, "Rest or sleep; the OR was 2; a p of 3.") == ["Odds ratio"]


def test_an_empty_glossary_marks_nothing() -> None:
    assert not names(Glossary([]), "Any text.")


def test_the_glossary_lists_every_term_under_its_letter(shipped: PageClient) -> None:
    page = shipped.page("/glossary/")
    assert len(page.select("dt")) == 77
    letters = page.texts("main h2")
    assert letters == sorted(letters)
    targets = {heading.get("id") for heading in page.select("main h2")}
    assert {link.get("href").removeprefix("#") for link in page.select(".letters a")} == targets


def test_every_term_that_ships_is_used_by_a_summary_or_led_to_from_a_page(shipped: PageClient) -> None:
    looked_for = {link.get("href") for link in shipped.page("/how-we-write").select("main a[href^='/glossary/?q=']")}
    for link in shipped.page("/glossary/").select("dt a"):
        is_led_to = f"/glossary/?q={words(link).lower().replace(' ', '+')}" in looked_for
        assert is_led_to or shipped.page(link.get("href")).select("#using ~ .plain-links a"), words(link)


def test_a_term_says_where_it_is_used(app: Flask, client: PageClient) -> None:
    make_categories()
    make_terms(Sham="A pretend treatment.", Exosome="A tiny bubble.")
    make_summary(title="With a sham", key_findings=["Half had a sham."])
    make_summary("other", title="With shampoo", key_findings=["They used shampoo."])
    assert client.page("/glossary/sham").texts(".plain-links a") == ["With a sham"]
    assert client.page("/glossary/exosome").texts("main section p") == ["No summary uses this term yet."]


def test_a_definition_nobody_checked_says_so(shipped: PageClient) -> None:
    assert "has not been checked" in shipped.page("/glossary/sham").texts(".page-head .small")[0]
    assert "We checked this against" in shipped.page("/glossary/exosome").texts(".page-head .small")[0]


def test_an_unknown_term_is_not_found(shipped: PageClient) -> None:
    assert shipped.get("/glossary/nope").status_code == 404


def test_of_very_many_uses_the_newest_are_listed_and_the_rest_can_be_searched_for(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_categories()
    make_terms(strength="How strong a muscle is.")
    text = {"simple_explanation": "They had more strength."}
    make_documents(
        *(
            make_summary_file(f"number-{year}", title=f"Study of {year}", study={"published": str(year)}, **text)
            for year in range(2001, 2009)
        )
    )
    monkeypatch.setattr("webapp.glossary.routes.USES_SHOWN", 3)
    for many in (200, 2):  # sorted, or found by going through the newest: the same
        monkeypatch.setattr("webapp.glossary.queries.MANY", many)
        page = client.page("/glossary/strength")
        assert page.texts("#using ~ ul a") == ["Study of 2008", "Study of 2007", "Study of 2006"]
        assert page.texts("#using ~ p") == ["These are the newest; 5 others use it too. Search for strength"]
        assert page.one("#using ~ p a").get("href") == "/research/?q=strength"
