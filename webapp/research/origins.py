"""Where something on a page comes from, in words, with a link to each record that is named."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from webapp.documents.origin import Origin

BEGINS = {
    "abstract": "From the abstract of the paper",
    "registry": "From the entry in the registry",
    "full paper": "From the full paper",
    "part of the paper": "From a part of the paper",
    "another text": "From another text about the study",
    None: "It can be read here",
}
"""What was read."""
_DOI = r"\b(?P<doi>10\.\d{4,9}/[^\s,;()<>\"“”]*[^\s,;()<>\"“”.:])"
_RECORD = re.compile(rf"{_DOI}|\b(?P<pmc>PMC\d{{4,9}})\b|\bPubMed (?P<pmid>\d{{4,9}})\b|\b(?P<nct>NCT\d{{8}})\b")
_ADDRESSES = {
    "doi": "https://doi.org/{}",
    "pmc": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "nct": "https://clinicaltrials.gov/study/{}",
}


class Piece(NamedTuple):
    """A piece of the name of a record, and where that is."""

    text: str
    url: str = ""


class Told(NamedTuple):
    """Where something comes from, as a reader is told."""

    begin: str
    """From the abstract of the paper."""
    where: list[Piece]
    place: str
    quote: str


def told(origin: Origin | None) -> Told | None:
    """None where nothing is written down; of a draft, where the record is missing."""
    if origin is None or not origin.where:
        return None
    return Told(BEGINS[origin.read], pieces_of(origin.where), origin.place or "", origin.quote or "")


def pieces_of(where: str) -> list[Piece]:
    """The name of a record, with a link where it is a number of a register that can be asked for it."""
    found, end = [], 0
    for match in _RECORD.finditer(where):
        kind = match.lastgroup or ""
        found += [Piece(where[end : match.start()]), Piece(match[0], _ADDRESSES[kind].format(quote(match[kind], "/:")))]
        end = match.end()
    return [piece for piece in [*found, Piece(where[end:])] if piece.text]
