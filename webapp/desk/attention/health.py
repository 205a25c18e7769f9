"""The health check as far as it takes no time, for the first page of the desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app
from markupsafe import Markup

if TYPE_CHECKING:
    from webapp.upkeep.doctor.finding import Finding

_CODE = re.compile(r"`([^`]*)`")


class Health(NamedTuple):
    """What was found, by how bad it is."""

    faults: list[Finding]
    notes: list[Finding]
    well: list[Finding]

    @property
    def total(self) -> int:
        return sum(map(len, self))


def health() -> Health:
    from webapp.upkeep.doctor.examination import QUICK, examine  # here: nobody else on the web needs it
    from webapp.upkeep.doctor.finding import State

    found = [finding for _, finding in examine(current_app, QUICK)]
    return Health(*([one for one in found if one.state is state] for state in (State.FAULT, State.NOTE, State.WELL)))


def with_code(text: str) -> Markup:
    """A sentence in which what is to be typed stands between backticks."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(_CODE.split(text))
    )
