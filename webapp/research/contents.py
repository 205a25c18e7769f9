"""The way around the page of a summary: which sections it has, and the links to them."""

from __future__ import annotations

from webapp.documents.schema import SummaryContent
from webapp.editorial.sections import SUMMARY, Section
from webapp.research.pictures import Pictures

METHODS = next(section for section in SUMMARY if section.field == "research_summary")
"""For those who want to know how it was done: folded, after all the facts."""


def shown_sections(content: SummaryContent, pictures: Pictures) -> list[Section]:
    """The sections of a summary, in their order; that on harms where it has words, or where they are a question."""
    return [section for section in SUMMARY if section.field != "harms" or content.harms or pictures.asks_for_harms]


def contents_of(content: SummaryContent, pictures: Pictures) -> list[tuple[str, str]]:
    """The id and the words of each part from Simple Explanation on."""
    links: list[tuple[str, str]] = []
    for section in shown_sections(content, pictures):
        if section is METHODS:
            links.append(("all-the-facts", "All the facts"))
        links.append((section.anchor, section.page_title))
        if section.field == "simple_explanation":
            links += [("in-people", "Tested in people elsewhere?")] if content.study.in_people else []
            links += [("main-result", "The main result")] if pictures.main else []
    return [*links, ("paper", "The paper"), ("your-feedback", "Your Feedback")]
