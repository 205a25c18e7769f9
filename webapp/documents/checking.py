"""What makes a document fit to publish, beyond its shape."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from webapp.documents.inserts import wrong_inserts
from webapp.documents.origin import SOURCE_LINE
from webapp.documents.problems import InvalidDocumentError, Problem, problems_of
from webapp.documents.schema import KINDS, Content, NewerContentError, PageContent, SummaryContent, TopicContent, parse
from webapp.editorial import readability
from webapp.editorial.designs import DESIGNS
from webapp.editorial.sections import Kind

RETRACTED = "Retracted: "
_SECTION_HEADINGS = re.compile(r"^ {0,3}#{1,2}(?!#).*|^.*\n {0,3}(?:=+|-+) *$", re.MULTILINE)
_HEADINGS = re.compile(r"^ {0,3}#{1,3}(?!#).*|^.*\n {0,3}(?:=+|-+) *$", re.MULTILINE)
OUTCOMES_SINCE = 2
"""The version of the schema since which what a study measured is asked for."""


def checked(kind: str, content: Mapping[str, Any], version: int) -> Content:
    """The content, valid and fit to publish. Raises InvalidDocumentError with everything that is wrong."""
    try:
        found = parse(kind, content, version)
    except ValidationError as error:
        raise InvalidDocumentError(problems_of(error, KINDS[kind])) from None
    except NewerContentError as error:
        raise InvalidDocumentError([Problem(("schema",), str(error), "Update this site first")]) from None
    if problems := problems_in(found, version):
        raise InvalidDocumentError(problems)
    return found


def problems_in(content: Content, version: int) -> list[Problem]:
    """What is wrong with content of the right shape. `version`: of the schema for which it was written."""
    found: list[Problem] = []
    if isinstance(content, SummaryContent):
        found += _of_reading(content.simple_explanation, "Simple Explanation", content.exception)
        found += _of_summary(content)
        if version >= OUTCOMES_SINCE:
            found += _of_what_was_tested(content)
    if isinstance(content, TopicContent):
        found += _of_reading("\n\n".join(content.prose().values()), "statements", None)
    if not isinstance(content, PageContent):
        found += _of_headings(content)
    if isinstance(content, SummaryContent):
        found += _of_source_lines(content)
    if isinstance(content, PageContent):
        found += [Problem(("text",), problem, remedy) for problem, remedy in wrong_inserts(content.text)]
    else:
        found += _of_sentences(content)
    return found


def _of_reading(text: str, where: str, exception: str | None) -> list[Problem]:
    """A text that is too hard. A written `exception` lifts this: the owner answers for it there."""
    grade = readability.grade(text)
    if exception or grade <= readability.MAX_GRADE:
        return []
    remedy = "Use shorter sentences and shorter words"
    if where == "Simple Explanation":
        remedy += ", or give a reason in `exception:`"
    problem = f"has reading grade {grade}, above {readability.MAX_GRADE}"
    return [Problem((where,), problem, remedy, is_excusable=where == "Simple Explanation")]


def _of_summary(content: SummaryContent) -> list[Problem]:
    found = []
    if not content.limitations and not content.exception:
        remedy = "Write at least one, or give a reason in `exception:`"
        found.append(Problem(("Study Limitations",), "names no limitation", remedy, is_excusable=True))
    if content.study.is_retracted and not content.title.startswith(RETRACTED):
        remedy = f"Begin it with “{RETRACTED}”: a title is often all that is read"
        found.append(Problem(("title",), "does not say that the paper was withdrawn", remedy))
    for slug in sorted({slug for slug in content.categories if content.categories.count(slug) > 1}):
        found.append(Problem(("categories",), f"“{slug}” stands twice", "Take one out"))
    return found


def _of_what_was_tested(content: SummaryContent) -> list[Problem]:
    """Where a treatment was tested, what it was and what was measured is said as data, and harms are told of people."""
    study, design = content.study, DESIGNS.get(content.study.design)  # a draft may have none
    if study.is_retracted or design is None or design.stage is None:
        return []
    found = []
    if not study.intervention:
        remedy = "Add a line `intervention:` with a short plain name of what was tested"
        found.append(Problem(("study", "intervention"), "is missing", remedy))
    if not study.outcomes:
        remedy = "Add `outcomes:` with what the study measured; the result on the page is worked out from it"
        found.append(Problem(("study", "outcomes"), "is missing", remedy))
    if not design.is_preclinical and not content.harms and not content.exception:
        remedy = "Write what is known of harms, or that nothing was said of them, or give a reason in `exception:`"
        problem = "says nothing, though a treatment was tested in people"
        found.append(Problem(("Harms",), problem, remedy, is_excusable=True))
    return found


def _of_headings(content: Content) -> list[Problem]:
    """A line that a file would take for the heading of a section: what stands below would move there."""
    return [
        Problem(
            (section.heading,),
            f"has a line that would be a heading: “{found[0].strip()[:40]}”",
            "Write it as a sentence",
        )
        for section, texts in content.sections()
        for text in texts
        if (found := (_HEADINGS if section.kind == Kind.TITLED else _SECTION_HEADINGS).search(text))
    ]


def _of_source_lines(content: SummaryContent) -> list[Problem]:
    """A line that a file would take for the source of a finding."""
    remedy = "Take the line out; where a finding comes from has a field of its own"
    return [
        Problem(("key_findings", place), "has a line that would be its source in a file", remedy)
        for place, finding in enumerate(content.key_findings)
        if SOURCE_LINE.search(finding.text)
    ]


def _of_sentences(content: Content) -> list[Problem]:
    return [
        Problem(
            (where,),
            f"has a sentence of {len(sentence.split())} words: “{' '.join(sentence.split()[:8])} …”",
            f"Split it; at most {readability.MAX_SENTENCE_WORDS} words",
        )
        for where, text in content.prose().items()
        for sentence in readability.long_sentences(text)
    ]


def unknown_names(content: Content, categories: Collection[str], summaries: Collection[str]) -> list[Problem]:
    """Categories and summaries that a document names and that are not there."""
    found = []
    for slug in _categories_of(content):
        if slug not in categories:
            remedy = f"Use one of: {', '.join(sorted(categories))}" if categories else "Load categories.yml first"
            where = "category" if isinstance(content, TopicContent) else "categories"
            found.append(Problem((where,), f"“{slug}” is not a category", remedy))
    for loc, key in summaries_named_in(content):
        if key not in summaries:
            remedy = "Write the file name of another summary, without .md"
            found.append(Problem(loc, f"“{key}” is not a summary", remedy))
    return found


def _categories_of(content: Content) -> list[str]:
    match content:
        case SummaryContent():
            return content.categories
        case TopicContent():
            return [content.category]
    return []


def summaries_named_in(content: Content) -> list[tuple[tuple[str | int, ...], str]]:
    """Where a document names another summary, and its key."""
    match content:
        case SummaryContent():
            return [(("related",), one.summary) for one in content.related]
        case TopicContent():
            return [
                (("statements", index, "rests_on"), key)
                for index, statement in enumerate(content.statements)
                for key in statement.rests_on
            ]
    return []
