"""Trials of which the registry told, without anybody being asked."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import select

from tests.scholarly.answers import TRIAL, study
from webapp import clock
from webapp.extensions import db
from webapp.models import WatchedTrial
from webapp.scholarly.trials import Trial, _trial
from webapp.watch.trials.answers import Said
from webapp.watch.trials.judging import judge

EMPTY = dict.fromkeys(("status", "told_status", "problem", "asks", "seen", "shown_digest"), "")


def modules_of(status: str, *, verified: str | None = None, updated: str = "2026-05-02", **more: Any) -> dict[str, Any]:
    """The modules of a record with this status. `verified`: this month, where nothing is said."""
    state = {
        "overallStatus": status,
        "statusVerifiedDate": verified or f"{clock.today():%Y-%m}",
        "lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"},
    }
    return {"statusModule": state, **more}


def record(status: str, number: str = TRIAL, **facts: Any) -> Trial:
    """What is read of such a record."""
    named = {"identificationModule": {"nctId": number, "briefTitle": "WALK: Stimulation of the Spinal Cord"}}
    return _trial(json.dumps(study(**{**named, **modules_of(status, **facts)})).encode())


def hear(status: str, number: str = TRIAL, *, days_ago: float = 0, said: Said | None = None, **facts: Any) -> None:
    """The registry says so of a trial; or it says something else (`said`)."""
    if db.session.scalar(select(WatchedTrial.number).where(WatchedTrial.number == number)) is None:
        db.session.add(WatchedTrial(number=number, **EMPTY))
        db.session.commit()
    now = clock.now() - dt.timedelta(days=days_ago)
    judge(db.session(), number, said or Said(record(status, number, **facts)), now)
    db.session.commit()
