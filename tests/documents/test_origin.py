"""A finding says where it comes from, in the shape in which a file and the desk write it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.factories import make_outcome, make_summary_file
from webapp.documents.checking import problems_in
from webapp.documents.drafts import draft_of, shape_problems
from webapp.documents.origin import MOST_QUOTED, Finding, Origin
from webapp.documents.schema import SummaryContent, canonical, parse_as
from webapp.editorial.sections import SUMMARY

SOURCE = {"where": "PubMed 1", "read": "abstract", "place": "Results", "quote": "a bit stronger"}


def kept(**changes: Any) -> dict[str, Any]:
    return canonical(make_summary_file(**changes).content, "arm-training")


def test_a_text_with_nothing_beside_it_is_its_text_alone() -> None:
    content = kept(key_findings=["One.", {"text": "Two."}], study={"outcomes": [make_outcome()]})
    assert content["key_findings"] == ["One.", "Two."]
    assert content["study"]["outcomes"][0]["source"] == "PubMed 1"
    sourced = kept(key_findings=["One.", {"text": "Two.", "source": {"where": "PubMed 1"}}])
    assert sourced["key_findings"] == ["One.", {"text": "Two.", "source": "PubMed 1"}]


def test_what_is_noted_comes_back_as_it_was() -> None:
    content = kept(key_findings=[{"text": "One.", "source": SOURCE}], study={"outcomes": [make_outcome(source=SOURCE)]})
    assert content["key_findings"] == [{"text": "One.", "source": SOURCE}]
    assert content["study"]["outcomes"][0]["source"] == SOURCE
    for version in (1, 2, 3, 4):
        again = parse_as(SummaryContent, content, version)
        assert canonical(again, "arm-training") == content


def test_the_texts_that_are_judged_and_searched_are_those_of_the_findings() -> None:
    content = make_summary_file(key_findings=["One.", {"text": "Two.", "source": SOURCE}]).content
    [findings] = [texts for section, texts in content.sections() if section == SUMMARY[1]]
    assert findings == ["One.", "Two."]


def test_a_quotation_is_short_and_without_marks() -> None:
    assert Origin(where="A", quote="“ Arms got\n stronger. ”").quote == "Arms got stronger."
    assert Origin(where="A", quote="word " * MOST_QUOTED).quote
    with pytest.raises(ValidationError, match="at most 25 words, and this one has 26"):
        Origin(where="A", quote="word " * (MOST_QUOTED + 1))
    with pytest.raises(ValidationError, match="write the words themselves"):
        Origin(where="A", quote="“”")


@pytest.mark.parametrize(
    ("source", "loc"),
    [
        ("", ("where",)),
        ({"read": "abstract"}, ("where",)),
        (SOURCE | {"read": "the cover"}, ("read",)),
        (SOURCE | {"page": 3}, ("page",)),
        (SOURCE | {"place": "x" * 121}, ("place",)),
        (["PubMed 1"], ("where",)),
    ],
)
def test_what_is_no_source_is_told_at_its_place(source: Any, loc: tuple[str, ...]) -> None:
    content = kept() | {"key_findings": [{"text": "One.", "source": source}]}
    assert [one.loc for one in shape_problems("summary", content)] == [("key_findings", 0, "source", *loc)]
    draft = draft_of("summary", content)
    assert isinstance(draft, SummaryContent)
    assert [finding.text for finding in draft.key_findings] == ["One."], "the text is there all the same"


def test_a_draft_keeps_the_places_of_its_findings_whatever_stands_in_them() -> None:
    draft = draft_of("summary", {"key_findings": ["One.", "", {"source": "PubMed 1"}, 3, {"text": "Five."}]})
    assert isinstance(draft, SummaryContent)
    assert [finding.text for finding in draft.key_findings] == ["One.", "", "", "", "Five."]


def test_a_line_that_a_file_would_take_for_a_source_stops() -> None:
    content = make_summary_file(key_findings=["One:\n* Source: the sun", "A source - Source: no."]).content
    assert [(one.loc, one.problem) for one in problems_in(content, 1)] == [
        (("key_findings", 0), "has a line that would be its source in a file")
    ]


def test_a_finding_needs_a_text() -> None:
    with pytest.raises(ValidationError):
        Finding.model_validate({"source": SOURCE})
