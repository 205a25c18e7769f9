"""Which topic a new paper may be about, guessed from its title and its subjects. Pure functions.

The words of a topic are those of its category, what means the same to a reader (search/synonyms.yml) or in a paper
(MEDICAL), and the other names of glossary terms that hold one of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from webapp.search.terms import ignored_words, parse_query, words_in

MEDICAL: dict[str, tuple[str, ...]] = {
    "bladder": ("detrusor", "urodynamic", "micturition", "lower urinary tract", "intravesical", "catheterisation",
                "catheterization", "nocturia", "urological"),
    "bowel": ("colonic", "defecation", "anorectal", "colostomy", "transanal irrigation"),
    "skin": ("decubitus", "wound", "wound healing", "seating cushion"),
    "breathing": ("diaphragm", "diaphragmatic", "pulmonary", "pneumonia", "tracheostomy", "phrenic", "sleep apnea",
                  "sleep apnoea", "mechanical ventilation"),
    "heart": ("orthostatic", "hemodynamic", "haemodynamic", "cardiometabolic", "vascular", "thromboembolism"),
    "pain": ("neuropathic", "analgesic", "analgesia", "opioid", "allodynia", "nociceptive"),
    "spasticity": ("baclofen", "clonus", "hyperreflexia", "hypertonia"),
    "sex": ("erectile", "ejaculation", "fertility", "sperm", "reproductive", "obstetric"),
    "mood": ("psychological", "depressive", "posttraumatic stress", "resilience", "coping", "self-efficacy",
             "quality of life", "participation"),
    "walking": ("overground", "treadmill", "ambulatory"),
    "hand": ("grasping", "dexterity", "tendon transfer"),
    "drug": ("pharmacological", "pharmacotherapy", "pharmacokinetics", "methylprednisolone", "riluzole", "inhibitor"),
    "surgery": ("intraoperative", "postoperative", "laminectomy", "spinal fusion", "intensive care"),
    "stem cell": ("mesenchymal", "transplantation", "graft", "scaffold", "olfactory ensheathing", "exosome",
                  "progenitor cell", "nogo"),
    "stimulation": ("neuromodulation", "neurostimulation", "transcutaneous", "epidural", "tdcs", "rtms"),
    "exercise": ("aerobic", "physiotherapy", "exercise therapy", "wheelchair sport"),
    "caregiver": ("caregiving", "informal care", "family member", "family caregiver"),
    "brain computer interface": ("neuroprosthesis", "intracortical", "electroencephalography", "decoding"),
}  # fmt: skip
"""Words of papers, by a word of the category."""
ENOUGH, MOST_SAID = 3, 3
NAME, MEANS_IT, DESCRIPTION = 6, 4, 3
"""How much a word counts in the title: one of the category's name, one that means the same, one of its description."""
_GROUPS = re.compile(r"\b(?:single|two|three|multi|parallel|double|one)[ -]arm(?:ed|s)?\b", re.IGNORECASE)
"""Arms that are the groups of a trial."""


class Topic(NamedTuple):
    """A category with the words that tell of it, and how much each counts."""

    slug: str
    words: dict[str, int]


class Guess(NamedTuple):
    slug: str
    words: str
    """Those from which it was guessed, in quotes."""


def topics_of(categories: Iterable[tuple[str, str, str]], names_of_terms: Sequence[Sequence[str]] = ()) -> list[Topic]:
    """Topics with words that tell each from all others. `categories`: slug, name and description, in their order."""
    found = [(slug, _words_of(name, description, names_of_terms)) for slug, name, description in categories]
    best: dict[str, int] = {}
    holders: Counter[tuple[str, int]] = Counter()
    for _, words in found:
        for word, count in words.items():
            best[word] = max(best.get(word, 0), count)
            holders[word, count] += 1
    return [
        Topic(slug, {word: n for word, n in words.items() if n == best[word] and holders[word, n] == 1})
        for slug, words in found
    ]


def guess_topic(topics: Iterable[Topic], title: str, subjects: Sequence[str]) -> Guess:
    """The topic with the most signs, the first of several; nothing where there are too few."""
    said, filed = _folded(_GROUPS.sub(" ", title)), [_folded(one) for one in subjects]
    best, most = Guess("", ""), ENOUGH - 1
    for topic in topics:
        signs = {
            word: count if word in said else count // 2
            for word, count in topic.words.items()
            if word in said or any(word in one for one in filed)
        }
        if (count := sum(signs.values())) > most:
            first = sorted(signs, key=lambda word: (-signs[word], word))[:MOST_SAID]
            best, most = (
                Guess(topic.slug, ", ".join(f"“{_as_written(word, title, *subjects)}”" for word in first)),
                count,
            )
    return best


def _as_written(folded: str, *texts: str) -> str:
    """A word as it stands in the first of these texts that has it."""
    length = len(folded.split())
    for text in texts:
        words = words_in(text)
        for place in range(len(words) - length + 1):
            if _folded(phrase := " ".join(words[place : place + length])) == folded:
                return phrase
    return folded.strip()


def _words_of(name: str, description: str, terms: Sequence[Sequence[str]]) -> dict[str, int]:
    """The words of a category, each with how much it counts."""
    own, strong = _parts(name)
    strong |= {_folded(word) for key, words in MEDICAL.items() if _folded(key) in own | strong for word in words}
    strong |= _other_names(own, terms)
    counts = (
        dict.fromkeys(_parts(description)[1], DESCRIPTION) | dict.fromkeys(strong, MEANS_IT) | dict.fromkeys(own, NAME)
    )
    return {word: count for word, count in counts.items() if word.strip() not in ignored_words()}


def _parts(text: str) -> tuple[set[str], set[str]]:
    """What a text names, and what means the same to a reader. A part that has no other name stands as one thing."""
    own: set[str] = set()
    means: set[str] = set()
    for part in re.split(r"[,.;:]| and | or ", text):
        if not (folded := _folded(part)).strip():
            continue
        groups = [group for group in parse_query(folded).groups if len(group) > 1]
        own |= {_folded(group[0]) for group in groups} or {folded}
        means |= {_folded(word) for group in groups for word in group}
    return own, means


def _other_names(words: set[str], terms: Sequence[Sequence[str]]) -> set[str]:
    """All names of the terms of which a name holds one of the words."""
    folded = [[_folded(_GROUPS.sub(" ", name)) for name in names] for names in terms]
    return {name for names in folded if any(word in name for word in words for name in names) for name in names}


def _folded(text: str) -> str:
    """Its words between spaces, one and many alike: so a phrase is found as whole words."""
    return f" {' '.join(_one(word) for word in words_in(text))} "


def _one(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word if word.endswith("ss") else word.removesuffix("s")
