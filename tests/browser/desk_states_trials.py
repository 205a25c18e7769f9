"""More rows of the table in desk_states.py: the trials that summaries name."""

from __future__ import annotations

from werkzeug.test import TestResponse

from tests.browser.desk_states import Desk, state, summary
from tests.factories import make_categories, make_summary
from tests.scholarly.answers import TRIAL
from tests.watch.trials.making import hear
from webapp.watch.trials.answers import Said

MISSING = Said(problem="has no trial with this number.", asks="missing")


def _place() -> str:
    """Where the desk shows the trial of a summary."""
    make_categories("hand-and-arm-use")
    make_summary(study={"registrations": [TRIAL]})
    return f"/desk/watch/trials/{int(TRIAL[3:])}"


@state("desk.trials.index", "no trial yet")
def _(desk: Desk) -> TestResponse:
    summary()
    return desk.get("/desk/watch/trials")


@state("desk.trials.index", "many, and one that was looked at a moment ago")
def _(desk: Desk) -> TestResponse:
    make_categories("hand-and-arm-use")
    make_summary(study={"registrations": [f"NCT0888{number:04}" for number in range(30)]})
    hear("RECRUITING", "NCT08880001")
    hear("", "NCT08880002", said=MISSING)
    hear("", "NCT08880003", said=Said(problem="told of another trial: NCT09990001.", asks="moved"))
    place = "/desk/watch/trials/8880002"
    return desk.get(desk.sent(place, form=f"form[action='{place}']").location)


@state("desk.trials.show", "nobody has looked yet")
def _(desk: Desk) -> TestResponse:
    return desk.get(_place())


@state("desk.trials.show", "told to readers, and gone since")
def _(desk: Desk) -> TestResponse:
    place = _place()
    for status, days_ago in (("RECRUITING", 3), ("COMPLETED", 2), ("COMPLETED", 1)):
        hear(status, days_ago=days_ago)
    hear("", said=MISSING)
    return desk.get(f"{place}?said=looked")


@state("desk.trials.show", "another run is at it")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{_place()}?said=busy")
