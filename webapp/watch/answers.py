"""What the services say became of a paper, each in the same few words: clear, corrected, concern, retracted.

What cannot be read, or is not known to a service, is `unchecked`: it never says that all is well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from webapp.scholarly.articles import Article
from webapp.scholarly.client import TYPED, Client
from webapp.scholarly.crossref import Work, find_updates, find_work
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.europepmc import find_article_by_doi, find_article_by_pmid
from webapp.scholarly.identifiers import doi_or_none
from webapp.scholarly.updates import TAKEN_BACK, Update, UpdateKind

State = Literal["unchecked", "clear", "corrected", "concern", "retracted"]
STATES: tuple[State, ...] = ("unchecked", "clear", "corrected", "concern", "retracted")
"""The worst comes last."""
Service = Literal["crossref", "europepmc"]
SERVICES: dict[Service, str] = {"crossref": "Crossref", "europepmc": "Europe PMC"}
PATIENCE = 3
"""Questions in a row without an answer, after which a service is left alone for the rest of a run."""
_OF_KIND: dict[UpdateKind, State] = {
    **dict.fromkeys(TAKEN_BACK, "retracted"),
    "expression of concern": "concern",
    "partial retraction": "concern",
    "correction": "corrected",
    "erratum": "corrected",
}


class Paper(NamedTuple):
    """What is asked for."""

    document_id: int
    doi: str | None
    pmid: str | None

    @property
    def name(self) -> str:
        """The paper itself: another one has another name."""
        return f"{self.doi or ''} {self.pmid or ''}"


@dataclass(frozen=True)
class Said:
    """What one service said, or why it said nothing."""

    state: State
    notices: tuple[Update, ...] = ()
    problem: str = ""
    is_final: bool = False
    """Whether the same would be said tomorrow: the service does not know the paper."""


def worst(states: Iterable[str]) -> State:
    """The worst of these; `unchecked` where there is none."""
    found = set(states)
    return next((state for state in reversed(STATES) if state in found), "unchecked")


def read(answer: Work | Article, *, is_retracted: bool = False) -> Said:
    """What an answer says of its paper."""
    if answer.is_garbled:
        return Said("unchecked", problem="sent a list of notices that cannot be read.")
    return told(answer.updated_by, is_retracted=is_retracted)


def told(notices: tuple[Update, ...], *, is_retracted: bool = False) -> Said:
    """What these notices say of their paper."""
    states = [_OF_KIND.get(notice.kind, "clear") for notice in notices]
    return Said(worst([*states, "retracted" if is_retracted else "clear"]), notices)


class Inquiry:
    """One run of questions. A service that does not answer is left alone after a while."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.silences: Counter[Service] = Counter()
        self.works: dict[str, Work] = {}

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody answers any more."""
        return all(self._is_silent(service) for service in SERVICES)

    def ask_for_many(self, papers: Collection[Paper]) -> None:
        """Ask Crossref for all of these at once. What does not come of it is asked for alone, by `ask`."""
        self.works = {}
        dois = [doi for paper in papers if (doi := _asked_for(paper))]
        if dois and not self._is_silent("crossref"):
            try:
                self.works = find_updates(self.client, dois)
            except ScholarlyError:
                self.silences["crossref"] += 1  # or one of these is what it stumbles over: each is asked for alone
            else:
                self.silences["crossref"] = 0

    def ask(self, paper: Paper) -> dict[Service, Said]:
        """What each service says of a paper."""
        return {
            "crossref": self._asked("crossref", lambda: self._crossref(paper)),
            "europepmc": self._asked("europepmc", lambda: self._europe_pmc(paper)),
        }

    def _is_silent(self, service: Service) -> bool:
        return self.silences[service] >= PATIENCE

    def _asked(self, service: Service, ask: Callable[[], Said]) -> Said:
        if self._is_silent(service):
            return Said("unchecked", problem="had not answered before, and was not asked again.")
        try:
            said = ask()
        except ScholarlyError as error:
            self.silences[service] += 1
            words = str(error).replace(f" {TYPED}", "").replace(" Try again later.", "").replace(" Try again then.", "")
            return Said("unchecked", problem=words.removeprefix(f"{SERVICES[service]} "))
        self.silences[service] = 0
        return said

    def _crossref(self, paper: Paper) -> Said:
        doi = _asked_for(paper)
        if doi is None:
            return Said("unchecked", problem="knows papers by their DOI alone, and this one has none.", is_final=True)
        work = self.works.get(doi) or find_work(self.client, doi)
        if work is None or work.doi != doi:
            return Said("unchecked", problem="does not know this paper.", is_final=True)
        return read(work)

    def _europe_pmc(self, paper: Paper) -> Said:
        doi = _asked_for(paper)
        article = find_article_by_doi(self.client, doi) if doi else None
        if article is None and paper.pmid:
            article = find_article_by_pmid(self.client, paper.pmid)
        if article is None:
            return Said("unchecked", problem="does not know this paper.", is_final=True)
        if doi and article.doi and article.doi != doi:
            return Said("unchecked", problem="has another paper under this PubMed number.", is_final=True)
        return read(article, is_retracted=article.is_retracted)


def _asked_for(paper: Paper) -> str | None:
    return doi_or_none(paper.doi) if paper.doi else None
