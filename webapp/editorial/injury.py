"""The phases of an injury that a study can be about."""

from __future__ import annotations

from enum import StrEnum


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
