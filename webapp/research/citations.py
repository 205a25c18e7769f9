"""The paper's citation for reference managers: RIS and BibTeX. It cites the paper, never our page; what we found its
result to be, and what of our page was wrong, stands in a note beside it.

Both formats have signs that end a field: a line end in RIS, a brace in BibTeX (which counts braces, with a backslash
before them or not). No text of a paper brings any of them in.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import rispy
from bibtexparser import Library, write_string
from bibtexparser.middlewares import LatexEncodingMiddleware
from bibtexparser.middlewares.names import parse_single_name_into_parts
from bibtexparser.model import Entry, Field

from webapp.editorial.characters import on_one_line
from webapp.formats import long_date
from webapp.models import Study, Summary
from webapp.urls import external_url

Writer = Callable[[Summary], str]
_LATEX = LatexEncodingMiddleware(keep_math=False, enclose_urls=False)
"""A dollar sign is a dollar sign, and a URL is text: neither lets anything through unescaped."""
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
        "notes": [*_notice(study), *_in_plain_words(summary)],
    }
    known = {name: _on_one_line(value) for name, value in fields.items() if value}
    text: str = rispy.dumps([known], implementation=_Plain)
    return text.strip() + "\n"


def _notice(study: Study) -> list[str]:
    notice = study.notice
    return [f"{notice['kind'].capitalize()} of this paper: {notice.get('citation') or 'see notice'}"] if notice else []


def _in_plain_words(summary: Summary) -> list[str]:
    """Our note on the paper; nothing while there is no result to tell, and no mistake."""
    mistakes = [
        f"We corrected our summary on {long_date(one.corrected_at)}: {one.sentence}" for one in summary.corrections
    ]
    told = [words for words in (summary.result_sentence, summary.result_caveat, *mistakes) if words]
    return [f"In plain words at {external_url('research.show', slug=summary.slug)} - {' '.join(told)}"] if told else []


def _on_one_line(value: str | list[str]) -> str | list[str]:
    return on_one_line(value) if isinstance(value, str) else [on_one_line(part) for part in value]


def bibtex(summary: Summary) -> str:
    """One reference in BibTeX, special letters written so that every reader understands them."""
    study = summary.study
    place = _place(study)
    authors = [_one_name(name) for name in study.authors]
    if authors and not study.authors_complete:
        authors.append("others")
    fields = {
        "title": _in_latex(study.title),
        "author": " and ".join(authors),
        "journal": _in_latex(study.journal),
        "year": study.published and str(study.published.year),
        "volume": place.get("volume"),
        "number": place.get("issue"),
        "pages": "--".join(filter(None, [place.get("first"), place.get("last")])),
        "note": study.notice
        and _in_latex(f"{study.notice['kind'].capitalize()}: {study.notice.get('citation') or 'see notice'}"),
        "annote": _in_latex(" ".join(_in_plain_words(summary))),
        # An identifier: LaTeX's way to write its letters would break it. These four stand in none.
        "doi": quote(study.doi or "", safe="".join(set(string.punctuation) - set("{}\\%"))),
    }
    entry = Entry("article", summary.key, [Field(name, value) for name, value in fields.items() if value])
    return str(write_string(Library([entry])))


def _in_latex(text: str | None) -> str:
    """One line of text that LaTeX prints as it is, its braces balanced, no @ that could begin another entry."""
    entry = Entry("article", "text", [Field("text", on_one_line(text or ""))])
    (written,) = _LATEX.transform(Library([entry])).entries
    value = str(written["text"])
    for sign, command in {r"\{": r"{\textbraceleft}", r"\}": r"{\textbraceright}", "@": "{@}"}.items():
        value = value.replace(sign, command)
    return value


def _one_name(name: str) -> str:
    """A name in LaTeX; in braces when it holds the word that stands between names, or more commas than a name has."""
    written = _in_latex(name)
    return f"{{{written}}}" if re.search(r"\band\b|,.*,.*,", written, re.IGNORECASE) else written


def _place(study: Study) -> dict[str, str | None]:
    found = _PLACE.search(study.citation or "")
    return found.groupdict() if found else {}


def _last_first(name: str) -> str:
    if re.search(r"[,{}\\]", name):
        return name  # written last name first already, or no person's
    parts = parse_single_name_into_parts(name, strict=False)
    last, first = " ".join([*parts.von, *parts.last]), " ".join(parts.first)
    return ", ".join(filter(None, [last, first, " ".join(parts.jr)]))
