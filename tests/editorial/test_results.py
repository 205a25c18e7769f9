"""The result of a study: derived from its planned main outcome and its kind, and for each shipped one as set by eye."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import STARTER
from tests.factories import make_outcome, make_text
from webapp.documents.schema import SummaryContent
from webapp.documents.study import Outcome
from webapp.editorial.designs import DESIGNS
from webapp.editorial.results import Result, ResultKind, result_of
from webapp.library.files import read, read_text

KEYS = sorted(path.stem for path in (STARTER / "summaries").glob("*.md"))

# What a person who reads the facts of each study would say, set before the program was asked.
EXPECTED = {
    "1998-corrected-neurite-growth-inhibitors": "preclinical",
    "ajiboye-2017-bci-fes": "cannot-tell",
    "akhlaghpasand-2024-exosomes": "cannot-tell",
    "alaca-2005-penile-vibration-spasticity": "cannot-tell",
    "alvarez-2021-dancing-molecules": "preclinical",
    "angeli-2018-epidural-walking": "cannot-tell",
    "arora-2020-electrical-stimulation-ulcers-cochrane": "better",
    "berlowitz-2013-respiratory-training-cochrane": "mixed",  # lung volume and strength, but not breathlessness
    "berlowitz-2019-cosaq": "no-clear-difference",
    "biering-sorensen-2012-sexual-function": "describes",
    "boswell-ruys-2020-breathing-muscle-training": "better",
    "bracken-1990-nascis-2": "no-clear-difference",  # the gain is of a subgroup
    "burns-2015-neurogenic-bowel-experience": "describes",
    "bydon-2024-celltop": "cannot-tell",
    "cardenas-2013-pregabalin": "better",
    "carlson-2019-pressure-ulcer-prevention": "no-clear-difference",
    "christensen-2006-transanal-irrigation": "better",
    "cruz-2011-botulinum-bladder": "better",
    "dimarco-2019-cough-stimulation": "cannot-tell",
    "dobkin-2006-scilt": "no-clear-difference",
    "edwards-2022-wise": "no-clear-difference",
    "ekland-2008-silent-dysreflexia": "describes",
    "elliott-2008-caregiver-problem-solving": "mixed",  # one of four main measures is told
    "evaniew-2016-methylprednisolone-review": "no-clear-difference",
    "fann-2015-prisms-venlafaxine": "mixed",  # one depression scale, not the other
    "fehlings-2012-stascis": "mixed",  # two grades or more, not one or more
    "fehlings-2021-vx210-rho": "no-clear-difference",
    "fehlings-2023-riscis": "no-clear-difference",
    "fessler-2022-scistar": "cannot-tell",
    "galea-2018-scipa-full-on": "no-clear-difference",
    "gassaway-2017-peer-mentoring": "better",
    "geisler-2001-sygen": "no-clear-difference",
    "giuliano-2007-tadalafil": "better",
    "harkema-2018-epidural-blood-pressure": "cannot-tell",
    "harrop-2024-inspire-2": "no-clear-difference",
    "hayes-2014-intermittent-hypoxia": "mixed",  # better at some checks, no figures for the others
    "hosman-2023-sci-poem": "no-clear-difference",
    "hossain-2021-civic": "no-clear-difference",
    "houghton-2010-electrical-stimulation-ulcers": "better",
    "houlihan-2013-carecall": "mixed",  # access to care, but not the use of it
    "iezzoni-2015-pregnancy-prevalence": "describes",
    "jin-2017-retracted-methylprednisolone-autophagy": "withdrawn",
    "klaas-2014-adolescent-depression": "describes",
    "krassioukov-2010-bowel-review": "cannot-tell",  # studies of many kinds
    "krogh-2002-prucalopride": "cannot-tell",  # before and after inside each group
    "kumru-2010-rtms-spasticity": "cannot-tell",  # before and after inside each group
    "lee-2007-sinba": "no-clear-difference",
    "lorach-2023-brain-spine-interface": "cannot-tell",
    "mashola-2024-pain-experience": "describes",
    "maynard-2023-axer-204": "cannot-tell",  # safety was the planned main test
    "mccaughey-2016-abdominal-stimulation": "cannot-tell",  # studies of many kinds
    "moritz-2024-up-lift": "cannot-tell",
    "mulroy-2011-stomps-shoulder": "better",
    "neurogenic-orgasm-devices-trial": "cannot-tell",  # before and after inside each group
    "penn-1989-intrathecal-baclofen": "better",
    "phillips-2018-tscs-blood-pressure": "cannot-tell",
    "prazosin-dysreflexia-trial": "cannot-tell",  # before and after inside each group
    "pregnancy-outcomes-washington-2019": "describes",
    "prieto-2021-intermittent-catheter-cochrane": "no-clear-difference",
    "rosman-2008-neostigmine": "better",
    "sandler-2021-stimulation-vs-vibration": "no-clear-difference",
    "schulz-2009-caregivers": "better",
    "shiferaw-2020-pressure-ulcer-burden": "describes",
    "snedecor-2013-pain-drugs-review": "mixed",
    "soler-2010-tdcs-visual-illusion": "better",
    "spungen-2024-exoskeleton-veterans": "no-clear-difference",
    "stevens-2016-family-programme": "cannot-tell",  # before and after inside each group
    "taricco-2000-spasticity-drugs-cochrane": "cannot-tell",  # nine trials, not added up
    "toh-2019-prosciuttu": "no-clear-difference",
    "van-zyl-2019-nerve-transfer": "cannot-tell",
    "walter-2018-dysreflexia-prediction": "describes",
    "wecht-2020-midodrine": "mixed",  # pressure rose, but was no oftener normal
    "weidner-2025-ng101-nogo": "no-clear-difference",
    "wilsey-2016-cannabis-pain": "better",
}


@pytest.mark.parametrize("key", KEYS)
def test_each_shipped_study_has_the_result_a_reader_of_its_facts_would_give(key: str) -> None:
    content = read(STARTER / "summaries" / f"{key}.md").content
    assert isinstance(content, SummaryContent)
    study = content.study
    found = result_of(study.design, study.outcomes, is_retracted=study.is_retracted)
    assert found
    assert found.kind == EXPECTED[key]


def outcomes(*changes: dict[str, Any]) -> list[Outcome]:
    return [Outcome.model_validate(make_outcome(**change)) for change in changes]


def result(*changes: dict[str, Any], design: str = "rct") -> Result:
    found = result_of(design, outcomes(*changes))
    assert found
    return found


@pytest.mark.parametrize(
    ("direction", "kind"),
    [
        ("better", ResultKind.BETTER),
        ("worse", ResultKind.WORSE),
        ("no clear difference", ResultKind.NO_DIFFERENCE),
        ("mixed", ResultKind.MIXED),
    ],
)
def test_the_main_outcome_makes_the_result(direction: str, kind: ResultKind) -> None:
    assert result({"direction": direction}) == Result(kind)


def test_nothing_but_the_main_outcome_in_everybody_counts() -> None:
    others: list[dict[str, Any]] = [
        {"role": "secondary", "direction": "better"},
        {"role": "secondary", "direction": "better", "subgroup": "people treated early"},
        {"role": "harm", "direction": "worse"},
        {"role": "main", "topic": "safety", "direction": "worse"},
        {"role": "main", "topic": "survival", "direction": "described"},
    ]
    assert result({"direction": "no clear difference"}, *others).kind == ResultKind.NO_DIFFERENCE


def test_to_stay_alive_can_be_what_was_tested() -> None:
    assert result({"topic": "survival", "direction": "no clear difference"}) == Result(ResultKind.NO_DIFFERENCE)


def test_main_outcomes_that_differ_are_mixed() -> None:
    assert result({"direction": "better"}, {"direction": "no clear difference"}).kind == ResultKind.MIXED


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"role": "secondary"}, "the planned main test is not known"),
        ({"topic": "safety"}, "the main test was of safety"),
        ({"topic": "survival", "direction": "described"}, "the main test was of survival"),
        ({"direction": "uncontrolled change"}, "the groups were not compared with each other"),
        ({"direction": "described"}, "the groups were not compared with each other"),
    ],
)
def test_where_it_cannot_be_told_the_reason_is(changes: dict[str, Any], why: str) -> None:
    assert result(changes) == Result(ResultKind.CANNOT_TELL, why)


def test_a_review_whose_trials_were_not_added_up_cannot_tell() -> None:
    assert result({"direction": "described"}, design="systematic_review").why == "the trials were not added up"


@pytest.mark.parametrize("design", [key for key, one in DESIGNS.items() if one.not_compared])
def test_without_a_comparison_no_outcome_makes_a_result(design: str) -> None:
    for changes in ([], [{"direction": "better"}]):
        found = result_of(design, outcomes(*changes))
        assert found == Result(ResultKind.CANNOT_TELL, DESIGNS[design].not_compared)


def test_the_kind_of_study_settles_what_no_outcome_can() -> None:
    assert result({}, design="animal").kind == result({}, design="laboratory").kind == ResultKind.PRECLINICAL
    for design in ("cross_sectional", "qualitative", "population_cohort", "descriptive_series"):
        assert result({"direction": "better"}, design=design).kind == ResultKind.DESCRIBES
    withdrawn = result_of("rct", outcomes({}), is_retracted=True)
    assert withdrawn == Result(ResultKind.WITHDRAWN)


@pytest.mark.parametrize(
    ("design", "caveat"),
    [
        ("cohort", "Chance did not make the groups."),
        ("controlled_trial", "It is not stated that chance made the groups."),
    ],
)
def test_groups_that_chance_may_not_have_made_are_said_to_be_so(design: str, caveat: str) -> None:
    assert result({}, design=design) == Result(ResultKind.BETTER, "", caveat)
    assert not result({"topic": "safety"}, design=design).caveat, "nothing was told of the groups"


def test_of_a_trial_whose_outcomes_are_not_written_down_nothing_is_said() -> None:
    assert result_of("rct", []) is None


def test_every_kind_has_a_sign_and_words_of_its_own() -> None:
    assert len({kind.sign for kind in ResultKind}) == len({kind.label for kind in ResultKind}) == len(ResultKind)
    assert Result(ResultKind.BETTER).words("usual care") == "Did better than usual care"
    assert Result(ResultKind.WORSE).words("") == "Did worse"
    assert Result(ResultKind.CANNOT_TELL, "it is about one person").words("x") == "Cannot tell: it is about one person"


@pytest.mark.parametrize("place", ["title: ", "  design: "])
@pytest.mark.parametrize("name", ["result", "level", "stage"])
def test_what_is_derived_cannot_be_typed(place: str, name: str) -> None:
    indent = place[: len(place) - len(place.lstrip())]
    text = make_text().replace(f"\n{place}", f"\n{indent}{name}: better\n{place}", 1)
    (fault,) = read_text(text, "file.md", "file").diagnostics
    assert fault.field.split(".")[-1] == name
    assert fault.problem == "is never typed"
    assert fault.remedy.startswith("Take it out: it is worked out from `")
