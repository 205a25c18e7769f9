"""The one reader of the clock."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from webapp import clock


def test_now_is_in_utc_and_today_is_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clock.now().tzinfo is dt.UTC
    late = dt.datetime(2026, 3, 6, 23, 59, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert clock.today() == dt.date(2026, 3, 6)


def test_the_steady_clock_does_not_care_what_the_time_is_set_to(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.steady()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0 <= clock.steady() - before < 60
