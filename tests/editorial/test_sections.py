"""The one table of sections: what files, pages, the glossary and the feedback form make of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Flask

from tests.factories import make_categories, make_summary
from tests.page import PageClient
from webapp.editorial.sections import SECTIONS, Kind, texts_of
from webapp.extensions import db
from webapp.feedback.forms import PARTS
from webapp.library.files import read_text, write
from webapp.library.mapping import as_file
from webapp.models import Term

SUMMARY = SimpleNamespace(
    simple_explanation="One.",
    key_findings=["Two.", "Three."],
    research_summary="Four.",
    implications=[{"title": "Five", "text": "Six."}],
    limitations=[],
    harms=None,
)


def test_the_prose_of_every_kind_of_section_is_found() -> None:
    assert texts_of(SUMMARY) == ["One.", "Two.", "Three.", "Four.", "Five.\n\nSix."]
    assert texts_of(SUMMARY, without="key_findings") == ["One.", "Four.", "Five.\n\nSix."]


def test_the_page_the_file_and_the_form_have_the_sections_of_the_table(app: Flask, client: PageClient) -> None:
    make_categories()
    summary = make_summary(harms="Two people fell.")
    page = client.page(f"/research/{summary.slug}")
    titles = [section.page_title for section in SECTIONS]
    assert page.texts(".summary-text > section > h2") == titles
    written = write(as_file(summary))
    assert [line[3:] for line in written.split("\n") if line.startswith("## ")] == [one.heading for one in SECTIONS]
    assert read_text(written, "summary.md", summary.key).summary == as_file(summary)
    assert [title for title in PARTS.values() if title in titles] == titles


def test_a_term_in_any_section_is_listed_where_it_is_used(app: Flask, client: PageClient) -> None:
    make_categories()
    for section in SECTIONS:
        word = f"{section.field.replace('_', '')}word"
        db.session.add(Term(slug=word, name=word, also=[], definition="A word.", is_checked=False))
        summary = make_summary(f"in-{section.anchor}", title=f"A study with {word}")
        prose = f"It says {word} here."
        content: dict[Kind, Any] = {
            Kind.PROSE: prose,
            Kind.NUMBERED: [prose],
            Kind.TITLED: [{"title": "So", "text": prose}],
        }
        setattr(summary, section.field, content[section.kind])
        db.session.commit()
        assert client.page(f"/glossary/{word}").texts("#using ~ ul a") == [f"A study with {word}"], section.heading
