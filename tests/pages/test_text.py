"""The Markdown of a standing page as HTML."""

from __future__ import annotations

import time

import pytest
from markupsafe import Markup

from tests.page import Page
from webapp.documents.inserts import wrong_inserts
from webapp.pages.text import PageText, draw

VALUES = {
    "owner-name": None,
    "owner-address": None,
    "max-grade": Markup("8"),
    "ladder": Markup("<ol><li>Step</li></ol>"),
}


def drawn(source: str) -> PageText:
    return draw(source, VALUES.get)


def page(source: str) -> Page:
    return Page(drawn(source).html, fragment=True)


def test_headings_have_the_ids_they_name_or_those_of_their_words() -> None:
    text = drawn("## One thing {#first}\n\nA.\n\n## Two & three\n\nB.\n\n### Four {#own}\n\nC.")
    assert text.headings == [("first", "One thing"), ("two-three", "Two & three")]
    found = Page(text.html, fragment=True)
    assert [(one.tag, one.get("id")) for one in found.select("h2, h3")] == [
        ("h2", "first"), ("h2", "two-three"), ("h3", "own"),
    ]  # fmt: skip
    assert "{#" not in text.html


def test_a_table_scrolls_by_itself_and_its_first_column_are_headers() -> None:
    found = page("## Words\n\n| If | we write |\n|---|---|\n| so | this |\n| not | that |")
    region = found.one("div.table-wrap")
    assert (region.get("role"), region.get("aria-label"), region.get("tabindex")) == ("region", "Words", "0")
    assert found.texts("thead th[scope=col]") == ["If", "we write"]
    assert found.texts("tbody th[scope=row]") == ["so", "not"]
    assert found.texts("tbody td") == ["this", "that"]


def test_keys_and_notices() -> None:
    found = page("::: notice\n## In an emergency {#emergency}\n\nPress `Tab`.\n:::\n\nAfter.")
    assert found.one("section.notice").get("aria-labelledby") == "emergency"
    assert found.texts("section.notice kbd") == ["Tab"]


def test_inserts_come_in_where_they_stand() -> None:
    found = page("Up to grade {{ max-grade }}, **not {{max-grade}}** more.\n\n{{ ladder }}")
    assert found.texts("p") == ["Up to grade 8, not 8 more."]
    assert found.texts("ol li") == ["Step"]
    assert not found.select("p ol")


def test_what_the_owner_has_not_set_goes_with_its_paragraph_and_a_heading_left_bare() -> None:
    source = (
        "## Stays\n\nOne.\n\nBy {{ owner-name }}.\n\n- a\n- b, by {{ owner-name }}\n- c\n\n"
        "## Goes {#tell}\n\n### Goes too\n\nWrite to {{ owner-address }}.\n\n## Stays too\n\nTwo.\n\n## At the end\n\n"
        "{{ owner-name }}"
    )
    text = drawn(source)
    found = Page(text.html, fragment=True)
    assert found.texts("h2, h3") == [words for _, words in text.headings] == ["Stays", "Stays too"]
    assert found.texts("p") == ["One.", "Two."]
    assert found.texts("li") == ["a", "c"]


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "![a](x onerror=alert(1))",
        "`<b>`",
        "## <img src=x>\n\nA",
    ],
)
def test_no_markup_of_its_own_comes_through(source: str) -> None:
    found = page(source)
    assert not found.select("script, b, img[src='x'][onerror], a[href^='javascript:']")
    assert "<script" not in found.html
    assert "<img src=x>" not in found.html


def test_an_insert_nobody_knows_any_more_leaves_its_paragraph_out() -> None:
    assert page("A.\n\n{{ moon-phase }}\n\nB.").texts("p") == ["A.", "B."]


def test_a_page_of_nothing_but_headings_is_drawn_soon() -> None:
    before = time.monotonic()
    assert drawn("## a\n" * 4_000).headings == []
    assert time.monotonic() - before < 10, "it takes a fifth of a second"


@pytest.mark.parametrize("source", [r"\{\{ max-grade }}", "&#123;{ x }}", "&lbrace;&lbrace;max-grade&rbrace;&rbrace;"])
def test_braces_written_as_signs_are_text(source: str) -> None:
    assert "{" in page(f"A {source} b.").texts("p")[0]


def test_a_heading_or_row_with_what_is_not_set_is_left_out() -> None:
    table = "| a | b |\n|---|---|\n| x | {{ owner-name }} |\n| y | z |"
    text = drawn(f"## Who {{{{ owner-name }}}} is\n\nA.\n\n## Up to {{{{ max-grade }}}} steps\n\n{table}")
    assert text.headings == [("up-to-8-steps", "Up to 8 steps")]
    assert "None" not in text.html
    assert Page(text.html, fragment=True).texts("tbody td") == ["z"]


def test_every_heading_has_an_id_of_its_own_and_none_is_the_title() -> None:
    text = drawn("# Same\n\nA.\n\n## Same\n\nB.\n\n## ???\n\nC.\n\nAnother\n===\n\nD.")
    assert [id_ for id_, _ in text.headings] == ["same", "same-2", "part", "another"]
    assert "<h1" not in text.html


@pytest.mark.parametrize("source", ["{{" + " " * 19_000, "{{ a" * 5_000, "{" * 19_000, "{{" + "a" * 19_000 + "}"])
def test_no_run_of_braces_takes_long(source: str) -> None:
    before = time.monotonic()
    drawn(source)
    wrong_inserts(source)
    assert time.monotonic() - before < 5, "it takes a twentieth of a second"
