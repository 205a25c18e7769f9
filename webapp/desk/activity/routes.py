"""The activity log: read here, and changed by nobody."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from flask import Blueprint, render_template, request

from webapp.desk.activity import queries
from webapp.models import Activity

bp = Blueprint("activity", __name__, url_prefix="/activity")
MOST_PAGES = 10_000


@bp.get("")
def index() -> str:
    names = queries.names()
    who = request.args.get("who") if request.args.get("who") in names else None
    page = min(max(request.args.get("page", 1, int), 1), MOST_PAGES)
    rows, has_more = queries.activities(who, page)
    days = [(day, list(some)) for day, some in groupby(rows, _day)]
    return render_template("desk/activity/index.html", days=days, has_more=has_more, names=names, who=who, page=page)


def _day(activity: Activity) -> dt.date:
    return activity.at.date()
