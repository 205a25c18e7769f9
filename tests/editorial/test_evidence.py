"""From the design of a study follow its level, its stage and what readers are told about it."""

from __future__ import annotations

import pytest

from webapp.editorial.designs import DESIGNS, Stage
from webapp.editorial.evidence import LARGER_TRIAL, LEVELS, appraise

LADDER = {
    "systematic_review": (1, Stage.LARGER_TRIALS),
    "rct": (2, Stage.LARGER_TRIALS),
    "crossover_rct": (2, Stage.LARGER_TRIALS),
    "controlled_trial": (3, Stage.LARGER_TRIALS),
    "cohort": (3, Stage.IN_USE),
    "mixed_review": (3, Stage.FIRST_PEOPLE),
    "review_of_surveys": (None, None),
    "population_cohort": (None, None),
    "single_arm_trial": (4, Stage.FIRST_PEOPLE),
    "case_series": (4, Stage.FIRST_PEOPLE),
    "within_person_experiment": (4, Stage.FIRST_PEOPLE),
    "case_report": (4, Stage.FIRST_PEOPLE),
    "descriptive_series": (None, None),
    "cross_sectional": (None, None),
    "qualitative": (None, None),
    "animal": (5, Stage.ANIMALS),
    "laboratory": (5, Stage.LAB),
}
COMPARATIVE = ["rct", "crossover_rct", "controlled_trial"]


def test_the_list_of_designs_is_closed() -> None:
    assert set(DESIGNS) == set(LADDER)
    with pytest.raises(KeyError):
        appraise("expert_opinion")


@pytest.mark.parametrize("key", DESIGNS)
def test_every_design_says_what_it_is_and_what_it_can_and_cannot_tell(key: str) -> None:
    design = DESIGNS[key]
    for words in (design.name, design.meaning, design.can_tell, design.cannot_tell):
        assert words.strip()
        assert words[0].isupper()
    for sentence in (design.meaning, design.can_tell, design.cannot_tell):
        assert sentence.endswith(".")
    assert bool(design.off_ladder) == (design.level is None), "no level only with a reason"
    assert (design.level is None) == (design.stage is None), "ladder and road are both for treatments"


def test_no_two_designs_are_told_in_the_same_words() -> None:
    assert len({design.name for design in DESIGNS.values()}) == len(DESIGNS)
    assert len({design.meaning for design in DESIGNS.values()}) == len(DESIGNS)


@pytest.mark.parametrize("key", DESIGNS)
def test_level_and_stage_follow_from_the_design(key: str) -> None:
    found = appraise(key, participants=500)
    assert (found.level, found.stage) == LADDER[key]
    assert bool(found.off_road) == (found.stage is None)


def test_the_ladder_has_five_steps_in_words() -> None:
    assert [level.number for level in LEVELS] == [1, 2, 3, 4, 5]
    assert all(level.kinds and level.words.endswith(".") for level in LEVELS)
    assert {design.level for design in DESIGNS.values()} - {None} == {1, 2, 3, 4, 5}


def test_every_stage_has_a_label_and_a_meaning() -> None:
    assert [stage.label for stage in Stage] == ["Lab", "Animals", "First people", "Larger trials", "In use"]
    assert len({stage.meaning for stage in Stage}) == len(Stage)


@pytest.mark.parametrize("key", DESIGNS)
def test_a_retracted_study_has_no_level(key: str) -> None:
    found = appraise(key, participants=500, is_retracted=True)
    assert found.level is None
    assert found.off_ladder == "This paper was withdrawn. It is not evidence of anything."


@pytest.mark.parametrize("key", COMPARATIVE)
def test_a_small_comparative_trial_is_still_about_first_people(key: str) -> None:
    assert appraise(key, participants=LARGER_TRIAL - 1).stage is Stage.FIRST_PEOPLE
    assert appraise(key, participants=LARGER_TRIAL).stage is Stage.LARGER_TRIALS
    assert appraise(key).stage is Stage.FIRST_PEOPLE


@pytest.mark.parametrize("phase", ["0", "1", "1/2", "1b"])
def test_a_first_phase_trial_is_about_first_people_however_many_they_are(phase: str) -> None:
    found = appraise("rct", participants=500, trial_phase=phase)
    assert found.stage is Stage.FIRST_PEOPLE
    assert found.level == 2, "a trial's phase is not its level"


@pytest.mark.parametrize("phase", ["2", "2b/3", "3", None])
def test_a_later_phase_leaves_the_stage_alone(phase: str | None) -> None:
    assert appraise("rct", participants=500, trial_phase=phase).stage is Stage.LARGER_TRIALS


def test_size_and_phase_change_nothing_where_nothing_is_compared() -> None:
    assert appraise("cohort", participants=5, trial_phase="1").stage is Stage.IN_USE
    assert appraise("systematic_review", participants=5).stage is Stage.LARGER_TRIALS
    assert appraise("animal", participants=5, trial_phase="1").stage is Stage.ANIMALS


def test_a_single_arm_phase_1_trial_is_on_level_4() -> None:
    assert appraise("single_arm_trial", participants=9, trial_phase="1").level == 4


@pytest.mark.parametrize("key", DESIGNS)
def test_animal_and_cell_studies_carry_a_caution_and_studies_of_people_do_not(key: str) -> None:
    is_preclinical = key in {"animal", "laboratory"}
    wanted = "Done in rats. This study does not show that it works in people." if is_preclinical else ""
    assert appraise(key, subjects="rats").caution == wanted
    assert appraise(key, subjects="rats", is_retracted=True).caution == ("Done in rats." if is_preclinical else "")
