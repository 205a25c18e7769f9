"""What a standing page can take in that the program knows: `{{ name }}`, from this closed list."""

from __future__ import annotations

import re

INSERT = re.compile(r"\{\{ *([a-z-]*) *\}\}")
_ANY = re.compile(r"\{\{[^{}]*\}\}")
"""What looks like one. Both are linear in the length of a text."""
IN_A_SENTENCE = {
    "summary-count": "how many summaries there are, with a link to them",
    "owner-name": "OWNER_NAME of the settings",
    "owner-address": "OWNER_EMAIL of the settings, as a link",
    "data-terms": "DATA_TERMS of the settings: under which terms our data may be used",
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
        for words in _ANY.findall(paragraph):
            match = INSERT.fullmatch(words)
            if match and match[1] in ALONE and paragraph.strip() != words:
                found.append((f"has “{words}” in the middle of a text", "Put it into a paragraph of its own"))
            elif not match or match[1] not in ALONE.keys() | IN_A_SENTENCE.keys():
                found.append((f"has “{words[:60]}”, which is no insert", f"Use one of: {known}"))
    return found
