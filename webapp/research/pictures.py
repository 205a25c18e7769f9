"""The main result of a study as pictures: what can be drawn of its outcomes, and drawn honestly.

Both groups and the harm are drawn at one scale; a group nobody was in, or that is not known, keeps its empty row.
What was measured in another study is never drawn here. Where the numbers are too thin there is no picture: then
only words are left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from webapp.documents.origin import Origin
from webapp.documents.study import Outcome, Study
from webapp.editorial.designs import DESIGNS
from webapp.editorial.results import Direction
from webapp.research.effects import Band, band_of
from webapp.research.groups import Row, called, numbers, people, share

ALONE = "Nobody was in a comparison group"
NOT_APART = "Nothing to compare it with in what we read"
_DEATH = re.compile(r"\bdeath|\bdied", re.IGNORECASE)
_SERIOUS = re.compile(r"\bserious|\bbroken", re.IGNORECASE)
VERDICTS: dict[Direction, str] = {
    "better": "better",
    "worse": "worse",
    "no clear difference": "no clear difference",
    "mixed": "mixed results",
    "uncontrolled change": "changed, with nobody to compare",
    "described": "",
}
"""What a direction is called behind the name of an outcome."""
_OF_HARM = VERDICTS | {"better": "less often", "worse": "more often"}


@dataclass(frozen=True)
class Panel:
    """One outcome, drawn or told."""

    title: str
    about: str
    """What was measured, and when."""
    source: Origin
    rows: tuple[Row, ...] = ()
    band: Band | None = None
    verdict: str = ""
    is_bad: bool = False
    """Whether what the filled figures stand for is bad for the person."""

    @property
    def is_drawn(self) -> bool:
        return self.band is not None or any(row.of for row in self.rows)

    @property
    def is_of_hundred(self) -> bool:
        return any(row.of == 100 for row in self.rows)

    @property
    def is_told(self) -> bool:
        """Whether there are numbers, drawn or not."""
        return self.is_drawn or bool(self.rows)

    @property
    def in_words(self) -> str:
        """What came of it and its numbers, for where nothing is drawn."""
        rows = "; ".join(f"{row.words} {row.name}".strip() for row in self.rows)
        numbers = self.band.sentence if self.band else f"{rows}."
        return f"{self.verdict[:1].upper()}{self.verdict[1:]}. {numbers}" if self.verdict else numbers


class Kind(NamedTuple):
    """What of the kind of study decides how its outcomes are told."""

    is_treatment: bool
    not_by_chance: str
    """What has to stand beside a difference; empty where chance made the groups."""
    alone: str
    """What stands in the place of a second group."""


@dataclass(frozen=True)
class Pictures:
    """What is shown of a study's main result and its harm."""

    main: tuple[Panel, ...] = ()
    """A second one only where the main outcomes point differently: neither is left out for the other."""
    others: tuple[str, ...] = ()
    """The other main outcomes, each with what came of it."""
    harm: Panel | None = None
    """The worst harm of this study whose number is known."""
    asks_for_harms: bool = False
    """Whether harms are a question here at all: a treatment was tested in people."""


def pictures_of(study: Study) -> Pictures:
    """What can be shown of a study; nothing of one that was withdrawn, or done in animals or cells."""
    design = DESIGNS[study.design]
    if study.is_retracted or design.is_preclinical:
        return Pictures()
    alone = ALONE if design.not_compared and not design.is_review else NOT_APART
    kind = Kind(design.stage is not None, design.not_by_chance, alone)
    main = [outcome for outcome in study.own_outcomes if outcome.role == "main" and not outcome.subgroup]
    harms = [outcome for outcome in study.own_outcomes if outcome.role == "harm"]
    panels = [_panel(outcome, kind) for outcome in main]
    shown = _shown(main, panels, is_treatment=kind.is_treatment)
    return Pictures(
        main=tuple(panels[place] for place in shown),
        others=tuple(filter(None, (_told(main[place]) for place in range(len(main)) if shown and place not in shown))),
        harm=_worst(harms, kind) if kind.is_treatment else None,
        asks_for_harms=kind.is_treatment,
    )


def _shown(main: Sequence[Outcome], panels: Sequence[Panel], *, is_treatment: bool) -> list[int]:
    """The first main outcome that can be drawn, or else told in numbers; and with one that is drawn the first that
    points another way.
    """
    drawn = [place for place, panel in enumerate(panels) if panel.is_drawn]
    if not drawn:
        return [place for place, panel in enumerate(panels) if panel.is_told and is_treatment][:1]
    first, verdict = main[drawn[0]].direction, panels[drawn[0]].verdict
    apart = [place for place in drawn if verdict and panels[place].verdict and main[place].direction != first]
    return drawn[:1] + apart[:1]


def _verdict(outcome: Outcome, kind: Kind) -> str:
    """What came of an outcome, and with what: "better with the drug"; of a harm, how often it happened."""
    verdict = (_OF_HARM if outcome.role == "harm" else VERDICTS)[outcome.direction]
    if outcome.direction in {"better", "worse"}:
        verdict += f" {called(outcome.groups[0])}" if len(outcome.groups) == 2 else " with the treatment"
    if outcome.direction in {"better", "worse"} and kind.not_by_chance:
        verdict += f", but {kind.not_by_chance}"
    return verdict


def _told(outcome: Outcome) -> str:
    """An outcome and what came of it; nothing of one whose number nobody gives: its bare name reads like an event."""
    if verdict := VERDICTS[outcome.direction]:
        return f"{outcome.name}: {verdict}"
    counts = [
        f"{group.count} of {group.people}" if group.people else f"{group.count} people"
        for group in outcome.groups
        if group.count is not None
    ]
    return f"{outcome.name}: {', '.join(counts)}" if counts else ""


def _worst(harms: Sequence[Outcome], kind: Kind) -> Panel | None:
    """Deaths before what was shown to be worse, that before serious harms, and of each kind the most frequent."""
    panels = [(outcome, _panel(outcome, kind)) for outcome in harms]
    known = [(outcome, panel) for outcome, panel in panels if panel.is_told]

    def weight(found: tuple[Outcome, Panel]) -> tuple[bool, bool, bool, bool, float]:
        outcome, panel = found
        largest = max((share(group) or 0 for group in outcome.groups), default=0)
        happened = panel.band is not None or largest > 0
        is_death = bool(_DEATH.search(outcome.name)) and outcome.direction != "no clear difference"
        is_serious = bool(_SERIOUS.search(outcome.name))
        return happened and is_death, outcome.direction == "worse", happened and is_serious, panel.is_drawn, largest

    return max(known, key=weight)[1] if known else None


def _panel(outcome: Outcome, kind: Kind) -> Panel:
    """One outcome as the best of what can be shown: people, else the range of the effect, else the bare numbers."""
    rows = people(outcome.groups)
    band = None if rows or not kind.is_treatment else band_of(outcome)
    if not rows and not band and len(outcome.groups) > 1:
        rows = numbers(outcome.groups)
    if kind.is_treatment and len(outcome.groups) == 1 and rows:
        rows = (*rows, Row(kind.alone, is_empty=True))
    is_compared = band is not None or len(outcome.groups) > 1
    when = f", {outcome.when}" if outcome.when and outcome.when not in outcome.measure else ""
    return Panel(
        title=outcome.name,
        about=f"{outcome.measure[:1].upper()}{outcome.measure[1:]}{when}",
        source=outcome.source,
        rows=rows,
        band=band,
        verdict=_verdict(outcome, kind) if kind.is_treatment and is_compared else "",
        is_bad=outcome.better == "lower" or outcome.topic == "safety",
    )
