"""What differs between two versions of a document: which fields, in which order, by which names."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.comparison.texts import contents
from tests.factories import make_outcome, make_page_file, make_summary_file, make_topic_file
from webapp.documents.comparison.differences import Difference, differences, in_parts
from webapp.documents.comparison.putting_back import put_back
from webapp.documents.schema import KINDS, JsonContent, canonical

OUTCOME = make_outcome(
    effect={"kind": "mean difference", "value": "1.2", "low": "0.4", "high": "2.8"},
    groups=[{"name": "arm training", "people": 20}, {"name": "placebo", "people": 20, "mean": "7.2"}],
)


def summary(study: dict[str, Any] | None = None, **changes: Any) -> JsonContent:
    return canonical(make_summary_file(study=study, **changes).content, "arm-training")


def spoken(before: JsonContent, after: JsonContent, kind: str = "summary") -> list[str]:
    return [one.spoken for one in differences(kind, before, after)]


def pairs() -> st.SearchStrategy[tuple[str, JsonContent, JsonContent]]:
    return st.sampled_from(list(KINDS)).flatmap(lambda kind: st.tuples(st.just(kind), contents(kind), contents(kind)))


@settings(deadline=None)
@given(pairs())
def test_whatever_was_typed_can_be_compared(pair: tuple[str, JsonContent, JsonContent]) -> None:
    kind, before, after = pair
    kept = deepcopy((before, after))
    found = differences(kind, before, after)
    for part in in_parts(found):
        assert part.name
        assert part.summary
        put_back(before, after, part)
    assert all(one.spoken and one.name for one in found)
    assert (before, after) == kept, "nothing was changed"
    assert differences(kind, before, before) == []


def test_the_fields_that_differ_are_told_in_the_order_of_the_page() -> None:
    before = summary()
    after = summary(
        author="Another Writer",
        date="2026-02-01",
        title="Arm training was tried in 41 people",
        limitations=["Few people took part, in one town."],
        study={"participants": 41, "design": "cohort"},
        support_note=True,
    )
    assert spoken(before, after) == [
        "Headline. Taken out: 40. Put in: 41. End of change.",
        "Limitation 1. Taken out: part. Put in: part, in one town. End of change.",
        "Participants. Before: 40. Now: 41.",
        "Kind of study. Before: Randomised controlled trial. Now: Cohort study of care already in use.",
        "Note on support. Before: no. Now: yes.",
        "Written by. Taken out: A. Put in: Another. End of change.",
        "Published here on. Before: 15 January 2026. Now: 1 February 2026.",
    ]


def test_one_more_finding_is_one_more_row() -> None:
    before = summary(key_findings=["Arms got stronger.", "Nobody was hurt."])
    after = summary(key_findings=["Arms got stronger.", "Sleep was much the same for all.", "Nobody was hurt."])
    assert spoken(before, after) == ["Key finding 2. Put in: Sleep was much the same for all. End of change."]
    assert spoken(after, before) == ["Old key finding 2. Taken out: Sleep was much the same for all. End of change."]


def test_a_row_that_was_moved_is_told_as_moved_and_what_changed_in_it_too() -> None:
    findings = ["Arms got stronger in most.", "Nobody was hurt at all.", "Sleep was the same for all."]
    before = summary(key_findings=findings)
    after = summary(key_findings=["Sleep was the same for many.", *findings[:2]])
    assert spoken(before, after) == [
        "Key finding 1 was key finding 3 before.",
        "Key finding 1. Taken out: all. Put in: many. End of change.",
    ]
    (part,) = in_parts(differences("summary", before, after))
    assert (part.name, part.summary) == ("Key finding 1", "1 word out, 1 in, moved")


def test_an_outcome_is_told_value_by_value_with_the_names_of_its_groups() -> None:
    before, changed = summary(study={"outcomes": [OUTCOME]}), deepcopy(OUTCOME)
    changed["groups"][1] |= {"people": 21, "mean": None}
    changed["groups"].append({"name": "no training", "people": 9})
    changed["effect"]["low"] = "0.5"
    after = summary() | {"study": before["study"] | {"outcomes": [changed]}}
    found = differences("summary", before, after)
    assert [one.spoken for one in found] == [
        "Outcome 1, people in placebo. Before: 20. Now: 21.",
        "Outcome 1, mean of placebo. Before: 7.2. Now: empty.",
        "Outcome 1, group no training. Put in: name of no training: no training people in no training: 9. "
        "End of change.",
        "Outcome 1, difference, from. Before: 0.4. Now: 0.5.",
    ]
    (part,) = in_parts(found)
    assert (part.name, part.summary, part.loc) == ("Outcome 1", "3 values, 11 words in", ("study", "outcomes", 0))


def test_a_row_that_came_or_went_is_a_part_of_its_own() -> None:
    before, after = summary(limitations=["Few people."]), summary(limitations=["It was short, and in one place."])
    both = summary(limitations=["Few people.", "It was short, and in one place."])
    assert [(one.name, one.state) for one in in_parts(differences("summary", before, both))] == [
        ("Limitation 2", "added")
    ]
    (part,) = in_parts(differences("summary", both, after))
    assert (part.name, part.state, part.summary, part.loc) == (
        "Old limitation 1",
        "removed",
        "taken out",
        ("limitations", 0),
    )


def test_a_source_that_is_written_down_is_told_beside_its_finding() -> None:
    before = summary(key_findings=["Arms got stronger in most.", "Nobody was hurt."])
    source = {"where": "PubMed 1", "read": "abstract", "place": "Results"}
    after = summary(key_findings=[{"text": "Arms got stronger in many.", "source": source}, "Nobody was hurt."])
    found = differences("summary", before, after)
    assert [(one.name, one.kind) for one in found] == [
        ("Key finding 1", "words"),
        ("Key finding 1, source", "words"),
        ("Key finding 1, source, what was read", "value"),
        ("Key finding 1, source, place in it", "words"),
    ]
    (part,) = in_parts(found)
    assert part.loc == ("key_findings", 0)
    assert put_back(before, after, part) == before
    new = summary(key_findings=[*before["key_findings"], {"text": "It lasted.", "source": source}])
    [added] = differences("summary", before, new)
    assert added.spoken == (
        "Key finding 3. Put in: It lasted. source: PubMed 1 source, what was read: abstract source, place in it: "
        "Results. End of change."
    )
    moved = summary(key_findings=[*after["key_findings"][1:], after["key_findings"][0]])
    assert [one.kind for one in differences("summary", after, moved)] == ["moved"], "its source goes along"


def test_a_list_of_names_is_told_as_one() -> None:
    before = summary(study={"authors": ["A Writer", "B Writer"], "injury_phases": ["acute"]})
    after = summary(study={"authors": ["A Writer", "C Reader", "B Writer"], "injury_phases": ["acute", "chronic"]})
    phases, authors = differences("summary", before, after)
    assert (phases.name, authors.name, authors.spoken) == (
        "Time since the injury",
        "Authors",
        "Authors. Put in: C Reader. End of change.",
    )
    assert "chronic" not in phases.spoken, "phases go by their names"


def test_topics_and_pages_are_told_too() -> None:
    topic = canonical(make_topic_file().content, "hand-and-arm-use")
    changed = deepcopy(topic)
    changed["statements"][0] |= {"certainty": "moderate", "text": "Training probably helps."}
    changed["unknown"].append("Who it helps most.")
    assert spoken(topic, changed, "topic") == [
        "Statement 1, how sure. Before: low. Now: moderate.",
        "Statement 1, text. Taken out: may help. Put in: probably helps. End of change.",
        "What nobody knows yet, point 2. Put in: Who it helps most. End of change.",
    ]
    page = canonical(make_page_file().content, "about")
    assert spoken(page, page | {"lead": "Some words.", "contents": True}, "page") == [
        "First sentences. Taken out: A few. Put in: Some. End of change.",
        "List of headings beside it. Before: no. Now: yes.",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"title": "One"}, {"title": " One\n"}),
        ({"simple_explanation": "a\n\nb"}, {"simple_explanation": "a\r\n\r\nb"}),
        ({"harms": None, "related": []}, {}),
        ({"support_note": False}, {}),
        ({"study": {"participants": 40}}, {"study": {"participants": "40"}}),
        ({"study": {"effect": {}}}, {"study": None}),
        ({"related": ["pain"]}, {"related": [{"summary": "pain"}]}),
    ],
)
def test_what_means_the_same_is_no_difference(before: JsonContent, after: JsonContent) -> None:
    assert spoken(before, after) == []


def test_what_the_schema_does_not_know_is_told_by_its_own_name() -> None:
    assert spoken({"old_field": 1}, {"new_field": {"a": [1, True]}, "key_findings": "half"}) == [
        "Key Findings. Before: empty. Now: half.",
        "new field. Before: empty. Now: a: 1\nyes.",
        "old field. Taken out: 1. End of change.",
    ]
    assert spoken({"study": "?"}, {"study": {}}) == ["Study. Before: ?. Now: empty."]


def part_named(name: str, before: JsonContent, after: JsonContent) -> Any:
    (found,) = [part for part in in_parts(differences("summary", before, after)) if part.name == name]
    return found


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("Headline", {"title": "Another"}),
        ("Side effects and harms", {"harms": "Two men fell."}),
        ("Participants", {"study": {"participants": 7}}),
        ("Key finding 2", {"key_findings": ["Arms got a bit stronger.", "Nobody was hurt, we think."]}),
        ("Old key finding 2", {"key_findings": ["Arms got a bit stronger."]}),
        ("Key finding 3", {"key_findings": ["Arms got a bit stronger.", "Nobody was hurt.", "All slept very well."]}),
        ("Key finding 1", {"key_findings": ["Nobody was hurt.", "Arms got a bit stronger."]}),
        ("Outcome 1", {"study": {"outcomes": [OUTCOME]}}),
        ("Related summary 1", {"related": ["pain"]}),
    ],
)
def test_one_part_can_be_put_back_and_the_rest_stays(name: str, changes: dict[str, Any]) -> None:
    before, after = summary(), summary(**changes, description="In few people.")
    part = part_named(name, before, after)
    back = put_back(before, after, part)
    assert [one.name for one in in_parts(differences("summary", before, back))] == ["In short"]


def test_a_difference_can_be_held_against_another() -> None:
    one, same = (differences("summary", {"title": "a"}, {"title": "b"})[0] for _ in range(2))
    assert isinstance(one, Difference)
    assert one == same
    assert (one.loc, one.label, one.words_out, one.words_in) == (("title",), "", 1, 1)
