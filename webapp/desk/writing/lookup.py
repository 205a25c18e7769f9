"""What Crossref, Europe PMC, PubMed and ClinicalTrials.gov say of the study of a summary: facts for its empty fields.

Nothing that was typed is changed: where a service says otherwise, both are shown. An abstract is shown beside the form,
never copied into it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from webapp.desk.writing.labels import words_for
from webapp.documents.schema import JsonContent
from webapp.scholarly.articles import Article
from webapp.scholarly.client import Client
from webapp.scholarly.crossref import Work, find_work
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.europepmc import find_article_by_doi
from webapp.scholarly.pubmed import find_article
from webapp.scholarly.trials import Trial, find_trial
from webapp.scholarly.updates import TAKEN_BACK

Answer = TypeVar("Answer")
ALIKE = {"doi", "title", "journal"}
"""Texts whose case and closing full stop do not count."""


class Otherwise(NamedTuple):
    """A fact that is typed one way, and known to a service in another."""

    label: str
    typed: str
    said: str


@dataclass
class Found:
    """What came of asking."""

    content: JsonContent
    """With its empty fields filled in; not saved."""
    filled: list[str] = field(default_factory=list)
    otherwise: list[Otherwise] = field(default_factory=list)
    abstract: str = ""
    is_retracted: bool = False
    notices: list[str] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What could not be asked or is not known, in sentences."""


def look_up(content: JsonContent, client: Client) -> Found:
    """Ask for the paper by its DOI and for the trials by their numbers, all at the same time."""
    study: dict[str, Any] = content.get("study") or {}
    found = Found(content)
    doi = str(study.get("doi") or "").strip()
    if not doi:
        found.problems.append("Please write the DOI of the paper first, and press again.")
        return found
    numbers = [one for one in study.get("registrations") or [] if str(one).upper().startswith("NCT")]
    with ThreadPoolExecutor(max_workers=2 + len(numbers[:3])) as askers:
        work = askers.submit(_asked, found, lambda: find_work(client, doi), f"Crossref knows no paper {doi}.")
        article = askers.submit(_asked, found, lambda: _article(client, doi, study.get("pmid")), "")
        trials = [askers.submit(_asked, found, _trial(client, one), f"There is no trial {one}.") for one in numbers[:3]]
    found.trials = [trial for one in trials if (trial := one.result())]
    _take(found, work.result(), article.result())
    found.problems = list(dict.fromkeys(found.problems))
    return found


def _article(client: Client, doi: str, pmid: str | None) -> Article | None:
    """Of Europe PMC; of PubMed where that has nothing or does not answer, and the number is known."""
    try:
        article = find_article_by_doi(client, doi)
    except ScholarlyError:
        if not pmid:
            raise
        article = None
    return article or (find_article(client, pmid) if pmid else None)


def _trial(client: Client, number: str) -> Callable[[], Trial | None]:
    return lambda: find_trial(client, number)


def _asked(found: Found, ask: Callable[[], Answer | None], unknown: str) -> Answer | None:
    try:
        answer = ask()
    except ScholarlyError as error:
        found.problems.append(str(error))
        return None
    if answer is None and unknown:
        found.problems.append(unknown)
    return answer


def _take(found: Found, work: Work | None, article: Article | None) -> None:
    facts: dict[str, Any] = {}
    if work:
        facts |= {
            "doi": work.doi,
            "title": work.title,
            "authors": [author.name for author in work.authors],
            "journal": work.journal,
            "published": str(work.published or ""),
            "registrations": list(work.registrations),
        }
    if article:
        facts |= {"pmid": article.pmid, "pmcid": article.pmcid}
        found.abstract = article.abstract
        found.is_retracted = article.is_retracted
    for update in [*(work.updated_by if work else ()), *(article.updated_by if article else ())]:
        found.is_retracted |= update.kind in TAKEN_BACK
        found.notices.append(" ".join(filter(None, [update.label, str(update.issued or ""), update.doi])))
    found.notices = list(dict.fromkeys(found.notices))
    study = dict(found.content.get("study") or {})
    for name, said in facts.items():
        if not said:
            continue
        label = words_for("Study", name).label
        if not study.get(name):
            study[name] = said
            found.filled.append(label)
        elif _key(name, study[name]) != _key(name, said):
            found.otherwise.append(Otherwise(label, _in_words(study[name]), _in_words(said)))
    found.content = {**found.content, "study": study}


def _key(name: str, value: object) -> object:
    """What must be the same for two facts to be one."""
    if isinstance(value, list):
        return [_key(name, one) for one in value]
    text = " ".join(unicodedata.normalize("NFKC", str(value)).split())
    return text.rstrip(".").casefold() if name in ALIKE else text


def _in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)
