"""What a list of summaries is narrowed to, read from the query string. Unknown values are dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from webapp.documents.facets import NO_LEVEL
from webapp.editorial.characters import as_typed
from webapp.editorial.designs import Stage
from webapp.editorial.evidence import LEVELS, NOT_ON_THE_LADDER, level_name
from webapp.editorial.injury import InjuryPhase
from webapp.editorial.results import ResultKind
from webapp.search.terms import MAX_QUERY_LENGTH

SORTS = {
    "relevance": "Best match",
    "newest": "Newest study first",
    "oldest": "Oldest study first",
    "evidence": "Strongest evidence first",
    "people": "Most people first",
}
RESULTS = {kind.value: kind.label for kind in ResultKind}
STAGES = {stage.value: stage.label for stage in Stage}
LEVEL_NAMES = {str(level.number): level_name(level.number) for level in LEVELS} | {NO_LEVEL: NOT_ON_THE_LADDER}
PHASES = {phase.value: phase.label for phase in InjuryPhase}


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list, besides its category."""

    name: str
    """Of the field in the query string."""
    label: str
    any_label: str
    """The words for no choice."""
    options: Mapping[str, str]
    """The words for each choice, by its value in the query string."""


FACETS = (
    Facet("result", "Result", "Any result", RESULTS),
    Facet("stage", "How far along", "Any stage", STAGES),
    Facet("level", "Kind of study", "Any kind", LEVEL_NAMES),
    Facet("phase", "Time since the injury", "Any time", PHASES),
)
FACET_NAMES = ("category", *(facet.name for facet in FACETS))


def sorts_for(q: str) -> dict[str, str]:
    """The orders a list can have, the words by the value. Only what was searched for can be a good match."""
    return SORTS if q else {value: words for value, words in SORTS.items() if value != "relevance"}


@dataclass(frozen=True)
class ResearchFilter:
    """One state of a list; every state has its URL. Empty text means "any"."""

    q: str = ""
    category: str = ""
    stage: str = ""
    level: str = ""
    phase: str = ""
    result: str = ""
    sort: str = "newest"
    page: int = 1
    exact: str = ""
    """What was typed, once more: it is searched for as it is, also where it looks like a slip of another word."""

    @classmethod
    def from_query(cls, args: Mapping[str, str]) -> ResearchFilter:
        """Read a query string. Whether the category exists is known to the query that lists it."""
        q = as_typed(args.get("q", "")[:MAX_QUERY_LENGTH])
        page = args.get("page", "")
        return cls(
            q=q,
            category=args.get("category", ""),
            **{facet.name: _known(args.get(facet.name), facet.options) for facet in FACETS},
            sort=_known(args.get("sort"), sorts_for(q)) or ("relevance" if q else "newest"),
            exact=q if q and args.get("exact") == q else "",
            page=int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
        )

    @property
    def default_sort(self) -> str:
        return "relevance" if self.q else "newest"

    def query(self, **changes: str | int) -> dict[str, str | int]:
        """The query string of this state with `changes`, without what is as by default.

        Any change but that of the page leads to the first page.
        """
        state = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        values: dict[str, str | int] = {"q": state.q, **{name: getattr(state, name) for name in FACET_NAMES}}
        if state.sort != state.default_sort:
            values["sort"] = state.sort
        if state.exact and state.q:
            values["exact"] = state.exact
        if state.page > 1:
            values["page"] = state.page
        return {name: value for name, value in values.items() if value}

    @property
    def clean_query(self) -> str:
        """The query string of this very state."""
        return urlencode(self.query(page=self.page))

    def chosen_count(self, *, fixed_category: bool = False) -> int:
        """How many choices narrow the list, besides the category when the page itself is about it."""
        names = FACET_NAMES[1:] if fixed_category else FACET_NAMES
        return sum(bool(getattr(self, name)) for name in names)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or any(getattr(self, name) for name in FACET_NAMES))


def _known(value: str | None, known: Mapping[str, str]) -> str:
    return value if value and value in known else ""
