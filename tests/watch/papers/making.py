"""New papers and the state of their search, without anybody being asked."""

from __future__ import annotations

from typing import Any

from webapp import clock
from webapp.editorial.dates import PartialDate
from webapp.extensions import db
from webapp.models import NewPaper, PaperSearch
from webapp.watch.papers.designs import strength_of


def new_paper_row(number: int = 1, **fields: Any) -> NewPaper:
    """A paper that waits, not saved."""
    published = fields.pop("published", "2026-03-04")
    values = {
        "record": f"MED:{1000 + number}",
        "doi": f"10.5555/new.{number}",
        "pmid": str(1000 + number),
        "pmcid": None,
        "title": f"Paper about arms {number}: a randomized trial",
        "authors": "Kwok C and others",
        "journal": "Journal of Cord Medicine & Care",
        "published": PartialDate.parse(published) if published else None,
        "design": "rct",
        "design_why": "the title says “randomized”",
        "topic": "hand-and-arm-use",
        "topic_why": "“arms”",
        "is_open": True,
        "is_preprint": False,
        "is_retracted": False,
        "plain_summary": "",
        "plain_tries": 0,
        "found_at": clock.now(),
        "state": "waiting",
        **fields,
    }
    strength = strength_of(values["design"], is_retracted=values["is_retracted"])
    return NewPaper(**({"strength": strength} | values))


def make_new_paper(number: int = 1, **fields: Any) -> int:
    """A paper that waits; its number at the desk."""
    paper = new_paper_row(number, **fields)
    db.session.add(paper)
    db.session.commit()
    return paper.id


def make_search(**fields: Any) -> None:
    """A search that came to its end a moment ago."""
    now = clock.now()
    values = {"begun_at": now, "tried_at": now, "done_at": now, "found": 34, "added": 12, "problem": ""}
    db.session.add(PaperSearch(id=1, listed_so_far=34, added_so_far=12, **(values | fields)))
    db.session.commit()
