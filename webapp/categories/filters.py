"""What the list of trials of a topic is narrowed to, read from the query string."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from webapp.editorial.characters import as_typed

MAX_LENGTH = 60
"""Characters of a country's name that are kept."""


@dataclass(frozen=True)
class TrialFilter:
    """The trials with a place in a country; all of them without one. Which countries there are, the list knows."""

    country: str = ""

    @classmethod
    def from_query(cls, args: Mapping[str, str]) -> TrialFilter:
        return cls(as_typed(args.get("country", "")[:MAX_LENGTH]))

    @property
    def clean_query(self) -> str:
        return urlencode({"country": self.country}) if self.country else ""
