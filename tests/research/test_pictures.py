"""What is drawn of a study's outcomes, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.documents.study import Study
from webapp.research.groups import UNKNOWN
from webapp.research.pictures import ALONE, NOT_APART, pictures_of

TWO = [{"name": "drug", "people": 10, "count": 2}, {"name": "placebo", "people": 10, "count": 3}]


def outcome(**values: Any) -> dict[str, Any]:
    return {
        "name": "Better grade",
        "measure": "people whose grade rose",
        "better": "higher",
        "topic": "injury-grade",
        "role": "main",
        "groups": TWO,
        "direction": "no clear difference",
        "source": "the paper",
        **values,
    }


def study(*outcomes: dict[str, Any], **values: Any) -> Study:
    fields = {
        "title": "A trial",
        "design": "rct",
        "population": "people",
        "compared_with": "placebo",
        "sources": [{"where": "PubMed", "seen": "the abstract"}],
        "outcomes": list(outcomes),
        **values,
    }
    return Study.model_validate(fields)


def effect(kind: str, low: float, high: float, value: float | None = None) -> dict[str, Any]:
    return {"kind": kind, "low": low, "high": high} | ({"value": value} if value is not None else {})


def test_both_groups_are_drawn_as_people_at_one_scale() -> None:
    [panel] = pictures_of(study(outcome(when="6 months"))).main
    assert [(row.words, row.name, row.filled, row.of) for row in panel.rows] == [
        ("2 of 10", "with drug", 2, 10),
        ("3 of 10", "with placebo", 3, 10),
    ]
    assert (panel.title, panel.about, panel.verdict) == (
        "Better grade",
        "People whose grade rose, 6 months",
        "no clear difference",
    )


def test_when_one_group_is_large_both_are_of_every_hundred() -> None:
    groups = [{"name": "early", "people": 131, "count": 26}, {"name": "later", "people": 20, "count": 2}]
    [panel] = pictures_of(study(outcome(groups=groups))).main
    assert [(row.words, row.filled, row.of) for row in panel.rows] == [
        ("20 of every 100", 20, 100),
        ("10 of every 100", 10, 100),
    ]
    assert panel.rows[0].name == "with early (26 of 131)", "the true numbers stand in words"


def test_a_group_that_is_not_known_keeps_its_row() -> None:
    [panel] = pictures_of(study(outcome(groups=[TWO[0], {"name": "placebo"}]))).main
    assert (panel.rows[1].words, panel.rows[1].is_empty, panel.rows[1].of) == (UNKNOWN, True, 0)


@pytest.mark.parametrize(("design", "words"), [("single_arm_trial", ALONE), ("rct", NOT_APART)])
def test_one_group_never_stands_alone(design: str, words: str) -> None:
    [panel] = pictures_of(study(outcome(groups=[TWO[0]], direction="described"), design=design)).main
    assert [row.words for row in panel.rows] == ["2 of 10", words]
    assert panel.verdict == "", "there is nothing to be better than"


def test_of_a_survey_nobody_asks_for_a_comparison_or_for_harms() -> None:
    pictures = pictures_of(study(outcome(groups=[TWO[0]], direction="described"), design="cross_sectional"))
    assert [row.words for row in pictures.main[0].rows] == ["2 of 10"]
    assert not pictures.asks_for_harms


@pytest.mark.parametrize(
    "groups",
    [
        [{"name": "one man", "people": 1, "count": 1}],
        [{"name": "drug", "people": 182, "percent": 1.5}, {"name": "placebo", "people": 174, "percent": 0.4}],
        [{"name": "drug", "people": 900, "count": 899}],
        [{"name": "drug", "count": 0}],
        [{"name": "drug"}, {"name": "placebo"}],
    ],
    ids=[
        "one person",
        "less than one of a hundred",
        "all but less than one of a hundred",
        "of nobody knows how many",
        "no numbers",
    ],
)
def test_where_the_numbers_are_too_thin_there_is_no_picture(groups: list[dict[str, Any]]) -> None:
    pictures = pictures_of(study(outcome(groups=groups)))
    assert not any(panel.is_drawn for panel in pictures.main)


def test_bare_numbers_are_told_when_every_group_has_one() -> None:
    groups = [{"name": "irrigation", "mean": 10.3}, {"name": "usual care", "mean": 13.2}]
    [panel] = pictures_of(study(outcome(groups=groups))).main
    assert [row.words for row in panel.rows] == ["10.3", "13.2"]
    assert not panel.is_drawn
    assert not pictures_of(study(outcome(groups=[groups[0], {"name": "usual care"}]))).main


@pytest.mark.parametrize(
    ("kind", "better", "low", "high", "direction", "is_right"),
    [
        ("mean difference", "higher", 0.3, 2.9, "better", True),
        ("mean difference", "lower", -0.98, -0.2, "better", True),
        ("mean difference", "lower", 0.2, 0.98, "worse", False),
        ("risk ratio", "lower", 1.13, 4.19, "worse", False),
        ("risk ratio", "higher", 1.13, 4.19, "better", True),
        ("hazard ratio", "higher", 0.21, 0.99, "better", True),
    ],
)
def test_right_is_always_better(
    *, kind: str, better: str, low: float, high: float, direction: str, is_right: bool
) -> None:
    groups = [{"name": "drug"}, {"name": "placebo"}]
    shown = outcome(groups=groups, better=better, direction=direction, effect=effect(kind, low, high))
    band = pictures_of(study(shown)).main[0].band
    assert band is not None
    assert 0 < band.low < band.high < 100
    assert (band.low >= 50) is is_right
    assert (band.high <= 50) is not is_right
    assert "The range holds" not in band.sentence


def test_a_range_around_no_difference_holds_it() -> None:
    groups = [{"name": "drug"}, {"name": "placebo"}]
    shown = outcome(groups=groups, effect=effect("mean difference", -4.75, 2.53, -1.11))
    band = pictures_of(study(shown)).main[0].band
    assert band is not None
    assert band.low < band.best < 50 < band.high  # type: ignore[operator]
    assert band.sentence == (
        "Best guess −1.11, range −4.75 to 2.53; 0 is no difference. The range holds “no difference”."
    )


@pytest.mark.parametrize(
    ("kind", "better", "low", "high", "direction"),
    [
        ("mean difference", None, 0.3, 2.9, "no clear difference"),
        ("mean difference", "higher", -2.9, -0.3, "better"),
        ("mean difference", "lower", -2.9, -0.3, "worse"),
        ("hazard ratio", "lower", 0.5, 0.9, "better"),
        ("before and after", "higher", 1, 2, "uncontrolled change"),
        ("risk ratio", "lower", 0, 2, "no clear difference"),
    ],
    ids=["no way is better", "contradicts better", "contradicts worse", "a rate of what", "no comparison", "no log"],
)
def test_a_range_is_not_drawn_when_its_direction_is_not_sure(
    kind: str, better: str | None, low: float, high: float, direction: str
) -> None:
    groups = [{"name": "drug"}, {"name": "placebo"}]
    shown = outcome(groups=groups, better=better, direction=direction, effect=effect(kind, low, high))
    assert not pictures_of(study(shown)).main


def test_main_outcomes_that_point_differently_are_both_drawn_and_the_others_told() -> None:
    two_grades = outcome(name="Two grades", direction="better")
    arms = outcome(name="Arms", direction="better")
    one_grade = outcome(name="One grade", direction="no clear difference")
    deaths = outcome(name="Deaths", direction="described", groups=[{**TWO[0], "count": 0}])
    feelings = outcome(name="Feelings", direction="described", groups=[{"name": "drug"}])
    pictures = pictures_of(study(two_grades, arms, one_grade, deaths, feelings))
    assert [panel.title for panel in pictures.main] == ["Two grades", "One grade"]
    assert pictures.others == ("Arms: better", "Deaths: 0 of 10"), "a bare name would read like an event"


def test_what_chance_did_not_make_is_said_beside_the_verdict() -> None:
    better = outcome(direction="better", groups=[TWO[1], {**TWO[0], "name": "later surgery"}])
    assert pictures_of(study(better)).main[0].verdict == "better with placebo"
    assert pictures_of(study(better, design="cohort")).main[0].verdict == (
        "better with placebo, but chance did not make the groups"
    )


def test_of_three_groups_none_is_named_as_the_better_one() -> None:
    three = [*TWO, {"name": "high dose", "people": 10, "count": 4}]
    assert pictures_of(study(outcome(direction="better", groups=three))).main[0].verdict == "better with the treatment"


def test_neither_a_secondary_outcome_nor_a_subgroup_nor_another_study_is_drawn() -> None:
    shown = pictures_of(
        study(
            outcome(role="secondary"),
            outcome(role="harm", name="Deaths elsewhere", from_study="an earlier study"),
            outcome(from_study="an earlier study"),
        )
    )
    assert not shown.main
    assert shown.harm is None


def test_the_worst_harm_is_a_death_then_what_was_worse_then_what_is_serious_and_frequent() -> None:
    def harm(name: str, count: int, direction: str = "described") -> dict[str, Any]:
        groups = [{"name": "drug", "people": 10, "count": count}, {"name": "placebo", "people": 10, "count": 0}]
        return outcome(name=name, role="harm", topic="safety", better="lower", direction=direction, groups=groups)

    def worst(*harms: dict[str, Any]) -> str:
        panel = pictures_of(study(outcome(), *harms)).harm
        assert panel is not None
        assert panel.is_bad
        return panel.title

    common, serious, worse = harm("Headache", 9), harm("Serious events", 1), harm("Dizziness", 3, "worse")
    assert worst(common, serious) == "Serious events"
    assert worst(common, serious, worse) == "Dizziness"
    assert worst(common, worse, harm("Deaths", 1)) == "Deaths"
    assert worst(common, harm("Deaths", 0), harm("Serious events", 0)) == "Headache", "what did not happen is no harm"


@pytest.mark.parametrize("values", [{"design": "animal"}, {"notice": {"kind": "retraction"}}])
def test_nothing_is_drawn_of_animals_or_of_a_withdrawn_paper(values: dict[str, Any]) -> None:
    pictures = pictures_of(study(outcome(), **values))
    assert not pictures.main
    assert not pictures.asks_for_harms
