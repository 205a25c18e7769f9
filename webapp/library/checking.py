"""What makes a summary file fit to publish, beyond its shape."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.editorial import readability
from webapp.library.files import Reading


def check_prose(reading: Reading) -> None:
    """Add the faults of the text: reading grade, sentence length, a missing limitation.

    A written `exception` in the front matter lifts the grade and the missing limitation: the owner
    answers for it there. Long sentences are always named.
    """
    summary = reading.summary
    if summary is None:
        return
    line = reading.lines.get
    if not summary.front.exception:
        grade = readability.grade(summary.simple_explanation)
        if grade > readability.HIGHEST_GRADE:
            reading.fault(
                line("Simple Explanation", 1),
                "Simple Explanation",
                f"has reading grade {grade}, above {readability.HIGHEST_GRADE}",
                "Use shorter sentences and shorter words, or give a reason in `exception:`",
            )
        if not summary.limitations:
            reading.fault(
                line("Study Limitations", 1),
                "Study Limitations",
                "names no limitation",
                "Write at least one, or give a reason in `exception:`",
            )
    for heading, text in summary.sections.items():
        where = heading if heading in reading.lines else "description"
        for sentence in readability.long_sentences(text):
            reading.fault(
                line(where, 1),
                where,
                f"has a sentence of {len(sentence.split())} words: “{' '.join(sentence.split()[:8])} …”",
                f"Split it; at most {readability.LONGEST_SENTENCE} words",
            )


def check_together(readings: Iterable[Reading], categories: set[str], keys: set[str]) -> None:
    """Add the faults that only show among several files: unknown categories and relations, twins.

    `categories` and `keys` are the slugs and summary keys known besides these files.
    """
    whole = [(reading, reading.summary) for reading in readings if reading.summary]
    seen: dict[str, str] = {}
    known = keys | {summary.key for _, summary in whole}
    for reading, summary in whole:
        if summary.key in seen:
            reading.fault(1, "file name", f"is used by {seen[summary.key]} too", "Give each summary its own name")
        seen.setdefault(summary.key, reading.path)
        for slug in summary.front.categories:
            if slug not in categories:
                remedy = f"Use one of: {', '.join(sorted(categories))}" if categories else "Load categories.yml first"
                reading.fault(reading.lines.get("categories", 1), "categories", f"“{slug}” is not a category", remedy)
        for key in summary.front.related:
            if key not in known:
                reading.fault(
                    reading.lines.get("related", 1),
                    "related",
                    f"“{key}” is not a summary",
                    "Write the file name of another summary, without .md",
                )
