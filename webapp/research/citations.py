"""The paper's citation for reference managers: RIS and BibTeX. It cites the paper, never our page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import rispy
from bibtexparser import Library, write_string
from bibtexparser.middlewares import LatexEncodingMiddleware
from bibtexparser.middlewares.names import parse_single_name_into_parts
from bibtexparser.model import Entry, Field

from webapp.models import Study, Summary

Writer = Callable[[Summary], str]
_PLACE = re.compile(r"\d{4};\s*(?P<volume>\d+)(?:\((?P<issue>[\w-]+)\))?:(?P<first>\w+)(?:-(?P<last>\w+))?")


class _Plain(rispy.RisWriter):
    """RIS without the running number rispy writes above each reference: strict readers want TY first."""

    def set_header(self, count: int) -> str:
        return ""


def ris(summary: Summary) -> str:
    """One reference in RIS, with the fields that are known and no others."""
    study = summary.study
    place = _place(study)
    fields: dict[str, Any] = {
        "type_of_reference": "JOUR",
        "title": study.title,
        "authors": [_last_first(name) for name in study.authors],
        "journal_name": study.journal,
        "year": str(study.published.year) if study.published else None,
        "date": str(study.published).replace("-", "/") if study.published and study.published.month else None,
        "volume": place.get("volume"),
        "number": place.get("issue"),
        "start_page": place.get("first"),
        "end_page": place.get("last"),
        "doi": study.doi,
        "urls": [f"https://doi.org/{study.doi}"] if study.doi else None,
        "accession_number": study.pmid,
        "notes": [f"{study.notice['kind'].capitalize()} of this paper: {study.notice.get('citation') or 'see notice'}"]
        if study.notice
        else None,
    }
    known = {name: _on_one_line(value) for name, value in fields.items() if value}
    text: str = rispy.dumps([known], implementation=_Plain)
    return text.strip() + "\n"


def bibtex(summary: Summary) -> str:
    """One reference in BibTeX, special letters written so that every reader understands them."""
    study = summary.study
    place = _place(study)
    authors = [*study.authors, *([] if study.authors_complete or not study.authors else ["others"])]
    pages = "--".join(filter(None, [place.get("first"), place.get("last")]))
    fields = {
        "title": study.title,
        "author": " and ".join(authors),
        "journal": study.journal,
        "year": str(study.published.year) if study.published else None,
        "volume": place.get("volume"),
        "number": place.get("issue"),
        "pages": pages,
        "note": study.notice and f"{study.notice['kind'].capitalize()}: {study.notice.get('citation') or 'see notice'}",
    }
    entry = Entry("article", summary.key, [Field(name, _on_one_line(value)) for name, value in fields.items() if value])
    library = LatexEncodingMiddleware().transform(Library([entry]))
    for field in library.entries[0].fields:
        field.value = _balanced(field.value)
    if study.doi:
        # An identifier: escaping its letters would break it. Braces are written as in its address.
        library.entries[0].set_field(Field("doi", study.doi.replace("{", "%7B").replace("}", "%7D")))
    return str(write_string(library))


def _on_one_line(value: Any) -> Any:
    """A text, or each of a list, without line ends: after one, a reader takes what follows for another field."""
    return [_on_one_line(one) for one in value] if isinstance(value, list) else " ".join(str(value).split())


def _balanced(text: str) -> str:
    """A brace that was escaped still opens or closes a field for BibTeX, so its name is written instead."""
    return text.replace(r"\{", r"{\textbraceleft}").replace(r"\}", r"{\textbraceright}")


def _place(study: Study) -> dict[str, str | None]:
    found = _PLACE.search(study.citation or "")
    return found.groupdict() if found else {}


def _last_first(name: str) -> str:
    parts = parse_single_name_into_parts(name, strict=False)
    last, first = " ".join([*parts.von, *parts.last]), " ".join(parts.first)
    return ", ".join(filter(None, [last, first, " ".join(parts.jr)]))
