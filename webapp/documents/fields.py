"""What a field of a document can hold: texts, slugs, dates, numbers, each with its bounds."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from webapp.editorial.dates import PartialDate
from webapp.editorial.designs import DESIGNS

MAX_TEXT_LENGTH = 20_000
"""Characters of one field or section. The page is drawn from it at each request, so it has to have an end."""
FIRST_YEAR, LAST_YEAR = 1800, 2999
"""The years that a date can lie in; others are slips of the hand."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_LENGTH)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=70)]
Doi = Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
"""A number of people or things. `true`, 40.0 and "40" are none."""
AtLeastOne = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]


def _paper_date(value: object) -> PartialDate:
    date = PartialDate.parse(value)
    _in_range(date.year)
    return date


def _page_date(value: object) -> object:
    """A day. Without this a number would be taken for the seconds since 1970."""
    if isinstance(value, str | bool | int | float) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        raise ValueError("write a day such as 2024-03-06")
    if isinstance(value, dt.date):
        _in_range(value.year)
    return value


def _in_range(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"write a year between {FIRST_YEAR} and {LAST_YEAR}")


def _amount(value: object) -> Decimal:
    """A measured number, with the digits that were written: 1.10 is not 1.1."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", str(value)):
        raise ValueError("write a number such as 4.8 or -1.11")
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError("write a number such as 4.8 or -1.11") from None


def _known_design(key: object) -> object:
    if not isinstance(key, str) or key not in DESIGNS:
        raise ValueError("use one of: " + ", ".join(DESIGNS))
    return key


def _known_phase(phase: object) -> str:
    # The stage is derived from it, so "Phase I" must not pass for something later than "1".
    if not re.fullmatch(r"[0-4][ab]?(/[0-4][ab]?)?", str(phase)):
        raise ValueError("write the phase as 1, 1/2, 2b or 3")
    return str(phase)


Date = Annotated[PartialDate, BeforeValidator(_paper_date), PlainSerializer(str)]
Day = Annotated[dt.date, BeforeValidator(_page_date)]
Amount = Annotated[Decimal, BeforeValidator(_amount), PlainSerializer(str)]
DesignKey = Annotated[str, BeforeValidator(_known_design)]
TrialPhase = Annotated[str, BeforeValidator(_known_phase)]


class Schema(BaseModel):
    """Unknown fields are faults: most are misspelled known ones."""

    model_config = ConfigDict(
        extra="forbid", coerce_numbers_to_str=True, arbitrary_types_allowed=True, use_enum_values=True, frozen=True
    )
