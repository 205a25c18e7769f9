"""A library of believable summaries, as large as is asked for: the same for the same seed.

Each is made of the shipped ones: the words of one, the facts of others, a number in its title. So words, categories
and kinds of study are as frequent as they are among the shipped ones, and one word in a hundred summaries is rare.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webapp.documents.projection import Projection
from webapp.documents.publishing import Ready, add_revision, make_live
from webapp.documents.schema import JsonContent, SummaryContent, canonical, parse_as
from webapp.library.files import read, write
from webapp.library.shipped import LANGUAGE, STARTER
from webapp.models import Document

RARE = "axolotl"
"""A word that stands in one summary of two hundred."""


def contents(count: int, seed: int = 1) -> Iterator[tuple[str, JsonContent]]:
    """The key and the content of each summary."""
    chance = random.Random(seed)  # noqa: S311 (for measuring, not for secrets)
    every = [_shipped(path) for path in sorted((STARTER / "summaries").glob("*.md"))]
    shipped = [content for content in every if not content["study"].get("notice")]  # retracted ones have to say so
    for number in range(count):
        words, facts, place = (chance.choice(shipped) for _ in range(3))
        rare = f" An {RARE} was near." if chance.random() < 1 / 200 else ""
        study = facts["study"] | {
            "title": f"Paper {number} of many, and {facts['study']['title']}",
            "published": f"{chance.randint(1990, 2026)}-{chance.randint(1, 12):02}",
            "participants": chance.randint(3, 900),
            "injury_phases": chance.sample(["acute", "subacute", "chronic"], chance.randint(0, 2)),
        }
        study.pop("doi", None)
        yield (
            f"number-{number}",
            words
            | {
                "title": f"{words['title']} ({number})",
                "description": words["description"] + rare,
                "categories": place["categories"],
                "related": [],
                "slug": f"number-{number}",
                "study": study,
            },
        )


def write_files(folder: Path, count: int, seed: int = 1) -> None:
    """Write so many summaries as files into a new folder."""
    folder.mkdir()
    for key, content in contents(count, seed):
        (folder / f"{key}.md").write_text(write("summary", content), encoding="utf-8")


def fill(session: Session, count: int, seed: int = 1, batch: int = 200) -> None:
    """Publish so many made summaries; the categories of the shipped ones must be there. Commits."""
    projection, made = Projection(session), contents(count, seed)
    while some := list(islice(made, batch)):
        ready = []
        for key, content in some:
            document = Document(kind="summary", key=key, language=LANGUAGE)
            revision = add_revision(session, document, content, number=1, by="a benchmark", origin="file")
            ready.append(Ready(document, revision, parse_as(SummaryContent, content)))
        make_live(session, ready, projection)
        session.commit()
        session.expunge_all()


def _shipped(path: Path) -> dict[str, Any]:
    reading = read(path)
    if reading.content is None:
        raise ValueError(f"{path} cannot be read")
    return canonical(reading.content, reading.key)
