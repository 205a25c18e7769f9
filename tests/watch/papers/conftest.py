"""Europe PMC and PubMed on this machine, which tell of new papers page by page, and runs that look there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.scholarly.answers import efetch, new_paper, search_page
from tests.scholarly.server import Reply, Service, serving
from tests.watch.conftest import hurried
from webapp.extensions import db
from webapp.models import NewPaper, PaperSearch
from webapp.watch.papers.actions import SearchReport, look_for_papers

PLAIN = '<OtherAbstract Type="plain-language-summary"><AbstractText>In other words.</AbstractText></OtherAbstract>'


class Literature(Service):
    """Both services at one address: they ask differently."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[list[dict[str, Any]]] = [[]]
        self.total: int | None = None
        """What is told of all pages, if it is not so many."""
        self.plain: set[str] = set()
        """Numbers of papers with a summary in plain words."""
        self.broken: Reply | None = None
        self.broken_from = 0
        """The page from which on there is no other answer than the broken one."""
        self.pubmed: Reply | None = None

    def next_reply(self, path: str, headers: list[tuple[str, str]], message: object = None) -> Reply:
        super().next_reply(path, headers, message)  # so that it is counted
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        return self._page(query["cursorMark"]) if urlsplit(path).path == "/search" else self._told(query["id"])

    def _page(self, mark: str) -> Reply:
        number = 0 if mark == "*" else int(mark)
        if self.broken and number >= self.broken_from:
            return self.broken
        is_last = number + 1 >= len(self.pages)
        total = sum(map(len, self.pages)) if self.total is None else self.total
        return Reply(search_page(*self.pages[number], total=total, mark=mark if is_last else str(number + 1)))

    def _told(self, ids: str) -> Reply:
        if self.pubmed:
            return self.pubmed
        answers = [(pmid, efetch(pmid=pmid).partition("<PubmedArticleSet>")[2]) for pmid in ids.split(",")]
        records = [one if pmid in self.plain else one.replace(PLAIN, "") for pmid, one in answers]
        body = "".join(one.removesuffix("</PubmedArticleSet>") for one in records)
        return Reply(f"<PubmedArticleSet>{body}</PubmedArticleSet>")

    @property
    def searched(self) -> list[dict[str, str]]:
        """What was asked of Europe PMC."""
        return [one.query for one in self.asked if one.path.startswith("/search")]


def paper(number: int, title: str = "", **fields: Any) -> dict[str, Any]:
    """The record of a paper of its own."""
    names = {"id": str(1000 + number), "pmid": str(1000 + number), "doi": f"10.5555/new.{number}", "pmcid": None}
    return new_paper(**{**names, "title": title or f"Paper {number} about a cord.", **fields})


@pytest.fixture
def literature() -> Iterator[Literature]:
    with serving(Literature()) as service:
        assert isinstance(service, Literature)
        yield service


def run(literature: Literature, **more: Any) -> SearchReport:
    """A run that searches whether it is time or not."""
    client = hurried(literature.url)
    try:
        return look_for_papers(client, **{"is_asked_for": True, **more})
    finally:
        client.close()


def papers() -> list[NewPaper]:
    db.session.rollback()
    return list(db.session.scalars(db.select(NewPaper).order_by(NewPaper.id)))


def titles() -> list[str]:
    return [one.title for one in papers()]


def search() -> PaperSearch:
    db.session.rollback()
    return db.session.get_one(PaperSearch, 1)
