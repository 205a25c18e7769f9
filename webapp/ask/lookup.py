"""What the services say of a paper that a reader asks for: enough to show it, and whether it was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TypeVar
from urllib.parse import quote

from webapp.ask.found import Found, NoAnswerError, UnknownPaperError
from webapp.scholarly.articles import Article
from webapp.scholarly.client import Client
from webapp.scholarly.crossref import Work, find_work
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.europepmc import find_article_by_doi, find_article_by_pmid
from webapp.scholarly.updates import TAKEN_BACK, Update

Answer = TypeVar("Answer")
MOST_AT_ONCE = 2
"""Readers of each process who wait for services at the same moment. The other threads go on answering pages."""
MOST_OF_TITLE = 300
MOST_OF_JOURNAL = 120
"""Letters that are kept and shown."""
_SAYS_SO = re.compile(
    r"\W*(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter|manuscript))?\s*(?:[:.\])]|\s[-–—]\s)", re.IGNORECASE
)
"""How a journal marks a paper that it took back, at the beginning of the title. Of some nothing else says it."""
_places = BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def place_to_wait() -> Iterator[bool]:
    """Whether there was a place for a reader who would wait for the services; it is theirs inside the block."""
    is_free = _places.acquire(blocking=False)
    try:
        yield is_free
    finally:
        if is_free:
            _places.release()


def doi_of_number(pmid: str, client: Client) -> str:
    """The DOI of the paper with this PubMed number. Raises UnknownPaperError and NoAnswerError."""
    try:
        article = find_article_by_pmid(client, pmid)
    except ScholarlyError as error:
        raise NoAnswerError from error
    if article is None or article.doi is None:
        raise UnknownPaperError(f"Europe PMC knows no DOI for the PubMed number {pmid}. Please type the DOI instead.")
    return article.doi


def ask_services(doi: str, client: Client) -> Found:
    """What Crossref and Europe PMC say of a paper, both asked at once. Raises UnknownPaperError and NoAnswerError."""
    with ThreadPoolExecutor(max_workers=1) as asker:
        asked = asker.submit(_asked, lambda: find_work(client, doi))
        article, is_article_told = _asked(lambda: find_article_by_doi(client, doi))
        work, is_work_told = asked.result()
    if work is not None and work.doi != doi:  # an answer about another paper tells nothing of this one
        work, is_work_told = None, False
    found = _found(doi, work, article)
    if found.title:
        return found
    if is_work_told and is_article_told:
        raise UnknownPaperError(
            f"Neither Crossref nor Europe PMC knows a paper with the DOI {doi}. Please compare it letter by letter."
        )
    raise NoAnswerError


def _asked(ask: Callable[[], Answer | None]) -> tuple[Answer | None, bool]:
    """What a service said, and whether it said anything."""
    try:
        return ask(), True
    except ScholarlyError:
        return None, False


def _found(doi: str, work: Work | None, article: Article | None) -> Found:
    title = (work.title if work else "") or (article.title if article else "")
    notices = {
        "Crossref": _taken_back(work),
        "Europe PMC": _taken_back(article),
    }
    told = {service for service, found in notices.items() if found}
    told |= {"Crossref"} if work and _SAYS_SO.match(work.title) else set()
    if article and (_SAYS_SO.match(article.title) or (article.is_retracted and not article.is_garbled)):
        told.add("Europe PMC")
    links = [f"https://doi.org/{quote(one.doi, safe='/')}" for found in notices.values() for one in found if one.doi]
    return Found(
        doi,
        _bounded(title, MOST_OF_TITLE),
        _bounded(work.journal if work else "", MOST_OF_JOURNAL),
        work.published if work else None,
        " and ".join(sorted(told)),
        next(iter(links), ""),
    )


def _taken_back(answer: Work | Article | None) -> list[Update]:
    """The notices of withdrawal. A list of notices that cannot be read as a whole tells nothing."""
    return [one for one in answer.updated_by if one.kind in TAKEN_BACK] if answer and not answer.is_garbled else []


def _bounded(text: str, most: int) -> str:
    """As much of a text as has room, to the end of a word if one ends there."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
