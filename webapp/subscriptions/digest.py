"""The letter itself: when the next one is due, and how a summary stands in it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.models import Summary
from webapp.urls import address_of

LATE = dt.timedelta(days=31)
"""How far back before the last letter to look for summaries that came in late."""


def newest_last_letter(frequency: str, today: dt.date) -> dt.datetime:
    """A last letter before this time makes a new one due: seven days, or a month, by the calendar and in UTC.

    Whole days are counted, so that a letter sent at nine does not slip to later every week.
    """
    if frequency == "weekly":
        day = today - dt.timedelta(days=7)
    else:
        year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
        day = dt.date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)


@dataclass(frozen=True)
class Item:
    """One summary in a letter, in words; the text and the HTML part say all of it."""

    title: str
    address: str
    flag: str
    stage: str
    level: str
    caution: str
    description: str


def items(summaries: Iterable[Summary]) -> list[Item]:
    return [_item(summary) for summary in summaries]


def _item(summary: Summary) -> Item:
    study, evidence = summary.study, summary.study.evidence
    flag = "Corrected after it came out." if study.is_corrected else ""
    level = f"step {evidence.level} of 5." if evidence.level else f"none. {evidence.off_ladder}"
    return Item(
        title=summary.title,
        address=address_of("research.show", slug=summary.slug),
        flag="Retracted: do not rely on this study." if study.is_retracted else flag,
        stage=f"Stage: {evidence.stage.label}." if evidence.stage else f"Stage: none. {evidence.off_road}",
        level=f"Evidence level: {level}",
        caution=evidence.caution,
        description=summary.description,
    )
