"""A day and a time as somebody types them, in a named zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from webapp import clock


class TimeError(Exception):
    """Not a time at which something can be published. The text is the sentence for who typed it."""


def moment(day: str, time: str, zone: str) -> dt.datetime:
    """The moment in UTC. Raises TimeError for what is no time, is past, or is skipped by the clocks there."""
    try:
        local = dt.datetime.combine(dt.date.fromisoformat(day.strip()), dt.time.fromisoformat(time.strip()))
        if local.tzinfo:  # 09:00+02:00
            raise ValueError("the zone has a field of its own")
    except ValueError:
        raise TimeError("Please write the day like 2026-12-01 and the time like 09:00.") from None
    place = _place(zone)
    if place is None:
        raise TimeError("This is not the name of a zone. Names are like Europe/Berlin, America/New_York or UTC.")
    try:
        found = local.replace(tzinfo=place).astimezone(dt.UTC)
        is_there = found.astimezone(place).replace(tzinfo=None) == local
    except OverflowError:  # at an end of the calendar
        raise TimeError("No calendar goes as far as that. Please choose an earlier day.") from None
    if not is_there:
        raise TimeError("The clocks skip this time on that day. Please choose another.")
    if found <= clock.now():
        raise TimeError("This time is past. Please choose a coming one, or publish now.")
    return found


def _place(zone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_or_utc(zone: str) -> str:
    """The zone of an address; UTC where that names none."""
    place = _place(zone)
    return place.key if place else "UTC"


def in_words(at: dt.datetime, zone: str = "UTC") -> str:
    """Monday 30 November 2026, 07:00 (Europe/Berlin; 06:00 UTC)."""
    local = at.astimezone(ZoneInfo(zone))
    words = f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
    return f"{words} UTC" if zone == "UTC" else f"{words} ({zone}; {at.astimezone(dt.UTC):%H:%M} UTC)"
