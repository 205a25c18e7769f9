"""Numbers of papers and trials, as people type them: one normal form of each, or a sentence that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import unquote

from webapp.editorial.characters import as_typed, on_one_line
from webapp.scholarly.errors import ScholarlyError

MAX_LENGTH = 300
"""Characters of what is typed. The longest DOIs in use have about 200."""

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"\\\x00-\x1f\x7f]+", re.ASCII)
_DOI_PREFIX = re.compile(r"\A[(\[<“'\"]*(?:https?:/*|(?:www\.|dx\.)?doi\.org/+|doi\b[:\s]*)*", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)(?!(?:www\.|dx\.)?doi\.org/)(\S+)", re.IGNORECASE)
_PMID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|(?:pmid|pubmed)\b[:\s]*)?"
    r"0*([1-9]\d{0,7})[/.]*",
    re.IGNORECASE | re.ASCII,
)
_TRIAL = re.compile(
    r"(?:(?:https?://)?(?:www\.|classic\.)?clinicaltrials\.gov/(?:study|ct2/show|show)/)?"
    r"nct[\s:-]*(?!0{8})(\d{8})[/.,;]*(?:\?\S*)?",
    re.IGNORECASE | re.ASCII,
)
_PAGE_OF_PUBLISHER = re.compile(r"/(?:full|fulltext|abstract|abs|pdf|epdf|html|meta|references)(?:\.html?)?\Z|\.pdf\Z")
"""What stands behind a DOI in the address of a page of the journal."""
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}


def normal_doi(text: str) -> str:
    """The DOI alone, in small letters: case does not count in a DOI. Raises ScholarlyError."""
    typed = _typed(text)
    rest = _DOI_PREFIX.sub("", typed)
    if len(rest) < len(typed) and "%" in rest:
        rest = unquote(rest)
    doi = _without_end(re.sub(r"\s*/\s*", "/", rest, count=1)).lower()
    if not _DOI.fullmatch(doi) or not doi.isprintable() or len(doi) > MAX_LENGTH:
        raise ScholarlyError(
            f"{_quoted(text)} is no DOI. A DOI has no spaces and looks like 10.1038/s41586-019-1234-5."
        )
    return doi


def normal_pmid(text: str) -> str:
    """The number of a record in PubMed, digits alone. Raises ScholarlyError."""
    found = _PMID.fullmatch(_typed(text))
    if not found:
        raise ScholarlyError(f"{_quoted(text)} is no PubMed number. Such a number has one to eight digits.")
    return found[1]


def normal_trial_number(text: str) -> str:
    """NCT and eight digits. Raises ScholarlyError."""
    found = _TRIAL.fullmatch(_typed(text))
    if not found:
        raise ScholarlyError(
            f"{_quoted(text)} is no number of ClinicalTrials.gov. Such a number is NCT and eight digits: NCT01234567."
        )
    return f"NCT{found[1]}"


def doi_or_none(text: str) -> str | None:
    """The same of what a service sent: nothing where it is no DOI."""
    try:
        return normal_doi(text)
    except ScholarlyError:
        return None


def trial_numbers(registrations: Iterable[str]) -> list[str]:
    """Those of ClinicalTrials.gov, each once, in their order."""
    found: dict[str, None] = {}
    for text in registrations:
        with suppress(ScholarlyError):
            found[normal_trial_number(text)] = None
    return list(found)


def doi_in(text: str) -> str | None:
    """The first DOI that stands in a text, such as a reference."""
    found = _DOI.search(text)
    return doi_or_none(found[0]) if found else None


def doi_of_link(text: str) -> str | None:
    """The DOI that stands in the address of a page, such as https://example.org/doi/full/10.5555/1; None if none does.

    What follows the DOI there, such as ?download=true or /full, is no part of it.
    """
    link = _LINK.match(_typed(text))
    if link is None:
        return None
    found = doi_in(unquote(link[1])) or ""
    return doi_or_none(_PAGE_OF_PUBLISHER.sub("", re.split(r"[?&#]", found, maxsplit=1)[0]))


def _typed(text: str) -> str:
    """What is no longer than a number can be; of the rest nobody needs to know the form."""
    return as_typed(text) if len(text) <= 2 * MAX_LENGTH else ""


def _without_end(doi: str) -> str:
    """Without the full stop of a sentence, and without a bracket that was opened before the DOI."""
    while doi:
        last = doi[-1]
        is_loose = last in _CLOSING and doi.count(last) > doi.count(_CLOSING[last])
        if not is_loose and last not in ".,;:'’”\"/":
            break
        doi = doi[:-1]
    return doi


def _quoted(text: str) -> str:
    shown = on_one_line(as_typed(text[: 2 * MAX_LENGTH]))
    return f"“{shown if len(shown) <= 60 else f'{shown[:60]}…'}”" if shown else "This"
