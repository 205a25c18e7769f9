"""What the fields of a document are called at the desk, and what a writer should know of them."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    label: str
    hint: str = ""
    row: str = ""
    """What one of its rows is called."""


LONG = {
    "description", "rests_on", "simple_explanation", "research_summary", "harms", "text", "exception", "adds",
    "kind_note", "measure", "conflicts", "funding", "lead",
}  # fmt: skip
"""Fields of more than a line."""
LONG_ROWS = {"key_findings", "limitations", "unknown", "questions", "reasons"}
"""Lists of texts, each in a box of its own; the others have one on each line of one box."""

_WORDS = {
    "title": Words("Headline", "What was done and what the main planned test showed, without “SCI”."),
    "description": Words("In short", "One to three sentences, with the number analysed."),
    "slug": Words("Address", "Leave it empty: it is made from the title, and stays once the page is public."),
    "date": Words("Published here on", "Filled in when it is first published, such as 2026-11-28."),
    "lastmod": Words("Last checked on", "Such as 2026-11-28."),
    "author": Words("Written by"),
    "reviewer": Words("Checked by", "A person who read it against its sources. Leave it empty when nobody did."),
    "categories": Words("Topics", "As on the page. To have another first, untick the first, save, tick it again."),
    "related": Words(
        "Related summaries", "Only on the same treatment or the very same question.", row="Related summary"
    ),
    "support_note": Words("Add where to find help with thoughts of suicide"),
    "exception": Words("Why a rule is broken", "Readers see this on the page."),
    "changed_after_feedback": Words("Changed because of what readers said, on"),
    "rests_on": Words("What this rests on", "What was read, and what is missing."),
    "study": Words("The paper and its study"),
    "simple_explanation": Words("Simple Explanation", "The key message first. Reading grade 8 or lower."),
    "key_findings": Words("Key Findings", "Results with their numbers, the main planned one first.", row="Key finding"),
    "research_summary": Words("Research Summary", "How it was done. Never the results again."),
    "implications": Words("Practical Implications", row="Implication"),
    "limitations": Words("Study Limitations", row="Limitation"),
    "harms": Words("Side effects and harms", "The worst first, with numbers for every group."),
    "adds": Words("What it adds"),
    "summary": Words("Key of the summary", "Such as cardenas-2013-pregabalin."),
    "text": Words("Text"),
    "statements": Words("What the studies show", row="Statement"),
    "name": Words("Name"),
    "certainty": Words("How sure (GRADE)"),
    "unknown": Words("What nobody knows yet", row="Unknown"),
    "questions": Words("What to ask", row="Question"),
    "category": Words("Topic", "The slug of its category, such as bladder."),
    "contents": Words("Show a list of its headings beside it"),
    "lead": Words("First sentences"),
    "authors": Words("Authors", "One on each line, as the paper names them."),
    "authors_complete": Words("These are all authors"),
    "journal": Words("Journal"),
    "published": Words("Date of the paper", "As exact as it is known: 2024, 2024-03 or 2024-03-06."),
    "citation": Words("Citation"),
    "doi": Words("DOI", "Such as 10.1001/jamanetworkopen.2024.31501."),
    "pmid": Words("PubMed number"),
    "pmcid": Words("PubMed Central number", "Such as PMC11375472."),
    "registrations": Words("Registrations", "One on each line, such as NCT02658656."),
    "countries": Words("Countries", "One on each line."),
    "design": Words("Kind of study", "Level, stage and cautions follow from it."),
    "kind_note": Words("How it was done, where the sentence about its kind is not true of it"),
    "in_people": Words("Tested in people elsewhere?", "Of animal and cell studies."),
    "summaries": Words("Keys of summaries", "One on each line."),
    "trial_phase": Words("Trial phase", "Such as 2b."),
    "subjects": Words("Who or what was studied", "people, rats, mice ..."),
    "participants": Words("Participants"),
    "participants_unit": Words("They are called", "people, women, men ..."),
    "population": Words("In whom"),
    "compared_with": Words("Compared with", "Words that fit “Did better than ...”."),
    "duration": Words("Study Duration"),
    "injury_phases": Words("Time since the injury"),
    "injury_level": Words("Level of the injury"),
    "injury_severity": Words("Severity of the injury"),
    "pictogram": Words("Picture", "Drawn no more: pictures follow from the outcomes."),
    "funding": Words("Who paid"),
    "conflicts": Words("Conflicts of interest"),
    "notice": Words("Retraction or correction"),
    "sources": Words("Sources", row="Source"),
    "where": Words("Where", "The record: DOI, PubMed, registry."),
    "seen": Words("What could be seen there"),
    "intervention": Words("What was tested", "A short plain name."),
    "analysed": Words("Analysed", "How many the main result rests on."),
    "outcomes": Words("Outcomes", row="Outcome"),
    "measure": Words("How it was measured", "The scale with its ends, and which end is good."),
    "better": Words("Better is"),
    "topic": Words("It is about"),
    "role": Words("Role", "Main is the planned main test in everybody."),
    "subgroup": Words("In whom, when not in everybody"),
    "when": Words("When"),
    "groups": Words("Groups", row="Group"),
    "people": Words("People measured"),
    "count": Words("How many of them it happened to"),
    "events": Words("How often it happened", "When that is not a number of people."),
    "percent": Words("Percent"),
    "mean": Words("Mean"),
    "spread": Words("Standard deviation"),
    "median": Words("Median"),
    "change": Words("Mean change"),
    "effect": Words("Difference between the groups"),
    "kind": Words("Kind"),
    "value": Words("Value"),
    "low": Words("From"),
    "high": Words("To"),
    "p": Words("p"),
    "ours": Words("We worked it out ourselves"),
    "direction": Words("How those with the treatment did"),
    "source": Words("Where it can be read", "The record: DOI, PubMed, registry."),
    "read": Words("What was read"),
    "place": Words("Place in it", "Such as: Results; Table 2; page 14. Only where you saw it."),
    "quote": Words("Quotation", "Its own words, at most 25. Only where they say more than yours."),
    "from_study": Words("Measured in another study", "Which one. It is told, never drawn."),
    "issued": Words("Issued on"),
    "by": Words("By"),
    "url": Words("Address"),
    "reasons": Words("Reasons", row="Reason"),
    "of": Words("Of"),
    "words": Words("Words"),
}
_OWN = {
    ("Study", "title"): Words("Title of the paper", "Exactly as it is printed."),
    ("Study", "harms"): Words("Harms in one line", "The worst first, with numbers."),
    ("Finding", "source"): Words("Paper or record", "Its DOI, or its number in PubMed or a registry."),
    ("Statement", "rests_on"): Words("Summaries it rests on", "Their keys, one on each line."),
    ("Statement", "outcomes"): Words(
        "Where this comes from", "What was measured, as the summaries above name it, one on each line."
    ),
    ("Implication", "title"): Words("Title"),
    ("PageContent", "title"): Words("Title"),
    ("PageContent", "description"): Words("Description", "What search engines show."),
    ("TopicContent", "title"): Words("Title"),
}
_CHOICES = {"uncontrolled change": "Changed, with nobody to compare"}


def choice_words(value: str) -> str:
    """What a choice is called that has no words of its own: “hand-and-arm-use” is “Hand and arm use”."""
    return _CHOICES.get(value) or value.replace("-", " ").capitalize()


def words_for(shape: str, name: str) -> Words:
    """What a field of a schema is called. A field without words here is called by its name."""
    return _OWN.get((shape, name)) or _WORDS.get(name) or Words(name.replace("_", " ").capitalize())
