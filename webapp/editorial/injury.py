"""The phases of an injury that a study can be about, and the levels of the cord its people were injured at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class InjuryPhase(StrEnum):
    """How long after the injury people took part."""

    ACUTE = "acute"
    SUBACUTE = "subacute"
    CHRONIC = "chronic"

    @property
    def label(self) -> str:
        """For a list to choose from, with its meaning."""
        return f"{self.value.capitalize()}: {_MEANINGS[self]}"


_MEANINGS = {
    InjuryPhase.ACUTE: "first hours and days",
    InjuryPhase.SUBACUTE: "weeks to months",
    InjuryPhase.CHRONIC: "long-standing",
}


class Region(NamedTuple):
    name: str
    levels: int


REGIONS = {"C": Region("neck", 8), "T": Region("chest", 12), "L": Region("lower back", 5), "S": Region("tail", 5)}
"""The regions of the cord from the top."""
LEVELS = [f"{letter}{number}" for letter, region in REGIONS.items() for number in range(1, region.levels + 1)]
"""Every level of the cord, from C1 to S5."""
_NAMED = {"neck": "C", "cervical": "C", "chest": "T", "thoracic": "T", "lumbar": "L", "sacral": "S"}
_REGION = re.compile(rf"\b({'|'.join(_NAMED)})\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b[CTLS]\d{1,2}\b")
_UP = re.compile(r"\b(?:above|higher|up)\b")
_OPEN = re.compile(rf"{_UP.pattern}|\b(?:below|lower|down)\b")


@dataclass(frozen=True)
class LevelRange:
    """The levels of the cord between the highest and the lowest injury of a study: both are names of LEVELS."""

    first: str
    last: str
    is_named: bool
    """Whether levels were named, and not only regions."""

    @property
    def places(self) -> range:
        """Where these levels stand in LEVELS."""
        return range(LEVELS.index(self.first), LEVELS.index(self.last) + 1)

    @property
    def levels(self) -> str:
        """T2 to T12; empty where only regions were named."""
        if not self.is_named:
            return ""
        return self.first if self.first == self.last else f"{self.first} to {self.last}"

    @property
    def regions(self) -> str:
        """Neck and chest level."""
        letters = list(REGIONS)
        spanned = letters[letters.index(self.first[0]) : letters.index(self.last[0]) + 1]
        return " to ".join(dict.fromkeys((REGIONS[spanned[0]].name, REGIONS[spanned[-1]].name))) + " level"


def levels_in(text: str) -> LevelRange | None:
    """The levels that a description of the injury names, such as "Neck (cervical) injuries, C4 to C7".

    None where it names none, where it says what share of the people had which, and where "above" or "below" leaves
    open how far: nothing is guessed.
    """
    named = [level for level in _LEVEL.findall(text) if level in LEVELS]
    regions = list(dict.fromkeys(_NAMED[word.lower()] for word in _REGION.findall(text)))
    if "%" in text:
        return None
    if _OPEN.search(text):
        if len(named) != 1 or regions != [named[0][0]]:
            return None
        named.append(f"{regions[0]}{1 if _UP.search(text) else REGIONS[regions[0]].levels}")
    found = named or [f"{region}{number}" for region in regions for number in (1, REGIONS[region].levels)]
    places = sorted(LEVELS.index(level) for level in found)
    return LevelRange(LEVELS[places[0]], LEVELS[places[-1]], is_named=bool(named)) if places else None
