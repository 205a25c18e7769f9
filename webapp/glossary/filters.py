"""What the glossary is narrowed to, read from the query string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from webapp.editorial.characters import as_typed
from webapp.models import Term

MAX_LENGTH = 100
"""Characters of what was typed that are looked at: no name of a term is longer."""


@dataclass(frozen=True)
class GlossaryFilter:
    """The terms whose names or meaning hold these letters; all of them without any."""

    q: str = ""

    @classmethod
    def from_query(cls, args: Mapping[str, str]) -> GlossaryFilter:
        return cls(as_typed(args.get("q", "")[:MAX_LENGTH]))

    @property
    def clean_query(self) -> str:
        return urlencode({"q": self.q}) if self.q else ""

    def among(self, terms: Iterable[Term]) -> list[Term]:
        """Those that hold the letters, in their order: in a name before in the meaning."""
        looked_for = self.q.lower()
        named, meant = [], []
        for term in terms:
            if any(looked_for in name.lower() for name in term.names):
                named.append(term)
            elif looked_for in term.definition.lower():
                meant.append(term)
        return named + meant
