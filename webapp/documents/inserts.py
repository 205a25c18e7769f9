"""What a standing page can take in that the program knows: `{{ name }}`, from this closed list."""

from __future__ import annotations

import re

INSERT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
IN_A_SENTENCE = {
    "summary-count": "how many summaries there are, with a link to them",
    "owner-name": "OWNER_NAME of the settings",
    "owner-address": "OWNER_EMAIL of the settings, as a link",
    "max-grade": "the highest reading grade a Simple Explanation may have",
    "max-sentence-words": "the most words a sentence may have",
    "min-public-votes": "how many answers there have to be before readers see them",
    "level-count": "how many steps the ladder has",
    "stage-count": "how many stages the road has",
    "larger-trial": "the number of people from which a trial counts as larger",
}
ALONE = {
    "ladder": "the steps of the ladder of evidence",
    "road": "the stages from lab to use",
    "kinds-of-study": "every kind of study, with what it can and cannot tell",
}
"""Those that are a block of the page, and stand in a paragraph of their own."""


def wrong_inserts(text: str) -> list[tuple[str, str]]:
    """Each insert that cannot be as it is: what is wrong with it, and what to do."""
    found = []
    known = ", ".join([*IN_A_SENTENCE, *ALONE])
    for paragraph in re.split(r"\n\s*\n", text):
        for match in INSERT.finditer(paragraph):
            name = match[1]
            if name in ALONE and paragraph.strip() != match[0]:
                found.append((f"has “{match[0]}” in the middle of a text", "Put it into a paragraph of its own"))
            elif name not in ALONE and name not in IN_A_SENTENCE:
                found.append((f"has “{match[0][:60]}”, which is no insert", f"Use one of: {known}"))
    return found
