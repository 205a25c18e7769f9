"""The kinds of study, a closed list: what each is, where it stands, what it can and cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where a study stands on the road from an idea to everyday care."""

    LAB = "lab"
    ANIMALS = "animals"
    FIRST_PEOPLE = "first-people"
    LARGER_TRIALS = "larger-trials"
    IN_USE = "in-use"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()

    @property
    def meaning(self) -> str:
        return _STAGE_MEANINGS[self]


_STAGE_MEANINGS = {
    Stage.LAB: "Tested in cells or tissue in a laboratory.",
    Stage.ANIMALS: "Tested in animals. That alone does not show that it works in people.",
    Stage.FIRST_PEOPLE: "Tried in a small number of people, or with no comparison group.",
    Stage.LARGER_TRIALS: "Compared with something else in trials with many people.",
    Stage.IN_USE: "Looks at care that is already being given.",
}


@dataclass(frozen=True)
class Design:
    """A kind of study: what it is, where it stands, what it can and cannot tell a reader."""

    name: str
    meaning: str
    level: int | None
    stage: Stage | None
    """None, as the level, where no treatment was tested: the ladder and the road are for treatments."""
    can_tell: str
    cannot_tell: str
    off_ladder: str = ""
    """Why there is no level, when there is none."""
    is_preclinical: bool = False
    is_review: bool = False
    """Whether it adds up other studies: what it rests on is theirs, and its certainty is a question."""
    not_by_chance: str = ""
    """What has to stand beside a difference between its groups, when chance may not have made them."""
    not_compared: str = ""
    """Why its result cannot be told from what would have happened anyway, when that follows from the kind."""


DESIGNS: dict[str, Design] = {
    "systematic_review": Design(
        "Systematic review of trials",
        "Researchers looked for every trial on one question and added up the results.",
        1,
        Stage.LARGER_TRIALS,
        "What all the trials say when they are put together.",
        "More than the trials it found. If they are few, small or weak, so is the answer.",
        is_review=True,
    ),
    "rct": Design(
        "Randomised controlled trial",
        "Chance decided who got the treatment and who got something else.",
        2,
        Stage.LARGER_TRIALS,
        "If the treatment made a difference in the people who took part.",
        "If it works the same in people unlike those in the trial.",
    ),
    "crossover_rct": Design(
        "Randomised crossover trial",
        "People got the treatment and the comparison, and chance decided which came first.",
        2,
        Stage.LARGER_TRIALS,
        "If the treatment made a difference while it was given.",
        "If an effect lasts. The first treatment can also still be at work during the second.",
    ),
    "controlled_trial": Design(
        "Controlled trial, chance groups not stated",
        "One group got the treatment and another did not. We do not know that chance made the groups.",
        3,
        Stage.LARGER_TRIALS,
        "If the groups did differently.",
        "If the treatment was the reason. The groups may have differed from the start.",
        not_by_chance="it is not stated that chance made the groups",
    ),
    "cohort": Design(
        "Cohort study of care already in use",
        "Researchers followed groups that got different care. Chance did not make the groups.",
        3,
        Stage.IN_USE,
        "If people who got one kind of care did better than those who got another.",
        "If the care was the reason. The groups may have differed in other ways.",
        not_by_chance="chance did not make the groups",
    ),
    "mixed_review": Design(
        "Systematic review of studies of many kinds",
        "Researchers looked for every study on one question. In most of them chance did not make the groups.",
        3,
        Stage.FIRST_PEOPLE,
        "What has been tried, and what the studies saw afterwards.",
        "If a treatment was the reason for a change. A review is no stronger than the studies in it.",
        is_review=True,
        not_compared="few of its groups were made by chance",
    ),
    "review_of_surveys": Design(
        "Review of how common something is",
        "Researchers looked for every study that counted something, and added up the counts. No treatment was tested.",
        None,
        None,
        "How common something was in the people who were counted.",
        "How common it is where nobody counted, why it happens, or what helps against it.",
        "This ladder is for treatments. The review asked how common something is, which is another question.",
        is_review=True,
    ),
    "population_cohort": Design(
        "Cohort study of what happens over time",
        "Researchers followed groups of people over time. No treatment was tested.",
        None,
        None,
        "What happened more or less often in one group than in another.",
        "Why it happened. The groups may have differed in other ways.",
        "This ladder is for treatments. The study asked what happens over time, which is another question.",
    ),
    "single_arm_trial": Design(
        "Single-arm trial",
        "Everybody got the treatment. There was no comparison group.",
        4,
        Stage.FIRST_PEOPLE,
        "If something looks safe enough to study further, and what changed afterwards.",
        "If the treatment was the reason for a change. People may have got better without it.",
        not_compared="nobody was in a comparison group",
    ),
    "case_series": Design(
        "Case series",
        "A report on a few people who had the same treatment, with no comparison group.",
        4,
        Stage.FIRST_PEOPLE,
        "That something is possible, and what changed in these few people.",
        "If the treatment was the reason, or if it would be the same in others.",
        not_compared="nobody was in a comparison group",
    ),
    "within_person_experiment": Design(
        "Test in the same people, with and without",
        "A few people were tested with the treatment and without it. Nobody was given a pretend version.",
        4,
        Stage.FIRST_PEOPLE,
        "What changed in these people while the treatment was on.",
        "If hope or habit played a part, if it lasts, or if it would be the same in others.",
        not_compared="nobody was given a pretend version",
    ),
    "case_report": Design(
        "Study of one person",
        "One person's experience with a treatment, told in detail.",
        4,
        Stage.FIRST_PEOPLE,
        "That something was possible once.",
        "If it would happen again in anybody else.",
        not_compared="it is about one person",
    ),
    "descriptive_series": Design(
        "Series of measurements, no treatment tested",
        "Researchers measured what happened in a few people. No treatment was tested.",
        None,
        None,
        "That something happens, and what it looked like in these people.",
        "How common it is, or what to do about it.",
        "This ladder is for treatments. The study asked what happens, which is another question.",
    ),
    "cross_sectional": Design(
        "Survey at one point in time",
        "Researchers asked or measured a group of people once.",
        None,
        None,
        "How common something was in this group, and what came along with it.",
        "What caused what, or how things change over time.",
        "This ladder is for treatments. The study asked how common something is, which is another question.",
    ),
    "qualitative": Design(
        "Interview study",
        "Researchers talked with people and looked for what their stories share.",
        None,
        None,
        "How people live with something, in their own words.",
        "How common an experience is, or if a treatment works.",
        "This ladder is for treatments. The study asked how people live with something, which is another question.",
    ),
    "animal": Design(
        "Animal study",
        "The treatment was tested in animals with an injury made on purpose.",
        5,
        Stage.ANIMALS,
        "If an idea works in these animals and is worth more study.",
        "If it works, or is safe, in people. Most ideas that help animals do not reach people.",
        is_preclinical=True,
    ),
    "laboratory": Design(
        "Laboratory study",
        "The idea was tested in cells or tissue.",
        5,
        Stage.LAB,
        "How something may work, and if it is worth more study.",
        "If it works, or is safe, in people.",
        is_preclinical=True,
    ),
}
