"""The desk says what the registry said of each trial, and the owner can have it asked at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import counted
from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient, words
from tests.scholarly.answers import TRIAL
from tests.scholarly.server import Reply, serving
from tests.watch.conftest import hurried
from tests.watch.trials.conftest import OTHER, Registry, says, trial
from tests.watch.trials.making import hear
from webapp import clock
from webapp.extensions import db
from webapp.models import Activity, WatchedTrial
from webapp.watch.holding import HOLD
from webapp.watch.trials.answers import Said

MISSING = Said(problem="has no trial with this number.", asks="missing")
PLACE = f"/desk/watch/trials/{int(TRIAL[3:])}"


@pytest.fixture(autouse=True)
def _walk(mira: PageClient) -> None:
    make_categories()
    make_summary("walk", title="Does walking help?", study={"registrations": [TRIAL, "ISRCTN12345678"]})


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """The registry, which the desk asks without waiting."""
    with serving(Registry()) as registry:
        assert isinstance(registry, Registry)
        client = hurried(registry.url)
        monkeypatch.setattr("webapp.desk.trials.routes.shared_client", lambda _: client)
        registry.forget = client._kept.clear  # type: ignore[attr-defined]
        yield registry
        client.close()


def said(page: Page) -> str:
    return words(page.one("main"))


def rows(client: PageClient) -> list[str]:
    return client.page("/desk/watch/trials").texts("main .desk-rows > li")


def line(client: PageClient) -> str:
    return " ".join(text for text in client.page("/desk/").texts("main li") if "named in summaries" in text)


def press(client: PageClient, place: str) -> Page:
    form = f"form[action='{place}']"
    response = client.post(place, data=client.page(PLACE).values(form))
    assert response.status_code == 303
    return client.page(response.location)


def test_the_list_says_what_each_trial_is_and_when_was_looked(mira: PageClient) -> None:
    [row] = rows(mira)
    assert "Not known yet." in row
    assert "Nobody has looked yet." in row
    assert "ClinicalTrials.gov: has not answered yet." in said(mira.page("/desk/watch/trials"))
    hear("RECRUITING")
    [row] = rows(mira)
    assert f"{TRIAL}: WALK: Stimulation of the Spinal Cord" in row
    assert "This trial looks for people now." in row
    assert "Does walking help?" in row
    assert "No trial waits for you." in said(mira.page("/desk/watch/trials"))
    assert not line(mira)


def test_a_number_that_is_not_there_waits_until_the_owner_has_looked(mira: PageClient) -> None:
    make_summary("stand", study={"registrations": [OTHER]})
    hear("RECRUITING")
    hear("", OTHER, said=MISSING)
    assert OTHER in rows(mira)[0], "what waits comes first"
    assert "has no trial with this number. " in rows(mira)[0]
    assert f"The registry knows no trial {OTHER}, which a summary names." in line(mira)
    hear("", said=MISSING)
    assert "1 more trial waits." in line(mira)
    assert "2 trials wait for you." in said(mira.page("/desk/watch/trials"))
    page = press(mira, PLACE)
    assert "It is noted that you have looked at it." in said(page)
    assert "1 trial waits for you." in said(page)
    assert "I have looked at it" not in said(mira.page(PLACE))
    assert "has no trial with this number." in said(mira.page(PLACE))
    assert f"Looked at what became of the trial {TRIAL}." in db.session.scalars(db.select(Activity.what)).all()
    hear("", said=MISSING)
    assert f"knows no trial {TRIAL}" not in line(mira), "what was looked at does not wait again"


@pytest.mark.parametrize("asks", ["moved", "unknown", "silent"])
def test_each_thing_that_waits_has_its_words(mira: PageClient, asks: str) -> None:
    hear("", said=Said(problem="said something.", asks=asks))
    assert TRIAL in line(mira)
    assert "I have looked at it" in said(mira.page(PLACE))


def test_the_registry_is_asked_at_once(mira: PageClient, registry: Registry) -> None:
    says(registry, "RECRUITING")
    page = press(mira, f"{PLACE}/look")
    assert "The registry was asked just now." in said(page)
    assert "This trial looks for people now." in said(page)
    assert trial().status == "RECRUITING"
    assert db.session.scalars(db.select(Activity.what)).all()[-1] == f"Had the registry asked about the trial {TRIAL}."
    registry.broken = Reply({}, 500)
    registry.forget()  # type: ignore[attr-defined]
    assert "It did not answer." in said(press(mira, f"{PLACE}/look"))
    assert trial().status == "RECRUITING"
    trial().held_until = clock.now() + HOLD
    db.session.commit()
    assert "are being looked at already" in said(press(mira, f"{PLACE}/look"))


def test_what_readers_were_told_stands_there(mira: PageClient) -> None:
    hear("RECRUITING", days_ago=3)
    hear("COMPLETED", days_ago=1)
    hear("COMPLETED")
    assert "from “open: people can take part” to “finished”" in said(mira.page(PLACE))


def test_what_no_summary_names_is_no_page(mira: PageClient) -> None:
    hear("RECRUITING", OTHER)
    for digits in (int(OTHER[3:]), 0, 10**30):
        assert mira.get(f"/desk/watch/trials/{digits}").status_code == 404


def test_more_trials_need_no_more_statements(app: Flask, mira: PageClient) -> None:
    def statements() -> int:
        with counted(app) as sent:
            mira.page("/desk/watch/trials")
        return len(sent)

    hear("RECRUITING")
    few = statements()
    make_summary("many", study={"registrations": [f"NCT0888{number:04}" for number in range(30)]})
    assert statements() == few
    assert db.session.scalar(db.select(db.func.count(WatchedTrial.number))) == 1
    assert len(rows(mira)) == 25
