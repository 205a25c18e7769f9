"""Whether the site itself runs well."""

from __future__ import annotations

from webapp.desk.attention.lines.line import Line
from webapp.desk.attention.waiting import Attention
from webapp.formats import long_date, plural


def health(of: Attention) -> Line | None:
    faults = of.health.faults
    if not faults:
        return None
    more = f" {plural(len(faults) - 1, 'more fault was', 'more faults were')} found." if len(faults) > 1 else ""
    return Line("Health check", faults[0].says.replace("`", "") + more, "#health", "See the health check")


def mail_given_up(of: Attention) -> Line | None:
    if not of.given_up.number:
        return None
    number, day = of.given_up.number, long_date(of.given_up.since) if of.given_up.since else ""
    when = f"on {day}" if number == 1 else f"the first on {day}"
    sentence = f"{plural(number, 'mail')} could not be delivered, {when}."
    return Line("Mail given up", sentence, "#given-up", "See what to do about it")
