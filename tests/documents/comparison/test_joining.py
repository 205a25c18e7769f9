"""Two versions written on one and the same are joined, and nothing of either is lost."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.documents.comparison.texts import contents
from tests.factories import make_outcome
from webapp.documents.comparison.joining import Joined, joined
from webapp.documents.comparison.reading import spoken
from webapp.documents.comparison.values import MISSING, is_same
from webapp.documents.schema import KINDS, JsonContent

Three = tuple[str, JsonContent, JsonContent, JsonContent]
BASE: JsonContent = {
    "title": "A shot before bowel care",
    "harms": "Not known.",
    "key_findings": ["Arms got a bit stronger.", "Nobody was hurt at all.", "Sleep was the same for all."],
    "study": {"participants": 40, "journal": "Spinal Cord", "outcomes": [make_outcome()]},
}


def threes() -> st.SearchStrategy[Three]:
    def of(kind: str) -> st.SearchStrategy[Three]:
        return st.tuples(st.just(kind), contents(kind), contents(kind), contents(kind))

    return st.sampled_from(list(KINDS)).flatmap(of)


def taken(found: Joined) -> list[tuple[str, str]]:
    return [(one.name, one.whose) for one in found.taken]


def leaves(value: Any) -> set[str]:
    """Every text and number in a value."""
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return {leaf for part in parts for leaf in leaves(part)}
    return set() if value is MISSING else {repr(value)}


@settings(deadline=None)
@given(threes())
@example(("summary", {"key_findings": [{}]}, {"key_findings": [""]}, {}))
def test_what_only_one_side_changed_is_taken_as_it_is(three: Three) -> None:
    kind, base, mine, _ = three
    for found in (joined(kind, base, mine, base), joined(kind, base, base, mine), joined(kind, base, mine, mine)):
        assert found.conflicts == []
        assert is_same(found.content, mine)


@settings(deadline=None)
@given(threes())
def test_nothing_that_either_side_wrote_is_lost(three: Three) -> None:
    kind, base, mine, theirs = three
    kept = deepcopy((base, mine, theirs))
    found = joined(kind, base, mine, theirs)
    there = leaves(found.content)
    for conflict in found.conflicts:
        there |= leaves(conflict.mine) | leaves(conflict.theirs)
        assert conflict.name
        assert isinstance(spoken(conflict.runs), str)
    assert leaves(mine) | leaves(theirs) <= there | leaves(base)
    assert (base, mine, theirs) == kept, "nothing was changed"


@settings(deadline=None)
@given(threes())
def test_every_conflict_can_be_settled_for_either_side(three: Three) -> None:
    kind, base, mine, theirs = three
    found = joined(kind, base, mine, theirs)
    for whose in ("mine", "theirs"):
        choices = [getattr(conflict, whose) for conflict in found.conflicts]
        content = found.settled(choices)
        chosen = {leaf for choice in choices for leaf in leaves(choice)}
        assert chosen <= leaves(content)
    assert is_same(found.settled([c.theirs if c.mine is MISSING else c.mine for c in found.conflicts]), found.content)


def test_fields_that_only_one_changed_are_in_and_what_both_changed_is_asked() -> None:
    mine = BASE | {"title": "A shot helps", "harms": "Two men fell."}
    theirs = BASE | {"title": "Two drugs", "study": BASE["study"] | {"participants": 41}}
    found = joined("summary", BASE, mine, theirs)
    assert taken(found) == [("Side effects and harms", "mine"), ("Participants", "theirs")]
    assert found.content == mine | {"study": theirs["study"]}
    (conflict,) = found.conflicts
    assert (conflict.name, conflict.loc) == ("Headline", ("title",))
    assert (conflict.base, conflict.mine, conflict.theirs) == (BASE["title"], "A shot helps", "Two drugs")
    assert spoken(conflict.runs) == "Taken out: A shot helps. Put in: Two drugs. End of change."
    assert found.settled(["Both"])["title"] == "Both"


def findings(*texts: str) -> JsonContent:
    return BASE | {"key_findings": list(texts)}


ARMS, HURT, SLEEP = BASE["key_findings"]
NEW, OTHER = "Two men had a sore that healed.", "It rained in 14 of 20 sessions."


@pytest.mark.parametrize(
    ("mine", "theirs", "result"),
    [
        ([ARMS, NEW, HURT, SLEEP], [ARMS, HURT, SLEEP, OTHER], [ARMS, NEW, HURT, SLEEP, OTHER]),
        ([ARMS, SLEEP], [ARMS, HURT, SLEEP, OTHER], [ARMS, SLEEP, OTHER]),
        ([ARMS + " A lot.", HURT, SLEEP], [ARMS, HURT, SLEEP + " Or so."], [ARMS + " A lot.", HURT, SLEEP + " Or so."]),
        ([SLEEP, ARMS, HURT], [ARMS, HURT + " We think.", SLEEP], [SLEEP, ARMS, HURT + " We think."]),
        ([ARMS, HURT + " We think.", SLEEP], [SLEEP, ARMS, HURT], [SLEEP, ARMS, HURT + " We think."]),
        ([ARMS, HURT, SLEEP, NEW], [ARMS, HURT, SLEEP, NEW], [ARMS, HURT, SLEEP, NEW]),
        ([NEW, ARMS, HURT, SLEEP], [NEW, ARMS, SLEEP], [NEW, ARMS, SLEEP]),
    ],
)
def test_rows_are_joined_one_by_one(mine: list[str], theirs: list[str], result: list[str]) -> None:
    found = joined("summary", BASE, findings(*mine), findings(*theirs))
    assert (found.content["key_findings"], found.conflicts) == (result, [])


def test_it_says_which_rows_were_taken_from_whom() -> None:
    found = joined("summary", BASE, findings(ARMS, SLEEP), findings(SLEEP, ARMS + " A lot.", HURT, NEW))
    assert taken(found) == [
        ("Key Findings, order", "theirs"),
        ("Key finding 2", "theirs"),
        ("Key finding 2, taken out", "mine"),
        ("Key finding 3", "theirs"),
    ]


def test_a_row_that_one_took_out_and_the_other_changed_is_asked() -> None:
    changed = HURT.replace("at all", "that we know of")
    for mine, theirs in (([ARMS, SLEEP], [ARMS, changed, SLEEP]), ([ARMS, changed, SLEEP], [ARMS, SLEEP])):
        found = joined("summary", BASE, findings(*mine), findings(*theirs))
        (conflict,) = found.conflicts
        assert (conflict.name, {conflict.mine, conflict.theirs}) == ("Key finding 2", {MISSING, changed})
        assert found.content["key_findings"] == [ARMS, changed, SLEEP], "it is there until somebody decides"
        assert found.settled([MISSING])["key_findings"] == [ARMS, SLEEP]
        assert found.settled([HURT])["key_findings"] == [ARMS, HURT, SLEEP]


def test_one_outcome_is_joined_value_by_value() -> None:
    def with_outcome(**changes: Any) -> JsonContent:
        return BASE | {"study": BASE["study"] | {"outcomes": [make_outcome(**changes)]}}

    found = joined("summary", BASE, with_outcome(when="6 weeks", direction="worse"), with_outcome(direction="mixed"))
    assert taken(found) == [("Outcome 1, when", "mine")]
    assert [(one.name, one.loc) for one in found.conflicts] == [
        ("Outcome 1, direction", ("study", "outcomes", 0, "direction"))
    ]
    assert found.settled(["mixed"])["study"]["outcomes"] == [make_outcome(when="6 weeks", direction="mixed")]


def test_a_row_that_both_put_in_differently_is_one_question() -> None:
    found = joined(
        "summary", BASE, findings(*BASE["key_findings"], NEW), findings(*BASE["key_findings"], NEW + " Well.")
    )
    (conflict,) = found.conflicts
    assert (conflict.name, conflict.base, conflict.mine) == ("Key finding 4", MISSING, NEW)
    assert conflict.worded(conflict.base) == ""
    assert len(found.content["key_findings"]) == 4


def test_a_text_and_its_source_are_two_things() -> None:
    source = {"where": "PubMed 1", "read": "abstract"}
    findings = BASE["key_findings"]
    mine = BASE | {"key_findings": ["Arms got much stronger.", *findings[1:]]}
    theirs = BASE | {"key_findings": [{"text": findings[0], "source": source}, *findings[1:]]}
    for found in (joined("summary", BASE, mine, theirs), joined("summary", BASE, theirs, mine)):
        assert found.conflicts == []
        assert found.content["key_findings"][0] == {"text": "Arms got much stronger.", "source": source}
    other = BASE | {"key_findings": [{"text": findings[0], "source": "PubMed 2"}, *findings[1:]]}
    found = joined("summary", BASE, other, theirs)
    [conflict] = found.conflicts
    assert conflict.name == "Key finding 1, source"
    assert found.settled([conflict.theirs])["key_findings"][0]["source"]["where"] == "PubMed 1"
