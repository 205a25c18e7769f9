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


def joining_title(open_trials: int) -> str:
    return "Can I join this trial?" if open_trials == 1 else "Can I join these trials?"


def contents_of(content: SummaryContent, pictures: Pictures, open_trials: int = 0) -> list[tuple[str, str]]:
    """The id and the words of each part from Simple Explanation on. `open_trials`: how many somebody may join."""
    links: list[tuple[str, str]] = []
    for section in shown_sections(content, pictures):
        if section is METHODS:
            links += [("joining", joining_title(open_trials))] if open_trials else []
            links.append(("all-the-facts", "All the facts"))
        links.append((section.anchor, section.page_title))
        if section.field == "simple_explanation":
            links += [("in-people", "Tested in people elsewhere?")] if content.study.in_people else []
            links += [("main-result", "The main result")] if pictures.main else []
    return [*links, ("paper", "The paper"), ("your-feedback", "Your Feedback")]
