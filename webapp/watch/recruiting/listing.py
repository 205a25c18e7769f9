"""Trials of a search as they are kept, and as readers see them. Pure: nothing is asked, read or saved here."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.editorial.dates import PartialDate
from webapp.formats import plural
from webapp.models import TrialSearch
from webapp.scholarly.trial_search import OPEN, FoundTrial, search_page, trial_page

YEARS_CONFIRMED = 2
"""For so long the word of those who run a trial counts. The registry itself does it so."""
CURRENT = dt.timedelta(days=14)
"""A list is shown as one of today until nobody could look for so long."""
MOST_COUNTRIES = 6
"""Countries of a trial that are named in a list."""
_LISTED_AS = {OPEN: "listed as open"}
"""In plain words; whatever else is asked for is not open yet."""
Kept = dict[str, Any]
"""A trial in JSON, with the fields of FoundTrial; dates as ISO text."""


def kept(trial: FoundTrial) -> Kept:
    dates = {name: str(getattr(trial, name) or "") for name in ("changed", "verified")}
    return {**vars(trial), "countries": list(trial.countries), **dates}


@dataclass(frozen=True)
class ListedTrial:
    """A trial as readers see it."""

    number: str
    title: str
    status: str
    """As which the registry lists it, in plain words; empty where nobody has confirmed it for long: it is not told as
    open then.
    """
    is_unconfirmed: bool
    """Whether the registry says that it was confirmed, but longer ago than YEARS_CONFIRMED."""
    countries: tuple[str, ...]
    ages: str
    changed: str

    @property
    def url(self) -> str:
        return trial_page(self.number)

    def places(self, chosen: str = "") -> str:
        """Its countries in words; of many only the first ones, and among them the one that a reader chose."""
        countries = sorted(self.countries, key=lambda country: country != chosen)
        rest = len(countries) - MOST_COUNTRIES
        named = [*countries[:MOST_COUNTRIES], plural(rest, "more country", "more countries")]
        first, last = (named[:-1], named[-1]) if rest > 0 else (countries[:-1], countries[-1])
        comma = "; " if any("," in country for country in countries) else ", "  # Korea, Republic of
        return " and ".join(filter(None, [comma.join(first), last]))


@dataclass(frozen=True)
class Recruiting:
    """What readers see of a search."""

    total: int
    trials: list[ListedTrial]
    """Those that are confirmed first, and then in the order of the registry: changed last, listed first. None, where
    that is not the list of today.
    """
    left_out: int
    """How many of those that the registry listed the owner keeps off."""
    answered_at: dt.datetime
    is_late: bool
    """Whether nobody could look for so long that it is not shown as the list of today."""
    condition: str
    words: str

    @property
    def url(self) -> str:
        """The same search in the registry."""
        return search_page(self.condition, self.words)

    @property
    def countries(self) -> list[str]:
        return sorted({country for trial in self.trials for country in trial.countries})

    def in_country(self, country: str) -> list[ListedTrial]:
        """Those with a place in a country; all of them where none is named."""
        return [trial for trial in self.trials if not country or country in trial.countries]


def recruiting(search: TrialSearch, hidden: Collection[str], now: dt.datetime) -> Recruiting | None:
    """What readers see of a search; None while it is not approved."""
    if search.live_condition is None or search.live_words is None or not search.answered_at:
        return None
    trials = [listed(trial, search.answered_at.date()) for trial in search.trials if trial["number"] not in hidden]
    is_too_old = is_late(search, now)
    return Recruiting(
        total=search.total or 0,
        trials=[] if is_too_old else sorted(trials, key=lambda trial: not trial.status),
        left_out=len(search.trials) - len(trials),
        answered_at=search.answered_at,
        is_late=is_too_old,
        condition=search.live_condition,
        words=search.live_words,
    )


def is_late(search: TrialSearch, now: dt.datetime) -> bool:
    return bool(search.answered_at and search.answered_at < now - CURRENT)


def listed(trial: Mapping[str, Any], today: dt.date) -> ListedTrial:
    """A trial that is kept, as it stands on the day on which the registry was asked."""
    verified = PartialDate.parse(trial["verified"]) if trial["verified"] else None
    verified = verified if verified and verified.year <= today.year + 1 else None  # nobody saw a day so far ahead
    is_confirmed = verified is not None and _last_day(verified) >= _years_before(today)
    status = _LISTED_AS.get(trial["status"], "listed as not open yet")
    return ListedTrial(
        number=trial["number"],
        title=trial["title"],
        status=status if is_confirmed else "",
        is_unconfirmed=verified is not None and not is_confirmed,
        countries=tuple(trial["countries"]),
        ages=ages_in_words(trial["youngest"], trial["oldest"]),
        changed=trial["changed"],
    )


def ages_in_words(youngest: str | None, oldest: str | None) -> str:
    """Who may join by age; empty where it is not known. No limit is text without letters."""
    if youngest is None or oldest is None:
        return ""
    if not youngest and not oldest:
        return "people of any age"
    if not oldest:
        return f"people from {youngest} of age"
    if not youngest:
        return f"people up to {oldest} of age"
    (least, unit), (_, other) = youngest.split(), oldest.split()
    return f"people from {least if unit == other else youngest} to {oldest} of age"


def _last_day(date: PartialDate) -> dt.date:
    month = date.month or 12
    return dt.date(date.year, month, date.day or calendar.monthrange(date.year, month)[1])


def _years_before(day: dt.date) -> dt.date:
    return day.replace(year=day.year - YEARS_CONFIRMED, day=min(day.day, 28))
