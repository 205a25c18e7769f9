"""The one table of sections: what files, pages, the glossary and the feedback form make of it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.factories import make_categories, make_summary, make_summary_file
from tests.page import PageClient
from webapp.editorial.sections import SUMMARY, Kind, texts_of
from webapp.extensions import db
from webapp.feedback.forms import PARTS
from webapp.library.files import read_text
from webapp.models import Term

TEXTS = {
    "simple_explanation": "One.",
    "key_findings": ["Two.", "Three."],
    "research_summary": "Four.",
    "implications": [{"title": "Five", "text": "Six."}],
    "limitations": [],
    "harms": None,
}


def test_the_prose_of_every_kind_of_section_is_found() -> None:
    assert texts_of(TEXTS) == ["One.", "Two.", "Three.", "Five.\n\nSix.", "Four."]
    assert texts_of(TEXTS, without="key_findings") == ["One.", "Five.\n\nSix.", "Four."]


def test_the_page_the_file_and_the_form_have_the_sections_of_the_table(app: Flask, client: PageClient) -> None:
    make_categories()
    summary = make_summary(harms="Two people fell.")
    page = client.page(f"/research/{summary.slug}")
    titles = [section.page_title for section in SUMMARY]
    assert [title for title in page.texts(".summary-text > section > h2") if title in titles] == titles
    file = make_summary_file(harms="Two people fell.")
    written = file.text
    assert [line[3:] for line in written.split("\n") if line.startswith("## ")] == [one.heading for one in SUMMARY]
    assert read_text(written, "summary.md", summary.key).content == file.content
    assert [title for title in PARTS.values() if title in titles] == titles


def test_a_term_in_any_section_is_listed_where_it_is_used(app: Flask, client: PageClient) -> None:
    make_categories()
    for section in SUMMARY:
        word = f"{section.field.replace('_', '')}word"
        db.session.add(Term(slug=word, name=word, also=[], definition="A word.", is_checked=False))
        prose = f"It says {word} here."
        content: dict[Kind, Any] = {
            Kind.PROSE: prose,
            Kind.NUMBERED: [prose],
            Kind.TITLED: [{"title": "So", "text": prose}],
        }
        text = {section.field: content[section.kind]}
        make_summary(f"in-{section.anchor}", title=f"A study with {word}", exception="A long word.", **text)
        assert client.page(f"/glossary/{word}").texts("#using ~ ul a") == [f"A study with {word}"], section.heading
