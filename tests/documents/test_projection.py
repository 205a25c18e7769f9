"""What lists, search and counts know comes from the live revisions alone, and can be made anew from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import site_on
from tests.factories import make_categories, make_document, make_documents, make_outcome, make_summary_file, make_terms
from webapp.database import one_for
from webapp.documents.actions import unpublish
from webapp.documents.facets import NO_LEVEL
from webapp.documents.projection import PROJECTED
from webapp.extensions import db
from webapp.models import (
    Category,
    CategoryLink,
    Document,
    FacetCount,
    Outcome,
    PhaseLink,
    Study,
    Summary,
    TermLink,
)

PROJECTIONS = [*(model.__tablename__ for model in PROJECTED), "facet_counts"]


def index_tables() -> dict[str, str]:
    """The tables of the search index, each with what its rows are named by."""
    return one_for(
        db.engine,
        sqlite={"summary_search": "rowid", "summary_words": "rowid"},
        postgresql={"summary_search": "id"},
    )


@pytest.fixture
def library(app: Flask, shipped_instance: Path, tmp_path: Path) -> Iterator[Flask]:
    """The shipped library, on a database of its own."""
    app = site_on(shipped_instance, tmp_path / "own")
    with app.app_context():
        yield app


def projected(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every projected row, as another process reads it."""
    wanted = dict.fromkeys(PROJECTIONS, "1") | index_tables()
    with db.engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(db.text(f"SELECT {key}, * FROM {name}"))), key=str)
            for name, key in wanted.items()
        }


def as_sets(app: Flask) -> dict[str, list[str]]:
    """The same to be compared, without the numbers of rows that count anew."""
    return {name: [str(row) for row in held] for name, held in projected(app).items()}


def test_rebuilding_from_the_live_revisions_changes_nothing(library: Flask) -> None:
    before = as_sets(library)
    assert all(before.values())
    outcome = library.test_cli_runner().invoke(args=["library", "rebuild"])
    assert outcome.exit_code == 0, outcome.output
    assert f"{len(before['summaries'])} summaries written anew." in outcome.output
    assert as_sets(library) == before


def test_rebuilding_mends_whatever_was_lost_or_wrong(library: Flask) -> None:
    before = as_sets(library)
    for statement in (
        "DELETE FROM summary_terms",
        "DELETE FROM outcomes WHERE document_id % 2 = 1",
        *(f"DELETE FROM {name} WHERE {key} % 2 = 1" for name, key in index_tables().items()),
        *(f"UPDATE {name} SET {key} = 999999 WHERE {key} = 2" for name, key in index_tables().items()),
        "UPDATE facet_counts SET count = count + 7 WHERE category = 'bladder'",
        "DELETE FROM facet_counts WHERE category = 'pain'",
        "UPDATE summaries SET level = 1, result = NULL, title = 'wrong'",
        "DELETE FROM summaries WHERE document_id = (SELECT min(document_id) FROM summaries)",
        "UPDATE documents SET live_revision_id = NULL WHERE kind = 'summary' AND key = 'cruz-2011-botulinum-bladder'",
    ):
        db.session.execute(db.text(statement))
    db.session.commit()
    assert as_sets(library) != before
    library.test_cli_runner().invoke(args=["library", "rebuild"])
    db.session.execute(
        db.text(
            "UPDATE documents SET live_revision_id = (SELECT max(id) FROM revisions WHERE document_id = documents.id)"
        )
    )
    db.session.commit()
    library.test_cli_runner().invoke(args=["library", "rebuild"])
    assert as_sets(library) == before


def test_every_public_document_is_projected_and_no_other(library: Flask) -> None:
    public = set(db.session.scalars(db.select(Document.id).where(Document.kind == "summary", Document.is_public())))
    for model in (Summary, Study):
        assert set(db.session.scalars(db.select(model.document_id))) == public
    assert not db.session.scalar(db.select(db.func.count()).where(Document.is_stale))


def test_nothing_is_left_of_a_document_that_is_taken_down(app: Flask) -> None:
    make_categories()
    make_terms(strength="How strong a muscle is.")
    study = {"injury_phases": ["acute"], "outcomes": [make_outcome()], "intervention": "Arm training"}
    study["registrations"] = ["NCT09990001"]
    make_documents(make_summary_file("other"))
    document = make_document(make_summary_file(study=study, related=["other"]))
    for model in PROJECTED:
        assert db.session.scalar(db.select(model).where(model.document_id == document.id).limit(1)), model
    unpublish(document, "Gone.")
    for model in PROJECTED:
        assert not db.session.scalar(db.select(model).where(model.document_id == document.id).limit(1)), model
    held = projected(app)
    for name in index_tables():
        assert [row[0] for row in held[name]] not in ([], [document.id]), name


def test_what_is_linked_stands_in_rows(app: Flask) -> None:
    make_categories("pain", "skin")
    make_terms(strength="How strong a muscle is.", zebra="An animal.")
    study = {
        "injury_phases": ["acute", "chronic"],
        "outcomes": [make_outcome(), make_outcome(name="Harm", role="harm")],
    }
    document = make_document(make_summary_file(categories=["skin", "pain"], study=study))
    places = db.select(Category.slug).join(CategoryLink).where(CategoryLink.document_id == document.id)
    assert list(db.session.scalars(places.order_by(CategoryLink.position))) == ["skin", "pain"]
    assert set(db.session.scalars(db.select(PhaseLink.phase))) == {"acute", "chronic"}
    assert len(list(db.session.scalars(db.select(TermLink)))) == 1
    found = list(db.session.scalars(db.select(Outcome).order_by(Outcome.position)))
    assert [(one.name, one.role, one.direction) for one in found] == [
        ("Arm strength", "main", "better"),
        ("Harm", "harm", "better"),
    ]
    assert found[0].groups[0]["people"] == 20


def test_the_counts_are_those_of_counting(library: Flask) -> None:
    """Each cell, counted from the tables by another way than the one that keeps it."""
    expected: Counter[tuple[str, ...]] = Counter()
    for summary in db.session.scalars(db.select(Summary)):
        links = db.select(Category.slug).join(CategoryLink).where(CategoryLink.document_id == summary.document_id)
        phases = db.select(PhaseLink.phase).where(PhaseLink.document_id == summary.document_id)
        choices = [
            ["", *db.session.scalars(links)],
            ["", summary.stage] if summary.stage else [""],
            ["", str(summary.level or NO_LEVEL)],
            ["", *db.session.scalars(phases)],
            ["", summary.result] if summary.result else [""],
        ]
        expected.update(product(*choices))
    names = (FacetCount.category, FacetCount.stage, FacetCount.level, FacetCount.phase, FacetCount.result)
    kept = {tuple(row[:-1]): row[-1] for row in db.session.execute(db.select(*names, FacetCount.count))}
    assert kept == dict(expected)
    assert kept["", "", "", "", ""] == len(list(db.session.scalars(db.select(Summary))))


def test_a_change_of_the_glossary_reaches_every_summary(app: Flask, runner: FlaskCliRunner) -> None:
    make_categories()
    make_documents(*(make_summary_file(f"number-{number}") for number in range(45)))
    make_terms(strength="How strong a muscle is.")
    assert db.session.scalar(db.select(db.func.count()).select_from(TermLink)) == 45
