"""What `flask work` finds out about papers that were asked for: what they are, and whether one was withdrawn."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from tests.ask.conftest import DOI, TITLE, look, make_asked, papers, wishes
from tests.conftest import Forward, make_app
from tests.page import PageClient
from tests.scholarly.answers import notice
from tests.scholarly.server import Reply
from tests.watch.conftest import Services
from tests.watch.test_looking import FAULTS
from webapp import tasks
from webapp.ask import actions
from webapp.ask.actions import delete_old_papers, look_at_asked
from webapp.extensions import db
from webapp.models import AskedPaper
from webapp.scholarly.client import Client, shared_client
from webapp.worker import Stop, Turn

WEEK = dt.timedelta(days=7, hours=1)
YEAR = dt.timedelta(days=366)


def test_the_title_is_found_out_later(app: Flask, services: Services, client: PageClient) -> None:
    make_asked(title="")
    assert str(look(services)) == "1 paper looked at"
    paper = papers()[0]
    assert (paper.title, paper.journal, str(paper.published)) == (
        TITLE, "Journal of Cord Medicine & Care", "2024-03-09",
    )  # fmt: skip
    assert TITLE in client.page("/ask").html
    assert not look(services), "not again before a week"


def test_a_paper_that_nobody_knows_is_dropped(app: Flask, services: Services) -> None:
    make_asked("10.5555/buy-my-pills", "")
    assert look(services).unknown == 1
    assert not papers()
    assert not wishes()


def test_nothing_is_taken_from_a_paper_that_was_known_once(app: Flask, services: Services) -> None:
    make_asked("10.5555/forgotten", "A title")
    assert look(services).unknown == 1
    assert [one.title for one in papers()] == ["A title"]


def test_a_paper_that_is_withdrawn_later_is_marked_once(app: Flask, services: Services, forward: Forward) -> None:
    make_asked()
    look(services)
    services.crossref[DOI] = {"updated-by": [notice("retraction")]}
    assert not look(services)
    forward(WEEK)
    assert str(look(services)) == "1 paper looked at, 1 withdrawn"
    marked = papers()[0]
    assert (marked.withdrawn_by, marked.notice_url) == ("Crossref", "https://doi.org/10.5555/notice.1")
    assert marked.withdrawn_at
    forward(WEEK)
    services.crossref[DOI] = {}
    assert not look(services), "what was marked stays, and is asked for no more"
    assert papers()[0].withdrawn_at


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "not found"])
def test_what_cannot_be_read_changes_nothing_and_is_asked_again(
    app: Flask, services: Services, forward: Forward, fault: str
) -> None:
    make_asked()
    make_asked("10.5555/legs", "")
    services.broken = FAULTS[fault]
    report = look(services)
    assert (report.looked, report.failed) == (2, 2)
    assert [(one.title, one.withdrawn_at) for one in papers()] == [(TITLE, None), ("", None)]
    assert not look(services), "left alone for a while"
    services.broken = None
    services.crossref["10.5555/legs"] = {}
    forward(actions.SOON + dt.timedelta(minutes=1))
    assert look(services).failed == 0
    assert [one.title for one in papers()] == [TITLE, TITLE]


@pytest.mark.parametrize("value", ["retraction", None, {}, [notice(None)], 5, [notice("retraction"), 5]])
def test_a_garbled_list_withdraws_nothing(app: Flask, services: Services, value: object) -> None:
    make_asked()
    services.crossref[DOI] = {"updated-by": value}
    look(services)
    assert papers()[0].withdrawn_at is None


def test_a_run_ends_when_nobody_answers(app: Flask, services: Services) -> None:
    for number in range(5):
        make_asked(f"10.5555/{number}", "")
    services.broken = Reply(b"", 500)
    assert look(services).looked == actions.PATIENCE


def test_a_run_does_only_so_much(app: Flask, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    monkeypatch.setattr(actions, "MOST_IN_A_RUN", 3)
    for number in range(5):
        make_asked(f"10.5555/{number}", "")
        services.crossref[f"10.5555/{number}"] = {}
    assert look(services).looked <= 4
    assert look_at_asked(Client({}), lambda: True).looked == 0, "stopped before it began"


def test_what_is_answered_with_no_is_not_asked_for(app: Flask, services: Services) -> None:
    make_asked()
    db.session.execute(db.update(AskedPaper).values(answer="no"))
    db.session.commit()
    assert not look(services)


def test_a_clock_that_ran_ahead_puts_nothing_off_for_ever(app: Flask, services: Services, forward: Forward) -> None:
    make_asked()
    forward(dt.timedelta(days=4000))
    look(services)
    forward(dt.timedelta(days=-4000))
    assert look(services).looked == 1


def test_a_run_that_was_killed_lets_go(app: Flask, services: Services, forward: Forward) -> None:
    id_ = make_asked(title="")
    assert actions._hold(id_)
    assert not look(services), "another run has it"
    forward(actions.HOLD + dt.timedelta(minutes=1))
    assert look(services).looked == 1
    assert papers()[0].title == TITLE


def test_two_runs_at_once_ask_for_nothing_twice(app: Flask, services: Services, instance: Path) -> None:
    for number in range(6):
        make_asked(f"10.5555/{number}", "")
        services.crossref[f"10.5555/{number}"] = services.europepmc[f"10.5555/{number}"] = {}
    apps, start = [make_app(instance) for _ in range(2)], threading.Barrier(2)

    def run(number: int) -> int:
        with apps[number].app_context():
            start.wait()
            return look(services).looked

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 6
    for other in apps:
        with other.app_context():
            db.engine.dispose()
    assert len(services.asked) == 12
    assert {one.title for one in papers()} == {TITLE}


def test_what_nobody_looked_at_for_a_year_goes(app: Flask, forward: Forward) -> None:
    make_asked("10.5555/alone")
    make_asked("10.5555/two", voters=2)
    make_asked("10.5555/planned")
    db.session.execute(db.update(AskedPaper).where(AskedPaper.doi == "10.5555/planned").values(answer="planned"))
    db.session.commit()
    forward(YEAR / 2)
    assert delete_old_papers() == 0
    forward(YEAR / 2)
    make_asked("10.5555/new")
    assert delete_old_papers() == 1
    assert [one.doi for one in papers()] == ["10.5555/two", "10.5555/planned", "10.5555/new"]
    assert len(wishes()) == 4


def test_what_no_service_told_of_goes_after_a_month(app: Flask, forward: Forward) -> None:
    make_asked(title="", voters=3)
    forward(dt.timedelta(days=31))
    assert delete_old_papers() == 1


def test_it_is_done_by_the_clock(app: Flask, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    make_asked(title="")
    app.config.update(CROSSREF_URL=services.url, EUROPEPMC_URL=services.url)
    with Stop() as stop:
        report = tasks.look_up_asked(Turn(stop))
    shared_client(app.config).close()
    assert str(report) == "1 paper looked at"
    assert papers()[0].title == TITLE
