"""What stops a draft is told however little of it is there; what is there is read."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.factories import make_categories, make_outcome, make_summary_file
from tests.library.shipped import READINGS, TOPICS
from webapp.documents.actions import publish, save_revision
from webapp.documents.drafts import draft_of, stops_of
from webapp.documents.schema import KINDS, JsonContent, canonical, parse
from webapp.extensions import db
from webapp.models import Document

HARD = "Neurophysiological characterisation necessitates methodological sophistication. " * 3


def stops(content: JsonContent, kind: str = "summary", key: str = "arms") -> dict[str, str]:
    found = stops_of(db.session(), Document(kind=kind, key=key, language="en"), content)
    return {".".join(map(str, problem.loc)): problem.problem for problem in found}


@pytest.fixture
def whole(app: Flask) -> JsonContent:
    make_categories()
    study: dict[str, Any] = {"intervention": "Arm training", "outcomes": [make_outcome()]}
    file = make_summary_file("arms", study=study, harms="Nobody fell.")
    return canonical(file.content, file.key)


@pytest.mark.parametrize("key", [*list(READINGS)[::12], *list(TOPICS)[::5]])
def test_a_whole_document_is_its_own_draft(key: str) -> None:
    reading = READINGS.get(key) or TOPICS[key]
    content = canonical(reading.content, key)  # type: ignore[arg-type]
    assert draft_of(reading.kind, content) == parse(reading.kind, content)


def test_nothing_stops_what_can_be_published(whole: JsonContent) -> None:
    assert not stops(whole)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_document_lacks_what_each_needs(app: Flask, kind: str) -> None:
    found = stops({}, kind)
    assert found["title"] == "is missing"
    assert "summary" not in found


def test_wording_is_judged_before_the_rest_is_there(app: Flask) -> None:
    found = stops({"simple_explanation": HARD, "key_findings": ["word " * 30]})
    assert "has reading grade" in found["Simple Explanation"]
    assert "sentence of 30 words" in found["Key Findings"]
    assert found["study.design" if "study.design" in found else "study"] == "is missing"


def test_each_thing_is_told_once(whole: JsonContent) -> None:
    without = {name: value for name, value in whole.items() if name not in {"limitations", "categories"}}
    found = stops({**without, "study": {**whole["study"], "outcomes": [{"name": "Pain"}]}})
    assert found["Study Limitations"] == "names no limitation"
    assert found["categories"] == "is missing"
    assert "study.outcomes.0.role" in found
    assert "study.outcomes" not in found, "it has one, though it is not whole"


def test_a_paper_that_has_a_summary_already_is_told_while_writing(whole: JsonContent) -> None:
    paper = {**whole, "study": {**whole["study"], "doi": "10.1000/one"}}
    document = Document(kind="summary", key="first", language="en")
    publish(document, save_revision(document, paper, by="Mira"))
    assert "first" in stops(paper, key="second")["study.doi" if "study.doi" in stops(paper, key="second") else "slug"]


@pytest.mark.parametrize(
    "value", [None, "", "x", 7, True, [], [[]], ["x", 7], {}, {"title": 7}, [{"text": "x"}], [{"rests_on": "x"}]]
)
@pytest.mark.parametrize("kind", KINDS)
def test_any_shape_of_content_is_read(app: Flask, kind: str, value: object) -> None:
    content = dict.fromkeys([*KINDS[kind].model_fields, "unknown_field"], value)
    assert stops(content, kind)
