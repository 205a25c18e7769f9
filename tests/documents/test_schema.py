"""What a document consists of: outcomes that make sense, older content that is still read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.factories import make_outcome, make_page_file, make_summary_file, make_topic_file
from webapp.documents import schema
from webapp.documents.checking import checked
from webapp.documents.problems import InvalidDocumentError, Problem
from webapp.documents.schema import VERSION, NewerContentError, canonical, digest_of, parse
from webapp.documents.study import Outcome

LEAKS: dict[str, Any] = {"name": "Leaks", "certainty": "low", "text": "They may get fewer.", "rests_on": ["a"]}


@pytest.mark.parametrize("direction", ["better", "worse"])
@pytest.mark.parametrize(
    "effect",
    [
        {"kind": "mean difference", "value": "1", "low": "-3", "high": "5"},
        {"kind": "odds ratio, adjusted", "value": "1.4", "low": "0.8", "high": "2.6", "p": "0.03"},
        {"kind": "p value only", "p": "0.062"},
        {"kind": "rank test", "p": "> 0.1"},
    ],
)
def test_no_direction_is_told_where_the_effect_could_be_none(effect: dict[str, Any], direction: str) -> None:
    with pytest.raises(ValidationError, match="tells more than the study shows"):
        Outcome.model_validate(make_outcome(effect=effect, direction=direction))
    Outcome.model_validate(make_outcome(effect=effect, direction="no clear difference"))


@pytest.mark.parametrize(
    "effect",
    [
        {"kind": "mean difference", "value": "4", "low": "3", "high": "5"},
        {"kind": "risk ratio", "value": "0.5", "low": "0.2", "high": "0.9"},
        {"kind": "p value only", "p": "<0.1"},
        {"kind": "p value only", "p": "0.05"},
        {"kind": "median change", "value": "1", "low": "-3", "high": "5"},
        {"kind": "group comparison", "p": "significant"},
    ],
)
def test_a_direction_may_be_told_where_nothing_speaks_against_it(effect: dict[str, Any]) -> None:
    Outcome.model_validate(make_outcome(effect=effect))


def with_groups(*groups: dict[str, Any]) -> dict[str, Any]:
    return make_outcome(groups=list(groups))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (make_outcome(subgroup="people treated early"), "a subgroup is never a main outcome"),
        (with_groups({"name": "one", "people": 9, "count": 10}), "`count` is at most `people`"),
        (with_groups({"name": "one"}, {"name": "one"}), "the group “one” stands twice"),
        (make_outcome(groups=[]), "at least 1 item"),
        (with_groups({"name": "one", "people": 0}), "greater than or equal to 1"),
        (with_groups({"name": "one", "percent": "101"}), "less than or equal to 100"),
        (with_groups({"name": "one", "spread": "-1"}), "greater than or equal to 0"),
        (with_groups({"name": "one", "mean": "many"}), "write a number such as 4.8"),
        (with_groups({"name": "one", "mean": True}), "write a number such as 4.8"),
        (make_outcome(effect={"kind": "x", "value": "2", "low": "3", "high": "4"}), "stand in this order"),
        (make_outcome(effect={"kind": "x", "value": "5", "low": "3", "high": "4"}), "stand in this order"),
        (make_outcome(effect={"kind": "x", "low": "3"}), "a range has both"),
        (make_outcome(effect={"kind": "x", "p": "12"}), "pattern"),
        (make_outcome(direction="improved"), "Input should be 'better'"),
        (make_outcome(topic="legs"), "Input should be 'hand-and-arm-use'"),
        (make_outcome(certainty="certain"), "Input should be 'high'"),
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused(outcome: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words.replace("(", r"\(")):
        Outcome.model_validate(outcome)


@pytest.mark.parametrize("p", ["0.03", "<0.001", "< 0.05", "not significant", "=0.5", ".04", "1", "0"])
def test_a_p_value_stays_as_it_was_written(p: str) -> None:
    effect = {"kind": "rank test", "p": p}
    outcome = Outcome.model_validate(make_outcome(effect=effect, direction="no clear difference"))
    assert outcome.effect
    assert outcome.effect.p == p


def test_numbers_keep_the_digits_that_were_written() -> None:
    effect = {"kind": "risk ratio", "value": "1.10", "low": "0.90", "high": 2}
    outcome = Outcome.model_validate(make_outcome(effect=effect, direction="no clear difference"))
    values = outcome.model_dump(mode="json")["effect"]
    assert (values["value"], values["low"], values["high"]) == ("1.10", "0.90", "2")


def test_what_is_not_known_stays_unknown() -> None:
    group = Outcome.model_validate(with_groups({"name": "placebo"})).groups[0]
    assert group.model_dump(exclude_none=True) == {"name": "placebo"}


def problems_of(content: dict[str, Any], version: int = VERSION, kind: str = "summary") -> list[Problem]:
    try:
        checked(kind, content, version)
    except InvalidDocumentError as error:
        return error.problems
    return []


def a_summary(**study: Any) -> dict[str, Any]:
    return canonical(make_summary_file(study=study).content, "arm-training")


def test_new_texts_are_asked_for_outcomes_and_older_ones_are_not() -> None:
    assert problems_of(a_summary(), version=1) == []
    asked = [("study", "intervention"), ("study", "outcomes"), ("Harms",)]
    assert [problem.loc for problem in problems_of(a_summary())] == asked
    whole = a_summary(intervention="Arm training", outcomes=[make_outcome()]) | {"harms": "Nobody was hurt."}
    assert problems_of(whole) == []


def test_harms_are_asked_for_in_people_and_a_reason_lifts_it() -> None:
    tested: dict[str, Any] = {"intervention": "Arm training", "outcomes": [make_outcome()]}
    assert [problem.loc for problem in problems_of(a_summary(**tested))] == [("Harms",)]
    assert problems_of(a_summary(**tested) | {"exception": "Only a letter could be read."}) == []
    in_rats = tested | {"design": "animal", "subjects": "rats"}
    assert problems_of(a_summary(**in_rats)) == []


@pytest.mark.parametrize("study", [{"design": "qualitative"}, {"design": "cross_sectional"}])
def test_a_study_that_tests_no_treatment_is_not_asked_for_outcomes(study: dict[str, Any]) -> None:
    assert problems_of(a_summary(**study)) == []


def test_a_withdrawn_paper_is_not_asked_for_outcomes() -> None:
    content = a_summary(notice={"kind": "retraction"}) | {"title": "Retracted: arm training"}
    assert problems_of(content) == []


def test_content_of_a_newer_version_is_refused_in_words() -> None:
    (problem,) = problems_of(a_summary(), version=VERSION + 1)
    assert "newer version of this site" in problem.problem
    with pytest.raises(NewerContentError):
        parse("summary", a_summary(), VERSION + 1)


def test_older_content_goes_through_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Had version 2 renamed `headline`, a text of version 1 would be read all the same, and kept as it is."""
    monkeypatch.setitem(schema.UPGRADES, 1, _rename)
    kept = {**a_summary(), "headline": "Named before"}
    del kept["title"]
    before = dict(kept)
    assert parse("summary", kept, 1).title == "Named before"
    assert kept == before


def _rename(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "headline"} | {"title": content["headline"]}


def test_there_is_a_step_from_every_older_version() -> None:
    assert set(schema.UPGRADES) == set(range(1, VERSION))


def test_where_a_document_stands_is_no_part_of_what_it_says() -> None:
    content = a_summary()
    assert digest_of(content) == digest_of(content | {"slug": "elsewhere"})
    assert digest_of(content) != digest_of(content | {"title": "Another"})


@pytest.mark.parametrize(
    ("changes", "loc"),
    [
        ({"statements": []}, ("statements",)),
        ({"unknown": []}, ("unknown",)),
        ({"questions": []}, ("questions",)),
        ({"category": "Two words"}, ("category",)),
        ({"unknown": [" ".join(["Go", *["on"] * 25]) + "."]}, ("What nobody knows yet",)),
        ({"unknown": ["Multidisciplinary neurophysiological characterisation."] * 9}, ("statements",)),
        ({"statements": [LEAKS | {"certainty": "sure"}]}, ("statements", 0, "certainty")),
        ({"statements": [LEAKS | {"rests_on": []}]}, ("statements", 0, "rests_on")),
    ],
)  # fmt: skip
def test_a_topic_answer_is_whole_plain_and_rests_on_something(changes: dict[str, Any], loc: tuple[Any, ...]) -> None:
    content = canonical(make_topic_file().content, "hand-and-arm-use") | changes
    assert [problem.loc for problem in problems_of(content, kind="topic")] == [loc]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Up to {{ owner }}.", "is no insert"),
        ("See {{ ladder }} here.", "in the middle of a text"),
        ("{{ ladder }}\n\n{{ max-grade }} and {{max-grade}}.", ""),
        ("Nothing.", ""),
    ],
)
def test_the_inserts_of_a_page_are_a_closed_list(text: str, words: str) -> None:
    found = problems_of(canonical(make_page_file(text=text).content, "about"), kind="page")
    assert [words in problem.problem for problem in found] == ([True] if words else [])


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"research_summary": "One.\n\n## Harms\n\nThree fell."}, "Research Summary"),
        ({"simple_explanation": "# One\n\nTwo."}, "Simple Explanation"),
        ({"key_findings": ["One.", "Two\n---\nThree."]}, "Key Findings"),
        ({"implications": [{"title": "Ask", "text": "One.\n\n### Two\n\nThree."}]}, "Practical Implications"),
    ],
)
def test_a_line_that_a_file_would_take_for_a_heading_is_refused(changes: dict[str, Any], where: str) -> None:
    """What stands below it would move to another section."""
    (problem,) = problems_of(a_summary() | changes, version=1)
    assert problem.loc == (where,)
    assert "would be a heading" in problem.problem
