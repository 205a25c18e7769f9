"""How far the result of a study can be trusted.

Everything a reader is told about strength is derived from the kind of study (designs.py): the level on the Oxford
CEBM 2011 ladder (https://www.cebm.ox.ac.uk/resources/levels-of-evidence), the stage of the road from laboratory to
use, and what such a study can and cannot tell. A trial's phase is a separate fact: it says nothing about the level.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.editorial.designs import DESIGNS, Design, Stage

LARGER_TRIAL = 30
"""People in a comparative trial from which we call it "larger"; fewer are still first people.

Our own line, not Oxford's; /how-we-write says so.
"""


@dataclass(frozen=True)
class Level:
    """One step of the Oxford CEBM 2011 ladder for the question "does this treatment help?"."""

    number: int
    strength: str
    kinds: str
    words: str


LEVELS = (
    Level(
        1,
        "Strongest",
        "systematic review of randomised trials",
        "A careful review that adds up all the randomised trials on a treatment.",
    ),
    Level(
        2,
        "Strong",
        "randomised trial, or a study with a dramatic effect",
        "One trial that put people into groups by chance.",
    ),
    Level(
        3,
        "Middling",
        "controlled study without chance groups",
        "Groups were compared over time, but chance did not make the groups.",
    ),
    Level(
        4,
        "Weak",
        "case series, case-control study, or comparison with past patients",
        "A few patients, or a look back, with no fair comparison group.",
    ),
    Level(
        5,
        "Weakest",
        "reasoning from how the body works",
        "Reasoning from how the body works, such as laboratory or animal findings.",
    ),
)

CERTAINTIES = {
    "high": "We are sure",
    "moderate": "We are fairly sure",
    "low": "We are not very sure",
    "very low": "We are very unsure",
}
"""GRADE's four words for how sure one can be, as a reader is told."""
_NO_TREATMENT = "No treatment was tested, so this study is not on the road from lab to use."
NOT_ON_THE_LADDER = "Not on the ladder"


def level_name(number: int) -> str:
    """A level where it is listed, words first: Strong (step 2 of 5)."""
    return f"{LEVELS[number - 1].strength} (step {number} of {len(LEVELS)})"


@dataclass(frozen=True)
class Appraisal:
    """What is derived for one study."""

    design: Design
    level: int | None
    off_ladder: str
    stage: Stage | None
    off_road: str
    caution: str
    """The fixed sentence for animal and cell studies; empty for studies of people."""

    @property
    def strength(self) -> str:
        """The level in words: strong kind of study."""
        return f"{LEVELS[self.level - 1].strength} kind of study" if self.level else NOT_ON_THE_LADDER

    @property
    def step(self) -> str:
        """The number behind the words; a reader cannot know which end is up."""
        return f"step {self.level} of {len(LEVELS)}, 1 is strongest" if self.level else self.off_ladder

    @property
    def level_sentence(self) -> str:
        """The level where there is no drawing: in letters and feeds."""
        return f"{self.strength} ({self.step})." if self.level else f"Evidence level: none. {self.off_ladder}"


def appraise(
    design: str,
    *,
    participants: int | None = None,
    subjects: str = "people",
    trial_phase: str | None = None,
    is_retracted: bool = False,
) -> Appraisal:
    """Derive level, stage and cautions of one study. `design` is a key of DESIGNS.

    A comparative trial counts as "larger" when at least LARGER_TRIAL people are known to have taken
    part, and never while its phase begins with 0 or 1. A retracted study has no level: it is no evidence.
    """
    found = DESIGNS[design]
    stage = found.stage
    is_small = participants is None or participants < LARGER_TRIAL
    is_first = trial_phase is not None and trial_phase.startswith(("0", "1"))
    if design in {"rct", "crossover_rct", "controlled_trial"} and (is_small or is_first):
        stage = Stage.FIRST_PEOPLE
    return Appraisal(
        design=found,
        level=None if is_retracted else found.level,
        off_ladder="This paper was withdrawn. It is not evidence of anything." if is_retracted else found.off_ladder,
        stage=stage,
        off_road="" if stage else _NO_TREATMENT,
        caution=_caution(subjects, is_retracted=is_retracted) if found.is_preclinical else "",
    )


def _caution(subjects: str, *, is_retracted: bool) -> str:
    """True of every such study, also where others have tried the idea in people; of a withdrawn one nothing is said."""
    done = f"Done in {subjects}."
    return done if is_retracted else f"{done} This study does not show that it works in people."
