"""What readers are told of a trial, from what the registry said last: never more than it said, or than can be known.

A trial is open only where the registry says so, somebody confirmed it within two years, and we could look within a
month. Whom to ask is told of no other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from typing import Literal

from webapp.editorial.dates import PartialDate
from webapp.editorial.trials import SENTENCES, UNCONFIRMED, listed_as
from webapp.models import WatchedTrial
from webapp.watch.trials.criteria import Block, blocks
from webapp.watch.trials.records import Person, Place, Record
from webapp.watch.trials.registries import nct_url

Standing = Literal["open", "soon", "invited", "closed", "unsure"]
OPEN: dict[str, Standing] = {"RECRUITING": "open", "NOT_YET_RECRUITING": "soon", "ENROLLING_BY_INVITATION": "invited"}
LOOKED_WITHIN = dt.timedelta(days=30)
CONFIRMED_WITHIN = 2
"""Years."""
_SEXES = {"ALL": "Women and men", "FEMALE": "Women only", "MALE": "Men only"}
_LONG = 600
"""Characters; a longer text is folded."""


@dataclass(frozen=True)
class ShownTrial:
    """One trial on the page of a summary. Of one that nobody can join there is the sentence alone."""

    number: str
    url: str
    standing: Standing
    sentence: str
    looked_on: dt.date
    title: str = ""
    verified: PartialDate | None = None
    """The month in which those who run it last said that the record is right."""
    updated: PartialDate | None = None
    countries: list[str] = field(default_factory=list)
    contacts: list[Person] = field(default_factory=list)
    sites: list[Place] = field(default_factory=list)
    """Of one that looks for people now."""
    site_count: int = 0
    criteria: list[Block] = field(default_factory=list)
    is_long: bool = False
    is_cut: bool = False
    age: str = ""
    sex: str = ""
    healthy: bool | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody may join, now or soon."""
        return self.standing not in {"closed", "unsure"}


def shown(trial: WatchedTrial, now: dt.datetime) -> ShownTrial | None:
    """What readers are told now; None while the registry has not said anything that could be read."""
    if trial.record is None or trial.answered_at is None:
        return None
    record: Record = trial.record  # type: ignore[assignment]
    standing, sentence = _standing(trial, record, now)
    found = ShownTrial(trial.number, nct_url(trial.number), standing, sentence, trial.answered_at.date())
    return _with_details(found, record) if found.is_open else found


def is_open(trial: WatchedTrial, now: dt.datetime) -> bool:
    """Whether readers are told now that somebody may join."""
    found = shown(trial, now)
    return found is not None and found.is_open


def digest(shown: ShownTrial | None) -> str:
    """Differs when readers are told something else, but for the day of the last look."""
    told = repr(replace(shown, looked_on=dt.date.min)) if shown else ""
    return hashlib.sha256(told.encode()).hexdigest()


def _standing(trial: WatchedTrial, record: Record, now: dt.datetime) -> tuple[Standing, str]:
    sentence = SENTENCES[trial.status]
    if trial.status not in OPEN:
        return "unsure" if trial.status == "UNKNOWN" else "closed", sentence
    said = f"The registry lists this trial as {listed_as(trial.status)}."
    verified = _date(record["verified"])
    if verified is None or verified.year > now.year + 1:  # a day so far ahead is none that anybody saw
        return "unsure", f"{said} It does not say when somebody last confirmed this."
    if (verified.year + CONFIRMED_WITHIN, verified.month or 12) < (now.year, now.month):
        return "unsure", f"{said} {UNCONFIRMED}"
    if trial.answered_at and trial.answered_at < now - LOOKED_WITHIN:
        return "unsure", f"{said} We could not look again for a month: this may have changed."
    return OPEN[trial.status], sentence


def _with_details(trial: ShownTrial, record: Record) -> ShownTrial:
    looks = trial.standing == "open"
    return replace(
        trial,
        title=record["title"],
        verified=_month(_date(record["verified"])),
        updated=_date(record["updated"]),
        countries=record["countries"],
        contacts=record["contacts"] if trial.standing != "invited" else [],
        sites=record["sites"] if looks else [],
        site_count=record["site_count"] if looks else 0,
        criteria=blocks(record["criteria"]),
        is_long=len(record["criteria"]) > _LONG,
        is_cut=record["is_cut"],
        age=age_words(record["minimum_age"], record["maximum_age"]),
        sex=_SEXES.get(record["sex"], ""),
        healthy=record["healthy"],
    )


def _date(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _month(date: PartialDate | None) -> PartialDate | None:
    return PartialDate(date.year, date.month) if date else None


def age_words(youngest: str, oldest: str) -> str:
    """The limits of age for readers. A limit that is not named is none."""
    youngest, oldest = youngest.lower(), oldest.lower()
    if youngest and oldest:
        number, _, unit = youngest.partition(" ")
        return f"From {number if oldest.endswith(f' {unit}') else youngest} to {oldest}"
    if youngest:
        return f"{youngest} and older"
    return f"Up to {oldest}" if oldest else "The registry names no limit"
