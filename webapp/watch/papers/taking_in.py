"""Papers that a search found become rows, each once; the caller commits."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.database import UNSEEN
from webapp.formats import short_authors
from webapp.models import NewPaper
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.identifiers import normal_pmid
from webapp.scholarly.paper_search import FoundPaper
from webapp.watch.papers import queries
from webapp.watch.papers.designs import guess_design, is_research, strength_of
from webapp.watch.papers.topics import Topic, guess_topic

MOST_OF_TITLE, MOST_OF_JOURNAL, MOST_OF_AUTHORS = 500, 200, 120
"""Letters that are kept."""
_PMCID = re.compile(r"PMC\d{1,12}", re.ASCII)


def take_in(session: Session, found: Sequence[FoundPaper], now: dt.datetime) -> int:
    """Add those that nobody has seen here before, and that have no summary; how many these are.

    What was decided about a paper stays decided, by whichever of its names it is found again. That it was withdrawn
    since is noted.
    """
    rows = [_row(paper, now) for paper in found if is_research(paper.article.kinds)]
    before = _by_name(queries.found_before(*_names_of(rows)))
    _, dois, pmids = _names_of(rows)
    known = {name for one in queries.known_papers(dois, pmids) for name in (one.doi, one.pmid) if name}
    topics = queries.topics() if rows else []
    added = 0
    for row, paper in zip(rows, (one for one in found if is_research(one.article.kinds)), strict=True):
        same = next((before[name] for name in _names(row) if name in before), None)
        if same is not None:
            _note_news(same, row)
        elif not known & {row.doi, row.pmid}:
            session.add(_guessed(row, paper, topics))
            before |= _by_name([row])
            added += 1
    session.flush()
    return added


def link_written(session: Session) -> None:
    """Papers of which there is a summary by now wait no longer."""
    for known in queries.written_meanwhile():
        written = update(NewPaper).where(NewPaper.id == known.paper_id, NewPaper.state == "waiting")
        session.execute(written.values(state="drafted", document_id=known.document_id), execution_options=UNSEEN)


def _row(paper: FoundPaper, now: dt.datetime) -> NewPaper:
    article = paper.article
    return NewPaper(
        record=paper.id,
        doi=article.doi,
        pmid=_pmid(article.pmid),
        pmcid=article.pmcid if article.pmcid and _PMCID.fullmatch(article.pmcid) else None,
        title=_cut(article.title, MOST_OF_TITLE),
        authors=_cut(short_authors(list(filter(None, paper.authors.split(", ")))), MOST_OF_AUTHORS),
        journal=_cut(paper.journal, MOST_OF_JOURNAL),
        published=paper.published,
        is_open=paper.is_open,
        is_preprint=paper.is_preprint,
        is_retracted=article.is_retracted,
        plain_summary="",
        plain_tries=0,
        found_at=now,
        state="waiting",
    )


def _guessed(row: NewPaper, paper: FoundPaper, topics: Iterable[Topic]) -> NewPaper:
    design = guess_design(row.title, paper.article.kinds, paper.subjects)
    topic = guess_topic(topics, row.title, paper.subjects)
    row.design, row.design_why = design
    row.topic, row.topic_why = topic
    row.strength = strength_of(row.design, is_retracted=row.is_retracted)
    return row


def _note_news(there: NewPaper, again: NewPaper) -> None:
    if again.is_retracted and not there.is_retracted:
        there.is_retracted, there.strength = True, strength_of(there.design, is_retracted=True)
    there.is_open = there.is_open or again.is_open


def _names(row: NewPaper) -> tuple[tuple[str, str], ...]:
    names = (("record", row.record), ("doi", row.doi), ("pmid", row.pmid))
    return tuple((kind, name) for kind, name in names if name)


def _by_name(rows: Iterable[NewPaper]) -> dict[tuple[str, str], NewPaper]:
    return {name: row for row in rows for name in _names(row)}


def _names_of(rows: Iterable[NewPaper]) -> tuple[set[str], set[str], set[str]]:
    """Records, DOIs and PubMed numbers."""
    names = [name for row in rows for name in _names(row)]
    records, dois, pmids = ({name for kind, name in names if kind == one} for one in ("record", "doi", "pmid"))
    return records, dois, pmids


def _pmid(text: str | None) -> str | None:
    try:
        return normal_pmid(text) if text else None
    except ScholarlyError:
        return None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
